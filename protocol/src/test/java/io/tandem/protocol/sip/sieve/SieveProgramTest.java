package io.tandem.protocol.sip.sieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.sip.defence.Cidr;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SieveProgramTest {
  private static final String REST = " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n";
  private static final String CALLER = "192.0.2.1";
  private static final Openness NOBODY = new Openness(0, 0);
  private static final Openness CARRIERS = new Openness(1, 0);

  private final Random random = new Random(3);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INVITE sip:12125550100@192.0.2.7",
        "INVITE sips:12125550100@192.0.2.7",
        "INVITE tel:+12125550100",
        "INVITE sip:tandemx@192.0.2.7",
        "INVITE sip:tande@192.0.2.7:5060",
        "INVITE sip:9110@192.0.2.7",
        "REGISTER sip:192.0.2.7"
      })
  void what_opens_something_can_be_dropped(String begin) {
    assertThat(keeps(NOBODY, CALLER, begin + REST)).isFalse();
    assertThat(keeps(new Openness(1, 0.999999), CALLER, begin + REST)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INVITE sip:tandem@192.0.2.7:5060",
        "INVITE sip:911@192.0.2.7",
        "INVITE sip:112@192.0.2.7",
        "INVITE sip:988@192.0.2.7",
        "INVITE sip:999@192.0.2.7",
        "INVITE sip:000@192.0.2.7",
        "INVITE urn:service:sos.fire",
        "BYE sip:tandem@192.0.2.7:5060",
        "BYE sip:12125550100@192.0.2.7",
        "ACK sip:12125550100@192.0.2.7",
        "CANCEL sip:12125550100@192.0.2.7",
        "PRACK sip:tandem@192.0.2.7",
        "OPTIONS sip:192.0.2.7",
        "INVITES sip:12125550100@192.0.2.7",
        "invite sip:12125550100@192.0.2.7",
        "SIP/2.0 200 OK",
        "\r\n\r\n"
      })
  void what_has_begun_what_calls_for_help_and_what_is_no_opening_never_is(String begin) {
    assertThat(keeps(NOBODY, CALLER, begin + REST)).isTrue();
  }

  @Test
  void a_datagram_of_any_length_ends_where_it_ends() {
    byte[] whole = ("INVITE sip:tandem@192.0.2.7" + REST).getBytes(StandardCharsets.US_ASCII);
    for (int length = 0; length <= whole.length; length++) {
      String cut = new String(whole, 0, length, StandardCharsets.US_ASCII);
      assertThat(keeps(NOBODY, CALLER, cut)).as("%d octets", length).isTrue();
    }
  }

  @Test
  void as_many_come_through_as_the_share_says() {
    for (double share : new double[] {0.01, 0.3, 0.75}) {
      int kept = 0;
      for (int i = 0; i < 20_000; i++) {
        kept += keeps(new Openness(share, share), CALLER, "INVITE sip:1@h" + REST) ? 1 : 0;
      }
      assertThat(kept / 20_000.0).isBetween(share - 0.02, share + 0.02);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "198.51.100.17, true",
    "198.51.100.31, true",
    "198.51.100.32, false",
    "198.51.101.17, false",
    "203.0.113.5,   true",
    "203.0.113.4,   false",
    "2001:db8:1::7, true",
    "2001:db8:2::7, false",
    "2001:db9::1,   true",
    "2001:db9::2,   false",
  })
  void those_who_are_trusted_have_a_share_of_their_own(String source, boolean trusted) {
    assertThat(keeps(CARRIERS, source, "INVITE sip:1@h" + REST)).isEqualTo(trusted);
    assertThat(keeps(CARRIERS, source, "REGISTER sip:192.0.2.7" + REST)).isEqualTo(trusted);
    assertThat(keeps(CARRIERS, source, "BYE sip:1@h" + REST)).isTrue();
  }

  @Test
  void who_trusts_everybody_writes_a_program_too() {
    assertThat(keeps(CARRIERS, List.of(range("0.0.0.0/0")), "192.0.2.1", "INVITE sip:1@h" + REST))
        .isTrue();
  }

  @Test
  void a_thousand_trusted_ranges_still_make_a_program() {
    List<Cidr> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(range("10." + i / 250 + "." + i % 250 + ".0/24"));
    }
    assertThat(keeps(CARRIERS, many, "10.0.3.9", "INVITE sip:1@h" + REST)).isTrue();
    assertThat(keeps(CARRIERS, many, "10.3.249.9", "INVITE sip:1@h" + REST))
        .as("out of reach: as a stranger")
        .isFalse();
  }

  /** Jumps reach over 255 instructions and no farther. */
  @Test
  void a_dozen_long_numbers_and_a_thousand_ranges_still_make_a_program() {
    List<Cidr> many = new ArrayList<>();
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(range("2001:db8:" + Integer.toHexString(i) + "::/96"));
    }
    for (int i = 0; i < Sifted.NUMBERS_MAX; i++) {
      numbers.add(Integer.toString(12_345_600 + i));
    }
    List<Instruction> program =
        SieveProgram.of(Sifted.opening(numbers), many, CARRIERS).instructions();
    assertThat(program).hasSizeGreaterThan(150);
    assertThatThrownBy(() -> Sifted.opening(List.of("123456789")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private boolean keeps(Openness open, String source, String payload) {
    List<Cidr> trusted =
        List.of(
            range("198.51.100.16/28"),
            range("203.0.113.5"),
            range("2001:db8:1::/48"),
            range("2001:db9::1"));
    return keeps(open, trusted, source, payload);
  }

  private boolean keeps(Openness open, List<Cidr> trusted, String source, String payload) {
    byte[] text = payload.getBytes(StandardCharsets.US_ASCII);
    byte[] udp = new byte[8 + text.length];
    System.arraycopy(text, 0, udp, 8, text.length);
    return FilterMachine.keeps(
        SieveProgram.of(
                Sifted.opening(List.of("911", "112", "933", "988", "999", "000")), trusted, open)
            .instructions(),
        header(range(source).first()),
        udp,
        random);
  }

  /** Version and source, the rest empty. */
  private static byte[] header(InetAddress source) {
    byte[] address = source.getAddress();
    byte[] header = new byte[address.length == 4 ? 20 : 40];
    header[0] = (byte) (address.length == 4 ? 0x45 : 0x60);
    System.arraycopy(address, 0, header, address.length == 4 ? 12 : 8, address.length);
    return header;
  }

  private static Cidr range(String text) {
    return Cidr.parse(text).orElseThrow();
  }
}

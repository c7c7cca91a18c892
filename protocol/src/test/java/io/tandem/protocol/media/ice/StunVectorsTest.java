package io.tandem.protocol.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The sample messages of RFC 5769. */
class StunVectorsTest {
  private static final StunKey KEY = new StunKey("VOkJxbRl1RmTxUk/WvJxBt");
  private static final String REQUEST =
      "000100582112a442b7e7a701bc34d686fa87dfae"
          + "802200105354554e207465737420636c69656e74"
          + "002400046e0001ff"
          + "80290008932ff9b151263b36"
          + "000600096576746a3a68367659202020"
          + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
          + "80280004e57a3bcf";
  private static final String RESPONSE_IPV4 =
      "0101003c2112a442b7e7a701bc34d686fa87dfae"
          + "8022000b7465737420766563746f7220"
          + "002000080001a147e112a643"
          + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
          + "80280004c07d4c96";
  private static final String RESPONSE_IPV6 =
      "010100482112a442b7e7a701bc34d686fa87dfae"
          + "8022000b7465737420766563746f7220"
          + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
          + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
          + "80280004c8fb0b4c";

  private static final String REQUEST_LONG_TERM =
      "000100602112a44278ad3433c6ad72c029da412e"
          + "00060012e3839ee38388e383aae38383e382afe382b90000"
          + "0015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341"
          + "0014000b6578616d706c652e6f726700"
          + "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666";

  @Test
  void the_request_is_read_and_proven() {
    StunMessage request = StunMessage.read(hex(REQUEST)).orElseThrow();
    assertThat(request.type()).isEqualTo(StunMessage.BINDING_REQUEST);
    assertThat(request.text(StunAttribute.SOFTWARE)).isEqualTo("STUN test client");
    assertThat(request.text(StunAttribute.USERNAME)).isEqualTo("evtj:h6vY");
    assertThat(request.value(StunAttribute.PRIORITY)).isEqualTo(hex("6e0001ff"));
    assertThat(request.has(StunAttribute.ICE_CONTROLLED)).isTrue();
    assertThat(request.fingerprintHolds()).isTrue();
    assertThat(request.integrityHolds(KEY)).isTrue();
    assertThat(request.integrityHolds(new StunKey("VOkJxbRl1RmTxUk/WvJxBu"))).isFalse();
  }

  @Test
  void the_responses_are_proven_and_written_octet_for_octet() throws UnknownHostException {
    for (String vector : new String[] {RESPONSE_IPV4, RESPONSE_IPV6}) {
      StunMessage response = StunMessage.read(hex(vector)).orElseThrow();
      assertThat(response.fingerprintHolds()).isTrue();
      assertThat(response.integrityHolds(KEY)).isTrue();
    }
    assertThat(mapped(RESPONSE_IPV4, "192.0.2.1")).isTrue();
    assertThat(mapped(RESPONSE_IPV6, "2001:db8:1234:5678:11:2233:4455:6677")).isTrue();
  }

  /** Our writer's address attribute stands in the vector, octet for octet. */
  private static boolean mapped(String vector, String host) throws UnknownHostException {
    StunMessage response = StunMessage.read(hex(vector)).orElseThrow();
    byte[] ours =
        new StunWriter(StunMessage.BINDING_SUCCESS, response.transactionId())
            .xorMappedAddress(new InetSocketAddress(InetAddress.getByName(host), 32853))
            .fingerprinted();
    return Arrays.equals(
        StunMessage.read(ours).orElseThrow().value(StunAttribute.XOR_MAPPED_ADDRESS),
        response.value(StunAttribute.XOR_MAPPED_ADDRESS));
  }

  /**
   * RFC 5769 2.4: long-term credentials, which ICE does not use; the name is not ASCII, the
   * password is what SASLprep made of it.
   */
  @Test
  void a_request_with_long_term_credentials_is_read_and_proven() throws Exception {
    StunMessage request = StunMessage.read(hex(REQUEST_LONG_TERM)).orElseThrow();
    assertThat(request.type()).isEqualTo(StunMessage.BINDING_REQUEST);
    String user = "\u30de\u30c8\u30ea\u30c3\u30af\u30b9";
    assertThat(request.text(StunAttribute.USERNAME)).isEqualTo(user);
    byte[] key =
        MessageDigest.getInstance("MD5")
            .digest((user + ":example.org:TheMatrIX").getBytes(StandardCharsets.UTF_8));
    assertThat(request.integrityHolds(new StunKey(key))).isTrue();
    assertThat(request.integrityHolds(new StunKey("TheMatrIX"))).isFalse();
    assertThat(request.fingerprintHolds()).as("it has none").isFalse();
  }

  @Test
  void what_we_write_is_what_we_read_with_either_integrity() {
    byte[] id = hex("b7e7a701bc34d686fa87dfae");
    byte[] weak =
        new StunWriter(StunMessage.BINDING_REQUEST, id)
            .text(StunAttribute.USERNAME, "a:b")
            .integrity(KEY)
            .fingerprinted();
    byte[] strong =
        new StunWriter(StunMessage.BINDING_REQUEST, id)
            .text(StunAttribute.USERNAME, "a:b")
            .integrity(KEY)
            .integritySha256(KEY)
            .fingerprinted();
    for (byte[] message : new byte[][] {weak, strong}) {
      StunMessage read = StunMessage.read(message).orElseThrow();
      assertThat(read.fingerprintHolds()).isTrue();
      assertThat(read.integrityHolds(KEY)).isTrue();
    }
  }

  @Test
  void every_truncation_and_every_flipped_bit_is_noticed() {
    byte[] request = hex(REQUEST);
    for (int octets = 0; octets < request.length; octets++) {
      assertThat(proven(Arrays.copyOf(request, octets))).as("%d octets", octets).isFalse();
    }
    for (int bit = 0; bit < 8 * request.length; bit++) {
      byte[] flipped = request.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(proven(flipped)).as("bit %d", bit).isFalse();
    }
  }

  private static boolean proven(byte[] datagram) {
    return StunMessage.read(datagram)
        .map(message -> message.fingerprintHolds() && message.integrityHolds(KEY))
        .orElse(false);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}

package io.tandem.protocol.media.ogg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OggTest {
  @Test
  void a_pages_checksum_is_the_one_that_everybody_computes() {
    // The check value of CRC-32/POSIX, whose result is the complement of this one.
    byte[] page = new byte[22 + 4 + 9];
    System.arraycopy("123456789".getBytes(StandardCharsets.US_ASCII), 0, page, 26, 9);
    assertThat(OggPages.checksum(page)).isEqualTo(~0x765E7680);
  }

  @Test
  void a_packet_of_full_laces_ends_with_an_empty_one() throws IOException {
    OggPages pages = new OggPages(7);
    pages.packet(new byte[510], 510, 1);
    pages.packet(new byte[0], 0, 2);
    byte[] page = pages.page(0);
    assertThat(Arrays.copyOfRange(page, 26, 31)).containsExactly(4, -1, -1, 0, 0);
    OggPackets packets = new OggPackets(new ByteArrayInputStream(page));
    assertThat(packets.next()).hasValueSatisfying(one -> assertThat(one).hasSize(510));
    assertThat(packets.next()).hasValueSatisfying(two -> assertThat(two).isEmpty());
    assertThat(packets.next()).isEmpty();
    assertThat(packets.granule()).isEqualTo(2);
    assertThat(packets.ended()).isFalse();
  }
}

package io.tandem.ops.bench.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BencodeTest {
  @Test
  void a_command_is_written_with_its_keys_in_order() {
    assertThat(Bencode.write(Map.of("sdp", "v=0", "command", "offer", "replace", List.of("a"))))
        .isEqualTo("d7:command5:offer7:replacel1:ae3:sdp3:v=0e");
  }

  @Test
  void a_reply_is_read_with_all_that_it_nests() {
    Map<?, ?> reply =
        Bencode.dictionary("d6:result2:ok6:totalsd3:RTPi42ee4:tagsl1:a1:be3:sdp5:a:b=ce");
    assertThat(reply.get("result")).isEqualTo("ok");
    assertThat(reply.get("totals")).isEqualTo(Map.of("RTP", "42"));
    assertThat(reply.get("tags")).isEqualTo(List.of("a", "b"));
    assertThat(reply.get("sdp")).isEqualTo("a:b=c");
  }

  @Test
  void what_is_no_dictionary_is_refused() {
    assertThatThrownBy(() -> Bencode.dictionary("4:ping"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Bencode.dictionary("i42"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

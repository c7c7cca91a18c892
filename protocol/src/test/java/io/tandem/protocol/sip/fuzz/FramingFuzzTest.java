package io.tandem.protocol.sip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.transport.stream.SipStreamDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any bytes as a stream: how it is cut into segments changes nothing. */
class FramingFuzzTest {
  private static final SipLimits LIMITS = new SipLimits(4_096, 60, 1_024);

  /** The first byte seeds the segments' sizes, the rest is the stream. */
  @FuzzTest
  void segments_change_nothing(byte[] data) {
    if (data.length > 1) {
      byte[] stream = Arrays.copyOfRange(data, 1, data.length);
      SlowInput.guard(() -> assertThat(cut(stream, data[0])).isEqualTo(cut(stream, (byte) 0)));
    }
  }

  /** Segments of 1 to 32 bytes by the seed; all in one for 0. */
  private static List<String> cut(byte[] stream, byte seed) {
    EmbeddedChannel channel = new EmbeddedChannel(new SipStreamDecoder(LIMITS));
    int state = seed & 0xff;
    for (int from = 0; from < stream.length; ) {
      state = state * 73 + 41 & 0xff;
      int to = seed == 0 ? stream.length : Math.min(stream.length, from + 1 + state % 32);
      channel.writeInbound(Unpooled.wrappedBuffer(stream, from, to - from));
      from = to;
    }
    List<String> read = new ArrayList<>();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      read.add(next.toString());
    }
    channel.close();
    return read;
  }
}

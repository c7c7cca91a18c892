package io.tandem.protocol.media.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The clock of the rooms goes on, whatever one of them does. */
class VoiceLoopTest {
  @Test
  void an_error_in_one_room_is_counted_and_ends_neither_its_beats_nor_another_rooms()
      throws Exception {
    CountDownLatch failed = new CountDownLatch(3);
    CountDownLatch sent = new CountDownLatch(3);
    try (VoiceLoop loop = new VoiceLoop(1, System::nanoTime);
        VoiceRoom broken =
            room(
                (packet, octets) -> {
                  failed.countDown();
                  throw new LinkageError("for the test");
                });
        VoiceRoom sound = room((packet, octets) -> sent.countDown())) {
      loop.add(broken);
      loop.add(sound);
      assertThat(failed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(sent.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(loop.failedBeats()).isPositive();
    }
  }

  /** Somebody speaks, and what the other is sent goes through that door. */
  private static VoiceRoom room(PacketDoor door) {
    VoiceRoom room = VoiceRoom.call();
    LegFormat format = LegFormat.of(VoiceCodec.PCMU);
    VoiceLeg speaks = new VoiceLeg(format, (packet, octets) -> {}, 1);
    ByteBuf packet = Unpooled.buffer();
    RtpPacket.writeHeader(packet, true, 0, 1, 160, 7);
    speaks.onPacket(packet.writeZero(160), System.nanoTime());
    var first = room.join(speaks, System.nanoTime());
    var second = room.join(new VoiceLeg(format, door, 2), System.nanoTime());
    assertThat(first).isPresent();
    assertThat(second).isPresent();
    return room;
  }
}

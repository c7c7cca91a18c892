package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;

/** Takes a leg's RTP instead of the other side: the way into the voice path. */
@FunctionalInterface
public interface VoiceTap {
  /**
   * A valid packet of the leg's party, on the leg's loop; must not wait.
   *
   * @param packet belongs to the loop and must not be kept
   */
  void onRtp(ByteBuf packet, long nowNanos);
}

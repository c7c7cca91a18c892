package io.tandem.protocol.media.codec;

/**
 * Octets to samples for one stream; keeps the codec's memory and conceals what is missing. Used by
 * one thread at a time.
 */
public interface VoiceDecoder extends AutoCloseable {
  /** What {@link #decode} answers to a payload that is none of this codec; conceal instead. */
  int UNREADABLE = -1;

  /**
   * Decodes one packet's payload.
   *
   * @param samples where to write from index 0; {@link VoiceCodec#maxSamplesPerPacket} must fit
   * @return samples written, or {@link #UNREADABLE}
   */
  int decode(byte[] payload, int from, int octets, short[] samples);

  /**
   * Makes up what a lost packet may have held, fading to silence when the gap goes on.
   *
   * @param samples where to write from index 0
   * @param count samples wanted, 20 ms of them at most
   */
  void conceal(short[] samples, int count);

  /**
   * The same when the packet behind the lost one is here and may repeat it (Opus's in-band error
   * correction, RFC 6716 §2.1.7). That packet is still to be decoded as usual.
   *
   * @param follower payload of the packet behind
   */
  default void recover(byte[] follower, int from, int octets, short[] samples, int count) {
    conceal(samples, count);
  }

  /** Gives back native memory where there is any; again: nothing. */
  @Override
  default void close() {}
}

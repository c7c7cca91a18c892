package io.tandem.protocol.media.codec;

/** Samples to octets for one stream; keeps the codec's memory. Used by one thread at a time. */
public interface VoiceEncoder extends AutoCloseable {
  /**
   * Encodes 20 ms (a codec without frames takes any even count).
   *
   * @param samples 16-bit linear at the codec's rate
   * @param octets where to write, from {@code at}; {@link VoiceCodec#maxOctetsPer20Ms} must fit
   * @return octets written
   */
  int encode(short[] samples, int from, int count, byte[] octets, int at);

  /** Gives back native memory where there is any; again: nothing. */
  @Override
  default void close() {}
}

package io.tandem.protocol.media.codec;

/** Linear 16-bit samples in network order (RFC 3551 §4.5.11). */
final class L16Coder implements VoiceEncoder, VoiceDecoder {
  private final Concealment concealment;
  private final int maxSamples;

  L16Coder(int sampleRateHz) {
    this.concealment = new Concealment(sampleRateHz);
    this.maxSamples = sampleRateHz * VoiceCodec.MAX_PACKET_MILLIS / 1000;
  }

  @Override
  public int encode(short[] samples, int from, int count, byte[] octets, int at) {
    for (int i = 0; i < count; i++) {
      short sample = samples[from + i];
      octets[at + 2 * i] = (byte) (sample >> 8);
      octets[at + 2 * i + 1] = (byte) sample;
    }
    return 2 * count;
  }

  @Override
  public int decode(byte[] payload, int from, int octets, short[] samples) {
    int count = octets / 2;
    if (octets == 0 || octets % 2 != 0 || count > maxSamples) {
      return UNREADABLE;
    }
    for (int i = 0; i < count; i++) {
      samples[i] = (short) ((payload[from + 2 * i] << 8) | (payload[from + 2 * i + 1] & 0xff));
    }
    concealment.heard(samples, count);
    return count;
  }

  @Override
  public void conceal(short[] samples, int count) {
    concealment.conceal(samples, count);
  }

  @Override
  public void close() {}
}

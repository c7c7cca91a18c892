package io.tandem.protocol.media.codec;

/** G.711 behind the door of all codecs. */
final class G711Coder implements VoiceEncoder, VoiceDecoder {
  private final G711 law;
  private final Concealment concealment = new Concealment(G711.SAMPLE_RATE_HZ);

  G711Coder(G711 law) {
    this.law = law;
  }

  @Override
  public int encode(short[] samples, int from, int count, byte[] octets, int at) {
    for (int i = 0; i < count; i++) {
      octets[at + i] = law.encode(samples[from + i]);
    }
    return count;
  }

  @Override
  public int decode(byte[] payload, int from, int octets, short[] samples) {
    if (octets == 0 || octets > VoiceCodec.PCMU.maxSamplesPerPacket()) {
      return UNREADABLE;
    }
    for (int i = 0; i < octets; i++) {
      samples[i] = law.decode(payload[from + i]);
    }
    concealment.heard(samples, octets);
    return octets;
  }

  @Override
  public void conceal(short[] samples, int count) {
    concealment.conceal(samples, count);
  }

  @Override
  public void close() {}
}

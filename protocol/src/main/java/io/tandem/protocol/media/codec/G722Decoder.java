package io.tandem.protocol.media.codec;

/** ITU-T G.722 decoder at 64 kbit/s (mode 1): one octet becomes two samples of 16 kHz. */
final class G722Decoder implements VoiceDecoder {
  // Output levels of the lower band's 6-bit inverse quantizer, §6.2.1.2 (INVQBL).
  private static final int[] QM6 = {
    -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232,
    -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776,
    -2400, -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192,
    10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032,
    1688, 1360, 1040, 728, 432, 136, -432, -136
  };

  private final G722Band low = G722Band.lower();
  private final G722Band high = G722Band.higher();
  private final int[] delay = new int[24];
  private final Concealment concealment = new Concealment(VoiceCodec.G722.sampleRateHz());

  @Override
  public int decode(byte[] payload, int from, int octets, short[] samples) {
    if (octets == 0 || 2 * octets > VoiceCodec.G722.maxSamplesPerPacket()) {
      return UNREADABLE;
    }
    for (int i = 0; i < octets; i++) {
      octet(payload[from + i] & 0xff, samples, 2 * i);
    }
    concealment.heard(samples, 2 * octets);
    return 2 * octets;
  }

  private void octet(int code, short[] samples, int at) {
    int codeLow = code & 0x3f;
    int codeHigh = code >> 6;
    int rlow = limit(low.predicted + ((low.step * QM6[codeLow]) >> 15)); // INVQBL, LIMIT
    low.adapt(codeLow >> 2);
    int predictedHigh = high.predicted;
    int rhigh = limit(predictedHigh + high.adapt(codeHigh));
    System.arraycopy(delay, 2, delay, 0, 22);
    delay[22] = rlow + rhigh;
    delay[23] = rlow - rhigh;
    int first = 0;
    int second = 0;
    for (int i = 0; i < 12; i++) {
      second += delay[2 * i] * G722Encoder.QMF[i];
      first += delay[2 * i + 1] * G722Encoder.QMF[11 - i];
    }
    samples[at] = (short) G722Band.saturate(first >> 11);
    samples[at + 1] = (short) G722Band.saturate(second >> 11);
  }

  private static int limit(int value) {
    return Math.clamp(value, -16384, 16383);
  }

  @Override
  public void conceal(short[] samples, int count) {
    concealment.conceal(samples, count);
  }
}

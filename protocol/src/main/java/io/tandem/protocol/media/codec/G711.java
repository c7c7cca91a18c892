package io.tandem.protocol.media.codec;

/**
 * ITU-T G.711: 8000 samples a second, one octet each. Both directions are table look-ups; the
 * tables are built once from the segment rule of the recommendation, on 16-bit linear samples (the
 * 14-bit µ-law and 13-bit A-law values of tables 1 and 2 shifted up).
 */
public enum G711 {
  /** µ-law, RTP payload type 0 ({@code PCMU}). */
  ULAW(0, "PCMU") {
    @Override
    int expand(int code) {
      // Table 2a: all bits are sent inverted; the chord doubles the step, and 33 is the bias (132
      // on the 16-bit scale).
      int bits = ~code & 0xff;
      int magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
      return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }

    @Override
    int compress(int sample) {
      int sign = sample < 0 ? 0x80 : 0;
      int magnitude = Math.min(Math.abs(sample), 32635) + 0x84;
      int chord = 24 - Integer.numberOfLeadingZeros(magnitude);
      return ~(sign | (chord << 4) | ((magnitude >> (chord + 3)) & 0x0f)) & 0xff;
    }
  },

  /** A-law, RTP payload type 8 ({@code PCMA}). */
  ALAW(8, "PCMA") {
    @Override
    int expand(int code) {
      // Table 1a: even bits are sent inverted; a set sign bit means positive.
      int bits = (code ^ 0x55) & 0xff;
      int chord = (bits & 0x70) >> 4;
      int step = ((bits & 0x0f) << 4) + 8;
      int magnitude = chord == 0 ? step : (step + 0x100) << (chord - 1);
      return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }

    @Override
    int compress(int sample) {
      int sign = sample >= 0 ? 0x80 : 0;
      int magnitude = sample >= 0 ? sample : ~sample;
      int chord = Math.max(0, 24 - Integer.numberOfLeadingZeros(magnitude));
      int step = (magnitude >> (chord == 0 ? 4 : chord + 3)) & 0x0f;
      return (sign | (chord << 4) | step) ^ 0x55;
    }
  };

  /** Samples, octets and RTP ticks a second. */
  public static final int SAMPLE_RATE_HZ = 8000;

  /** Samples, octets and RTP ticks in the usual packet of 20 ms. */
  public static final int OCTETS_PER_20_MS = 160;

  private final int payloadType;
  private final String encodingName;
  private final short[] linear = new short[256];
  private final byte[] code = new byte[1 << 16];

  G711(int payloadType, String encodingName) {
    this.payloadType = payloadType;
    this.encodingName = encodingName;
    for (int octet = 0; octet < 256; octet++) {
      linear[octet] = (short) expand(octet);
    }
    for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
      code[sample & 0xffff] = (byte) compress(sample);
    }
  }

  /** The recommendation's expansion of one octet to a 16-bit sample; the source of the table. */
  abstract int expand(int octet);

  /** The recommendation's compression of a 16-bit sample to one octet; the source of the table. */
  abstract int compress(int sample);

  /** Static RTP payload type (RFC 3551 §6). */
  public int payloadType() {
    return payloadType;
  }

  /** Encoding name in SDP's {@code a=rtpmap} (RFC 3551 §4.5.14). */
  public String encodingName() {
    return encodingName;
  }

  /** One 16-bit linear sample as its octet. */
  public byte encode(short sample) {
    return code[sample & 0xffff];
  }

  /** One octet as its 16-bit linear sample. */
  public short decode(byte octet) {
    return linear[octet & 0xff];
  }

  /** A run of samples as octets, one each. */
  public byte[] encode(short[] samples) {
    byte[] octets = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      octets[i] = encode(samples[i]);
    }
    return octets;
  }

  /** A run of octets as samples, one each. */
  public short[] decode(byte[] octets) {
    short[] samples = new short[octets.length];
    for (int i = 0; i < octets.length; i++) {
      samples[i] = decode(octets[i]);
    }
    return samples;
  }

  /** The octet of digital silence, the code of sample 0. */
  public byte silence() {
    return encode((short) 0);
  }
}

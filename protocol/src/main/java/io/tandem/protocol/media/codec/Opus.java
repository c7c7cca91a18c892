package io.tandem.protocol.media.codec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two ways to Opus: libopus through the foreign-function API where the system has it, the Java
 * port concentus everywhere. Both read what the other wrote; the first costs a fraction and makes
 * no garbage.
 */
public enum Opus {
  /** {@code libopus.so.0} of the system. */
  NATIVE {
    @Override
    public boolean isAvailable() {
      return OpusLibrary.isPresent();
    }

    @Override
    VoiceEncoder newEncoder() {
      return new OpusNative.Encoder();
    }

    @Override
    VoiceDecoder newDecoder() {
      return new OpusNative.Decoder();
    }
  },

  /** concentus, a port of libopus 1.1 to Java. */
  JAVA {
    @Override
    public boolean isAvailable() {
      return true;
    }

    @Override
    VoiceEncoder newEncoder() {
      return new OpusJava.Encoder();
    }

    @Override
    VoiceDecoder newDecoder() {
      return new OpusJava.Decoder();
    }
  };

  /** What a conversation gets: wide-band speech is transparent at this rate. */
  static final int BITS_PER_SECOND = 32_000;

  /** 0 to 10; a higher one costs more and is hardly heard on speech. */
  static final int COMPLEXITY = 5;

  /** What in-band error correction is prepared for, per cent of packets. */
  static final int EXPECTED_LOSS_PERCENT = 10;

  static final int SAMPLE_RATE_HZ = 48_000;

  private static final Logger LOG = LoggerFactory.getLogger(Opus.class);

  private static final class Best {
    static final Opus CHOICE = NATIVE.isAvailable() ? NATIVE : JAVA;

    static {
      LOG.info("Opus is {}", CHOICE);
    }

    private Best() {}
  }

  /** The one this machine uses. */
  public static Opus best() {
    return Best.CHOICE;
  }

  /** Whether this machine has it. */
  public abstract boolean isAvailable();

  abstract VoiceEncoder newEncoder();

  abstract VoiceDecoder newDecoder();
}

package io.tandem.protocol.media.codec;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opus by concentus. It allocates on each packet. */
final class OpusJava {
  private static final Logger LOG = LoggerFactory.getLogger(OpusJava.class);

  private OpusJava() {}

  static final class Encoder implements VoiceEncoder {
    private final OpusEncoder encoder;

    Encoder() {
      try {
        encoder = new OpusEncoder(Opus.SAMPLE_RATE_HZ, 1, OpusApplication.OPUS_APPLICATION_VOIP);
      } catch (OpusException wrongArguments) {
        throw new IllegalStateException(wrongArguments);
      }
      encoder.setBitrate(Opus.BITS_PER_SECOND);
      encoder.setComplexity(Opus.COMPLEXITY);
      encoder.setUseInbandFEC(true);
      encoder.setPacketLossPercent(Opus.EXPECTED_LOSS_PERCENT);
    }

    @Override
    public int encode(short[] samples, int from, int count, byte[] octets, int at) {
      try {
        return encoder.encode(samples, from, count, octets, at, octets.length - at);
      } catch (OpusException wrongArguments) {
        throw new IllegalArgumentException("Opus takes no frame of " + count, wrongArguments);
      }
    }
  }

  static final class Decoder implements VoiceDecoder {
    private final OpusDecoder decoder;

    Decoder() {
      try {
        decoder = new OpusDecoder(Opus.SAMPLE_RATE_HZ, 1);
      } catch (OpusException wrongArguments) {
        throw new IllegalStateException(wrongArguments);
      }
    }

    @Override
    public int decode(byte[] payload, int from, int octets, short[] samples) {
      if (octets == 0) {
        return UNREADABLE;
      }
      try {
        int count = decoder.decode(payload, from, octets, samples, 0, maxSamples(samples), false);
        return count > 0 ? count : UNREADABLE;
      } catch (OpusException | ArrayIndexOutOfBoundsException | AssertionError malformed) {
        // The port checks less than the original; what it stumbles over is a bad packet.
        LOG.debug("an Opus packet of {} octets cannot be read", octets, malformed);
        decoder.resetState();
        return UNREADABLE;
      }
    }

    @Override
    public void conceal(short[] samples, int count) {
      try {
        decoder.decode(null, 0, 0, samples, 0, count, false);
      } catch (OpusException wrongArguments) {
        LOG.debug("a gap of {} samples cannot be concealed", count, wrongArguments);
        Arrays.fill(samples, 0, count, (short) 0);
      }
    }

    @Override
    public void recover(byte[] follower, int from, int octets, short[] samples, int count) {
      try {
        decoder.decode(follower, from, octets, samples, 0, count, true);
      } catch (OpusException | ArrayIndexOutOfBoundsException | AssertionError malformed) {
        LOG.debug("an Opus packet of {} octets repeats nothing", octets, malformed);
        decoder.resetState();
        conceal(samples, count);
      }
    }

    private static int maxSamples(short[] samples) {
      return Math.min(samples.length, VoiceCodec.OPUS.maxSamplesPerPacket());
    }
  }
}

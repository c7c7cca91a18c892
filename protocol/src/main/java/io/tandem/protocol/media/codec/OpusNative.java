package io.tandem.protocol.media.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Opus by libopus. Each coder owns its native state and scratch memory, in an arena of its own that
 * {@link #close} gives back; nothing is allocated on a packet. Closing must not race with coding:
 * the owner of the stream does both.
 */
final class OpusNative {
  private static final int MAX_PACKET_OCTETS = 1500;

  // Static and final, so that the compiler sees through the handles and the calls make no garbage.
  private static final MethodHandle ENCODE = OpusLibrary.get().encode;
  private static final MethodHandle DECODE = OpusLibrary.get().decode;

  private OpusNative() {}

  static final class Encoder implements VoiceEncoder {
    private static final int MAX_SAMPLES = VoiceCodec.OPUS.maxSamplesPerPacket();

    private final OpusLibrary opus = OpusLibrary.get();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment samplesIn = arena.allocate(JAVA_SHORT, MAX_SAMPLES);
    private final MemorySegment octetsOut = arena.allocate(MAX_PACKET_OCTETS);
    private final MemorySegment state;
    private boolean closed;

    Encoder() {
      try {
        MemorySegment error = arena.allocate(JAVA_INT);
        state =
            (MemorySegment)
                opus.encoderCreate.invokeExact(
                    Opus.SAMPLE_RATE_HZ, 1, OpusLibrary.APPLICATION_VOIP, error);
        check(error.get(JAVA_INT, 0));
        set(OpusLibrary.SET_BITRATE, Opus.BITS_PER_SECOND);
        set(OpusLibrary.SET_COMPLEXITY, Opus.COMPLEXITY);
        set(OpusLibrary.SET_INBAND_FEC, 1);
        set(OpusLibrary.SET_PACKET_LOSS_PERCENT, Opus.EXPECTED_LOSS_PERCENT);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }

    private void set(int request, int value) throws Throwable {
      check((int) opus.encoderSet.invokeExact(state, request, value));
    }

    @Override
    public int encode(short[] samples, int from, int count, byte[] octets, int at) {
      MemorySegment.copy(samples, from, samplesIn, JAVA_SHORT, 0, count);
      int room = Math.min(MAX_PACKET_OCTETS, octets.length - at);
      int written;
      try {
        written = (int) ENCODE.invokeExact(state, samplesIn, count, octetsOut, room);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
      if (written < 0) {
        throw new IllegalArgumentException("Opus takes no frame of " + count + ": " + written);
      }
      MemorySegment.copy(octetsOut, JAVA_BYTE, 0, octets, at, written);
      return written;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        try {
          opus.encoderDestroy.invokeExact(state);
        } catch (Throwable failure) {
          throw unexpected(failure);
        } finally {
          arena.close();
        }
      }
    }
  }

  static final class Decoder implements VoiceDecoder {
    private static final int MAX_SAMPLES = VoiceCodec.OPUS.maxSamplesPerPacket();

    private final OpusLibrary opus = OpusLibrary.get();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment octetsIn = arena.allocate(MAX_PACKET_OCTETS);
    private final MemorySegment samplesOut = arena.allocate(JAVA_SHORT, MAX_SAMPLES);
    private final MemorySegment state;
    private boolean closed;

    Decoder() {
      try {
        MemorySegment error = arena.allocate(JAVA_INT);
        state = (MemorySegment) opus.decoderCreate.invokeExact(Opus.SAMPLE_RATE_HZ, 1, error);
        check(error.get(JAVA_INT, 0));
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }

    @Override
    public int decode(byte[] payload, int from, int octets, short[] samples) {
      if (octets == 0 || octets > MAX_PACKET_OCTETS) {
        return UNREADABLE;
      }
      MemorySegment.copy(payload, from, octetsIn, JAVA_BYTE, 0, octets);
      int count = decode(octetsIn, octets, Math.min(samples.length, MAX_SAMPLES), 0);
      if (count <= 0) {
        return UNREADABLE;
      }
      MemorySegment.copy(samplesOut, JAVA_SHORT, 0, samples, 0, count);
      return count;
    }

    @Override
    public void conceal(short[] samples, int count) {
      if (decode(MemorySegment.NULL, 0, count, 0) == count) {
        MemorySegment.copy(samplesOut, JAVA_SHORT, 0, samples, 0, count);
      } else {
        Arrays.fill(samples, 0, count, (short) 0);
      }
    }

    @Override
    public void recover(byte[] follower, int from, int octets, short[] samples, int count) {
      if (octets == 0 || octets > MAX_PACKET_OCTETS) {
        conceal(samples, count);
        return;
      }
      MemorySegment.copy(follower, from, octetsIn, JAVA_BYTE, 0, octets);
      if (decode(octetsIn, octets, count, 1) == count) {
        MemorySegment.copy(samplesOut, JAVA_SHORT, 0, samples, 0, count);
      } else {
        conceal(samples, count);
      }
    }

    private int decode(MemorySegment from, int octets, int maxSamples, int errorCorrection) {
      try {
        return (int)
            DECODE.invokeExact(state, from, octets, samplesOut, maxSamples, errorCorrection);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        try {
          opus.decoderDestroy.invokeExact(state);
        } catch (Throwable failure) {
          throw unexpected(failure);
        } finally {
          arena.close();
        }
      }
    }
  }

  private static void check(int answer) {
    if (answer != OpusLibrary.OPUS_OK) {
      throw new IllegalStateException("libopus answered " + answer);
    }
  }

  /** A downcall of fixed shape throws nothing of its own; what comes is an error of the JVM. */
  private static RuntimeException unexpected(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }
}

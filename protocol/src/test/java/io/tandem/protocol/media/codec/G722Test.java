package io.tandem.protocol.media.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * G.722 is one exact function of its input, so it is held against others bit by bit: spandsp where
 * its library is installed, the verification files of the ITU's Software Tool Library (G.191; their
 * licence keeps them out of this tree) where {@code -Dg722.vectors} names their folder, and always
 * against the hash of what agreed with both.
 */
@SuppressWarnings("restricted") // spandsp is called natively
class G722Test {
  private static final int SECONDS = 4;
  private static final String AGREED_CODE =
      "85cc0d843cd507027f242f0fb11351de5650bd5b38ea28f35d66a332dd834a3a";
  private static final String AGREED_SAMPLES =
      "b66d8a5c778a5d36fc6411bc97928f54ef80b804cda66812e0b439e2cd6d6857";

  @Test
  void the_code_of_speech_noise_and_overload_is_the_one_that_agreed_with_others() throws Exception {
    byte[] code = encode(everything());
    assertThat(sha256(code)).isEqualTo(AGREED_CODE);
    assertThat(sha256(octets(decode(code)))).isEqualTo(AGREED_SAMPLES);
  }

  @Test
  void encoder_and_decoder_agree_with_spandsp_on_every_bit() throws Throwable {
    Optional<SymbolLookup> spandsp = library("libspandsp.so.2");
    assumeTrue(spandsp.isPresent(), "needs peer: libspandsp");
    short[] samples = everything();
    byte[] code = encode(samples);
    assertThat(Arrays.mismatch(code, spandspEncode(spandsp.get(), samples))).isEqualTo(-1);
    byte[] noCodec = new byte[20_000];
    new Random(3).nextBytes(noCodec);
    for (byte[] wire : new byte[][] {code, noCodec}) {
      short[] ours = decode(wire);
      short[] theirs = spandspDecode(spandsp.get(), wire);
      forgetOverload(ours, theirs);
      assertThat(Arrays.mismatch(ours, theirs)).isEqualTo(-1);
    }
  }

  @Test
  void the_itu_software_tools_speech_is_coded_as_they_code_it() throws Exception {
    String folder = System.getProperty("g722.vectors");
    assumeTrue(folder != null, "no -Dg722.vectors");
    short[] speech = samples(Files.readAllBytes(Path.of(folder, "inpsp.bin")));
    short[] words = samples(Files.readAllBytes(Path.of(folder, "codspw.cod")));
    short[] decoded = samples(Files.readAllBytes(Path.of(folder, "outsp1.bin")));
    byte[] code = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      code[i] = (byte) words[i];
    }
    assertThat(Arrays.mismatch(encode(speech), code)).isEqualTo(-1);
    assertThat(Arrays.mismatch(decode(code), decoded)).isEqualTo(-1);
  }

  /** This spandsp lets an overloaded sum wrap where the recommendation saturates. */
  private static void forgetOverload(short[] ours, short[] theirs) {
    int forgotten = 0;
    for (int i = 0; i < ours.length; i++) {
      if (ours[i] == Short.MAX_VALUE || ours[i] == Short.MIN_VALUE) {
        theirs[i] = ours[i];
        forgotten++;
      }
    }
    assertThat(forgotten).as("samples of overload").isLessThan(ours.length / 10);
  }

  /** Speech, a sweep, white noise at full scale, square waves, silence. */
  private static short[] everything() {
    int rate = 16000;
    ByteBuffer all = ByteBuffer.allocate(2 * rate * SECONDS + 2 * rate * 4);
    all.asShortBuffer().put(Signals.speech(11, rate, rate * SECONDS));
    all.position(2 * rate * SECONDS);
    for (int i = 0; i < rate; i++) {
      double hertz = 8000.0 * i / rate;
      all.putShort((short) Math.round(30000 * StrictMath.sin(Math.PI * hertz * i / rate)));
    }
    for (short sample : Signals.noise(12, 1, rate)) {
      all.putShort(sample);
    }
    for (int i = 0; i < rate; i++) {
      all.putShort((i / 40) % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE);
    }
    short[] samples = new short[all.capacity() / 2];
    all.rewind().asShortBuffer().get(samples);
    return samples;
  }

  private static byte[] encode(short[] samples) {
    byte[] code = new byte[samples.length / 2];
    VoiceEncoder encoder = VoiceCodec.G722.newEncoder();
    for (int at = 0; at < samples.length; at += 320) {
      encoder.encode(samples, at, Math.min(320, samples.length - at), code, at / 2);
    }
    return code;
  }

  private static short[] decode(byte[] code) {
    short[] samples = new short[2 * code.length];
    short[] packet = new short[VoiceCodec.G722.maxSamplesPerPacket()];
    VoiceDecoder decoder = VoiceCodec.G722.newDecoder();
    for (int at = 0; at < code.length; at += 160) {
      int count = decoder.decode(code, at, Math.min(160, code.length - at), packet);
      System.arraycopy(packet, 0, samples, 2 * at, count);
    }
    return samples;
  }

  private static byte[] spandspEncode(SymbolLookup spandsp, short[] samples) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = spandspState(spandsp, "g722_encode_init");
      MemorySegment in = arena.allocateFrom(JAVA_SHORT, samples);
      MemorySegment out = arena.allocate(samples.length / 2);
      run(spandsp, "g722_encode", state, out, in, samples.length);
      return out.toArray(JAVA_BYTE);
    }
  }

  private static short[] spandspDecode(SymbolLookup spandsp, byte[] code) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = spandspState(spandsp, "g722_decode_init");
      MemorySegment in = arena.allocateFrom(JAVA_BYTE, code);
      MemorySegment out = arena.allocate(JAVA_SHORT, 2L * code.length);
      run(spandsp, "g722_decode", state, out, in, code.length);
      return out.toArray(JAVA_SHORT);
    }
  }

  private static MemorySegment spandspState(SymbolLookup spandsp, String init) throws Throwable {
    FunctionDescriptor shape = FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    return (MemorySegment)
        Linker.nativeLinker()
            .downcallHandle(spandsp.findOrThrow(init), shape)
            .invokeExact(MemorySegment.NULL, 64000, 0);
  }

  private static void run(
      SymbolLookup spandsp,
      String name,
      MemorySegment state,
      MemorySegment out,
      MemorySegment in,
      int n)
      throws Throwable {
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    int done =
        (int)
            Linker.nativeLinker()
                .downcallHandle(spandsp.findOrThrow(name), shape)
                .invokeExact(state, out, in, n);
    assertThat(done).isPositive();
  }

  private static Optional<SymbolLookup> library(String name) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException missing) {
      return Optional.empty();
    }
  }

  private static short[] samples(byte[] littleEndian) {
    short[] samples = new short[littleEndian.length / 2];
    ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    return samples;
  }

  private static byte[] octets(short[] samples) {
    ByteBuffer octets = ByteBuffer.allocate(2 * samples.length);
    octets.asShortBuffer().put(samples);
    return octets.array();
  }

  private static String sha256(byte[] octets) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
  }
}

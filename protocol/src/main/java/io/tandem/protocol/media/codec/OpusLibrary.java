package io.tandem.protocol.media.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions of {@code libopus.so.0} that are called, bound once; {@code opus.h} names them. */
final class OpusLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(OpusLibrary.class);
  private static final String NAME = "libopus.so.0";

  // opus_defines.h
  static final int OPUS_OK = 0;
  static final int APPLICATION_VOIP = 2048;
  static final int SET_BITRATE = 4002;
  static final int SET_COMPLEXITY = 4010;
  static final int SET_INBAND_FEC = 4012;
  static final int SET_PACKET_LOSS_PERCENT = 4014;

  private static final @Nullable OpusLibrary LOADED = load().orElse(null);

  final MethodHandle encoderCreate;
  final MethodHandle encoderDestroy;
  final MethodHandle encoderSet;
  final MethodHandle encode;
  final MethodHandle decoderCreate;
  final MethodHandle decoderDestroy;
  final MethodHandle decode;

  private OpusLibrary(SymbolLookup symbols) {
    encoderCreate =
        bind(
            symbols,
            "opus_encoder_create",
            FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    encoderDestroy = bind(symbols, "opus_encoder_destroy", FunctionDescriptor.ofVoid(ADDRESS));
    encoderSet =
        bind(
            symbols,
            "opus_encoder_ctl",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    encode =
        bind(
            symbols,
            "opus_encode",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    decoderCreate =
        bind(
            symbols,
            "opus_decoder_create",
            FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
    decoderDestroy = bind(symbols, "opus_decoder_destroy", FunctionDescriptor.ofVoid(ADDRESS));
    decode =
        bind(
            symbols,
            "opus_decode",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static MethodHandle bind(
      SymbolLookup symbols, String name, FunctionDescriptor shape, Linker.Option... options) {
    MemorySegment address = symbols.findOrThrow(name);
    return Linker.nativeLinker().downcallHandle(address, shape, options);
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static Optional<OpusLibrary> load() {
    try {
      return Optional.of(new OpusLibrary(SymbolLookup.libraryLookup(NAME, Arena.global())));
    } catch (IllegalArgumentException | NoSuchElementException missing) {
      LOG.debug("{} is not here", NAME, missing);
      return Optional.empty();
    }
  }

  static boolean isPresent() {
    return LOADED != null;
  }

  /**
   * @throws IllegalStateException when the system has no libopus
   */
  static OpusLibrary get() {
    OpusLibrary library = LOADED;
    if (library == null) {
      throw new IllegalStateException(NAME + " is not on this machine");
    }
    return library;
  }
}

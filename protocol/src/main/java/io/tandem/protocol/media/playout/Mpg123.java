package io.tandem.protocol.media.playout;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of {@code libmpg123.so.0} that are called, bound once; {@code mpg123.h} names them.
 */
final class Mpg123 {
  private static final Logger LOG = LoggerFactory.getLogger(Mpg123.class);
  private static final String NAME = "libmpg123.so.0";

  // mpg123.h
  static final int NEED_MORE = -10;
  static final int NEW_FORMAT = -11;
  static final int DONE = -12;
  static final int OK = 0;
  static final int ADD_FLAGS = 2;
  static final long QUIET = 0x20;
  static final int MONO = 1;
  static final int SIGNED_16 = 0xd0;

  private static final Optional<Mpg123> LOADED = load();

  final MethodHandle create;
  final MethodHandle delete;
  final MethodHandle param;
  final MethodHandle formatNone;
  final MethodHandle format;
  final MethodHandle openFeed;
  final MethodHandle decode;
  final MethodHandle getFormat;

  private Mpg123(SymbolLookup symbols) {
    create = bind(symbols, "mpg123_new", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    delete = bind(symbols, "mpg123_delete", FunctionDescriptor.ofVoid(ADDRESS));
    param =
        bind(
            symbols,
            "mpg123_param",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_DOUBLE));
    formatNone = bind(symbols, "mpg123_format_none", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    format =
        bind(
            symbols,
            "mpg123_format",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT));
    openFeed = bind(symbols, "mpg123_open_feed", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    decode =
        bind(
            symbols,
            "mpg123_decode",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS));
    getFormat =
        bind(
            symbols,
            "mpg123_getformat",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static MethodHandle bind(SymbolLookup symbols, String name, FunctionDescriptor shape) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), shape);
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static Optional<Mpg123> load() {
    try {
      SymbolLookup symbols = SymbolLookup.libraryLookup(NAME, Arena.global());
      // Needed before version 1.27 only, and nothing after.
      MethodHandle init = bind(symbols, "mpg123_init", FunctionDescriptor.of(JAVA_INT));
      int answer = (int) init.invokeExact();
      return answer == OK ? Optional.of(new Mpg123(symbols)) : Optional.empty();
    } catch (IllegalArgumentException | NoSuchElementException missing) {
      LOG.debug("{} is not here", NAME, missing);
      return Optional.empty();
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** The library, where the system has it. */
  static Optional<Mpg123> here() {
    return LOADED;
  }

  /** A decoder; to be deleted. */
  MemorySegment open(Arena arena) {
    try {
      return (MemorySegment) create.invokeExact(MemorySegment.NULL, arena.allocate(JAVA_INT));
    } catch (Throwable impossible) {
      throw broken(impossible);
    }
  }

  /** A downcall of fixed shape throws nothing of its own; what comes is an error of the JVM. */
  static Error broken(Throwable impossible) {
    return impossible instanceof Error error
        ? error
        : new LinkageError("a call failed", impossible);
  }
}

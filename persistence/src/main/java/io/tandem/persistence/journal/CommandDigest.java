package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.tandem.persistence.journal.JournalException.Fault;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a command said, short enough to remember: eight bytes for its name and eight for each of its
 * components. A repeat under the same id is *already done* when all agree, and otherwise a
 * *conflict* that names the first component that differs.
 *
 * <p>Personal values count for nothing, so that nothing can be guessed from a digest, and neither
 * do they have to be kept to compare. The digest finds mistakes of a known sender; it does not
 * withstand one who looks for collisions.
 */
public final class CommandDigest {

  /** Of no command: what an event carries that has none, or is not the first of its command. */
  public static final CommandDigest NONE = new CommandDigest(new byte[0]);

  private final byte[] bytes;

  private CommandDigest(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A digest read back from the bytes of {@link #toBytes}. */
  public static CommandDigest from(byte[] bytes) {
    return bytes.length == 0 ? NONE : new CommandDigest(bytes);
  }

  /** A copy of its bytes, for a snapshot. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  byte[] shared() {
    return bytes;
  }

  /** How many components it remembers. */
  public int components() {
    return Math.max(0, bytes.length / Long.BYTES - 1);
  }

  /** True where it remembers nothing. */
  public boolean isNone() {
    return bytes.length == 0;
  }

  /**
   * The first component in which a command differs from the remembered one: {@code "type"} where it
   * is another command altogether, empty where they agree.
   */
  public Optional<String> differenceTo(Of digests, Record command) {
    byte[] other = digests.digest(command).bytes;
    if (Arrays.equals(bytes, other)) {
      return Optional.empty();
    }
    int at = Arrays.mismatch(bytes, other) / Long.BYTES;
    RecordComponent[] components = command.getClass().getRecordComponents();
    return Optional.of(
        at == 0 || at > components.length || bytes.length != other.length
            ? "type"
            : components[at - 1].getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CommandDigest that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "digest of " + components() + " components";
  }

  /** Makes digests of the commands on a list of names. Thread-safe; make one and keep it. */
  public static final class Of {
    private final TypeNames names;
    private final ObjectMapper mapper = WireMapper.cbor(new PersonalForm.Left());
    private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

    public Of(TypeNames names) {
      this.names = names;
    }

    /**
     * The digest of a registered command.
     *
     * @throws JournalException UNWRITABLE
     */
    public CommandDigest digest(Record command) {
      Shape shape = shapes.computeIfAbsent(command.getClass(), this::shapeOf);
      ByteBuffer out = ByteBuffer.allocate((shape.components.length + 1) * Long.BYTES);
      out.putLong(shape.name);
      for (int i = 0; i < shape.components.length; i++) {
        out.putLong(digestOf(shape, i, command));
      }
      return new CommandDigest(out.array());
    }

    private long digestOf(Shape shape, int index, Record command) {
      try {
        Object value = shape.components[index].getAccessor().invoke(command);
        return switch (value) {
          case null -> 1;
          case Personal<?> left -> 2;
          case String text -> mix(text.getBytes(StandardCharsets.UTF_8), 3);
          case Long number -> mix(number, 4);
          case Integer number -> mix(number, 4);
          case Boolean yes -> yes ? 5 : 6;
          default -> mix(shape.writers[index].writeValueAsBytes(value), 7);
        };
      } catch (ReflectiveOperationException | JsonProcessingException e) {
        throw new JournalException(Fault.UNWRITABLE, "no digest of " + shape.components[index], e);
      }
    }

    private Shape shapeOf(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      ObjectWriter[] writers = new ObjectWriter[components.length];
      for (int i = 0; i < components.length; i++) {
        components[i].getAccessor().setAccessible(true);
        writers[i] =
            mapper.writerFor(mapper.getTypeFactory().constructType(components[i].getGenericType()));
      }
      byte[] name = names.nameOf(type).toString().getBytes(StandardCharsets.UTF_8);
      return new Shape(mix(name, 0), components, writers);
    }

    private record Shape(long name, RecordComponent[] components, ObjectWriter[] writers) {}
  }

  private static long mix(byte[] bytes, long seed) {
    long hash = seed * 0x9E3779B97F4A7C15L + bytes.length;
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.remaining() >= Long.BYTES) {
      hash = mix(in.getLong(), hash);
    }
    long rest = 0;
    while (in.hasRemaining()) {
      rest = (rest << 8) | (in.get() & 0xFF);
    }
    return mix(rest, hash);
  }

  /** One step of the finalizer of SplitMix64: every bit of both reaches every bit of the result. */
  private static long mix(long value, long hash) {
    long z = (value ^ hash) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}

package io.tandem.persistence.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.PersonalSealer;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Upcaster;
import io.tandem.persistence.journal.WireName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of every registered type, kept in the tree: a change of a stored or sent form shows as
 * a change of a file, and what was once released stays readable (AUD-5).
 *
 * <p>One test a module gives a sample of each type: {@code
 * GoldenFile.stored(names).in(folder).check(samples)}. Beside the bytes lies a readable view that
 * is for eyes only. {@code -Dgolden.write=true} writes the files that are missing, and never
 * changes one that is there: a form that has to change gets a new version and an {@link Upcaster},
 * and the old file stays.
 */
public final class GoldenFile {

  private static final String BYTES = ".cbor.hex";
  private static final String READABLE = ".json";

  private final TypeNames names;
  private final EventCodec codec;
  private final Path folder;

  private GoldenFile(TypeNames names, EventCodec codec, Path folder) {
    this.names = names;
    this.codec = codec;
    this.folder = folder;
  }

  /** For what is stored: personal values are sealed, always the same way. */
  public static GoldenFile stored(TypeNames names, Upcaster... upcasters) {
    return new GoldenFile(
        names,
        EventCodec.sealed(names, List.of(upcasters), new SameEveryTime()),
        Path.of("src/test/resources/golden"));
  }

  /** For what is sent between nodes: commands and replies. */
  public static GoldenFile sent(TypeNames names, Upcaster... upcasters) {
    return new GoldenFile(
        names, EventCodec.clear(names, List.of(upcasters)), Path.of("src/test/resources/golden"));
  }

  /** The same with its files elsewhere. */
  public GoldenFile in(Path otherFolder) {
    return new GoldenFile(names, codec, otherFolder);
  }

  /**
   * Fails unless there is exactly one sample of every type on the list, each is written as its file
   * says and read back from it, and every older file is still read.
   */
  public void check(Collection<? extends Record> samples) {
    Set<WireName> without = new TreeSet<>(java.util.Comparator.comparing(WireName::toString));
    without.addAll(names.all().keySet());
    List<String> wrong = new ArrayList<>();
    for (Record sample : samples) {
      if (!without.remove(codec.nameOf(sample))) {
        wrong.add(codec.nameOf(sample) + " has two samples");
      }
      String found = checkOne(sample);
      if (found != null) {
        wrong.add(found);
      }
    }
    without.forEach(name -> wrong.add(name + " has no sample"));
    wrong.addAll(older());
    assertThat(wrong).as("golden files in %s", folder).isEmpty();
  }

  private @Nullable String checkOne(Record sample) {
    WireName name = codec.nameOf(sample);
    byte[] bytes = codec.encode(sample);
    Path file = folder.resolve(fileName(name) + BYTES);
    if (!Files.exists(file)) {
      if (!Boolean.getBoolean("golden.write")) {
        return file + " is missing: -Dgolden.write=true writes it";
      }
      write(file, wrapped(HexFormat.of().formatHex(bytes)));
      write(folder.resolve(fileName(name) + READABLE), codec.storedToJson(bytes) + "\n");
    }
    byte[] golden = HexFormat.of().parseHex(read(file).replaceAll("\\s", ""));
    if (!HexFormat.of().formatHex(golden).equals(HexFormat.of().formatHex(bytes))) {
      return "%s is written differently now: give it a new version and an upcaster\n  was %s\n  is  %s"
          .formatted(
              name,
              codec.storedToJson(golden).replaceAll("\\s+", " "),
              codec.storedToJson(bytes).replaceAll("\\s+", " "));
    }
    Record back = codec.decode(name, golden);
    // by its bytes where a component (an array) does not compare by content
    boolean same =
        back.equals(sample)
            || HexFormat.of().formatHex(codec.encode(back)).equals(HexFormat.of().formatHex(bytes));
    return same ? null : name + " is read back as " + back;
  }

  /** Files of names no longer on the list: each must still be read, through upcasters. */
  private List<String> older() {
    Set<String> present =
        names.all().keySet().stream().map(GoldenFile::fileName).collect(Collectors.toSet());
    List<String> wrong = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return wrong;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(BYTES)).sorted().toList()) {
        String stem = file.getFileName().toString().replace(BYTES, "");
        if (!present.contains(stem)) {
          int dot = stem.lastIndexOf('.');
          WireName name =
              new WireName(stem.substring(0, dot), Integer.parseInt(stem.substring(dot + 1)));
          try {
            codec.decode(name, HexFormat.of().parseHex(read(file).replaceAll("\\s", "")));
          } catch (RuntimeException e) {
            wrong.add(file + " was released and cannot be read any more: " + e.getMessage());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return wrong;
  }

  private static String fileName(WireName name) {
    return name.name() + "." + name.version();
  }

  private static String wrapped(String hex) {
    return hex.replaceAll("(.{1,96})", "$1\n");
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      fail("writing " + file, e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not a cipher: it turns values around so that the same sample gives the same bytes. */
  private static final class SameEveryTime implements PersonalSealer {
    private static final KeyId KEY = new KeyId(1, 2);

    @Override
    public Optional<Sealed> seal(
        String subject, DataClass dataClass, @Nullable KeyId key, byte[] clear) {
      return Optional.of(new Sealed(KEY, turned(clear)));
    }

    @Override
    public Optional<byte[]> open(String subject, DataClass dataClass, Sealed sealed) {
      return Optional.of(turned(sealed.bytes()));
    }

    private static byte[] turned(byte[] bytes) {
      byte[] out = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        out[i] = (byte) ~bytes[i];
      }
      return out;
    }
  }
}

package io.tandem.node.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of RFC 4475 and RFC 5118 with what is to be answered, from the tables in {@code
 * torture/}.
 */
final class TortureMessages {
  private static final Path VECTORS =
      Path.of("..", "protocol", "src", "test", "resources", "vectors");

  private TortureMessages() {}

  /**
   * One message and its outcome.
   *
   * @param udp statuses in their order, separated by spaces; a dash for no answer
   * @param tcp the same, and "closed" at the end where the connection is closed
   */
  record Torture(String rfc, String name, String section, String udp, String tcp) {
    byte[] bytes() {
      return rfc.equals("rfc4475") ? rfc4475(name) : rfc5118(name);
    }

    @Override
    public String toString() {
      return rfc + " " + section + " " + name;
    }
  }

  static List<Torture> all() {
    List<Torture> all = new ArrayList<>();
    for (String rfc : List.of("rfc4475", "rfc5118")) {
      for (String row : table(rfc).split("\n", -1)) {
        if (!row.isEmpty() && !row.startsWith("#")) {
          String[] cells = row.split("\t", -1);
          all.add(new Torture(rfc, cells[0], cells[1], cells[2], cells[3]));
        }
      }
    }
    return all;
  }

  static List<String> files(String rfc) {
    try (var files = Files.list(VECTORS.resolve(rfc))) {
      return files.map(f -> f.getFileName().toString().replace(".dat", "")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] rfc4475(String name) {
    byte[] stored = read(VECTORS.resolve("rfc4475").resolve(name + ".dat"));
    if (!name.equals("baddn")) {
      return stored;
    }
    // stored without its last blank line
    byte[] ended = java.util.Arrays.copyOf(stored, stored.length + 2);
    ended[stored.length] = '\r';
    ended[stored.length + 1] = '\n';
    return ended;
  }

  /**
   * Stored with bare line feeds, those of section 4.10 without their blank line. As printed some
   * Content-Lengths are not those of their bodies with CRLF: here they are.
   */
  static byte[] rfc5118(String name) {
    String text =
        new String(read(VECTORS.resolve("rfc5118").resolve(name)), StandardCharsets.UTF_8);
    String lines = text.replace("\r\n", "\n").replace("\n", "\r\n");
    int head = lines.indexOf("\r\n\r\n");
    if (head < 0) {
      return (lines + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
    int body = lines.length() - head - 4;
    return lines
        .replaceFirst("Content-Length: \\d+", "Content-Length: " + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String table(String rfc) {
    return new String(
        read(Path.of("src", "test", "resources", "torture", rfc + ".tsv")), StandardCharsets.UTF_8);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

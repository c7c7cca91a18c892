package io.tandem.persistence.proof;

import io.tandem.persistence.journal.Hash;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What is new in one checkpoint, by name: each event with its leaf, each snapshot with its hash.
 * The checkpoint signs its hash, so that a list kept outside names what was changed inside, to the
 * event.
 *
 * <p>As text, a line each: {@code e SEQUENCE LEAF ENTITY}, {@code s SEQUENCE HASH ENTITY} and,
 * where there are signed notes beside the journal (AUD-5, CMP-7), {@code r NUMBER HASH KIND} for
 * the newest, whose hash vouches for those before. It holds ids and hashes of ciphertext; nothing
 * about persons.
 */
public record Segment(List<Line> events, List<Line> snapshots, List<Line> notes) {

  /** The tables of signed notes beside the journal; their lines are called by them. */
  static final List<String> BESIDE = List.of("supersession", "disclosure");

  /** More than any checkpoint has; a list that claims more is not read. */
  private static final int TEXT_BYTES_MAX = 64 << 20;

  /**
   * One event, snapshot or note.
   *
   * @param entity {@code type|id}
   * @param hash of an event its leaf in the tree, of a snapshot the SHA-256 of its payload, of a
   *     note beside the journal that of all of it
   */
  public record Line(String entity, long sequence, Hash hash) {
    /** {@code type|id#sequence}. */
    public String name() {
      return entity + "#" + sequence;
    }
  }

  public Segment {
    events = List.copyOf(events);
    snapshots = List.copyOf(snapshots);
    notes = List.copyOf(notes);
  }

  /** What the checkpoint signs. */
  Hash hash() {
    return Hash.of(text());
  }

  private byte[] text() {
    StringBuilder text = new StringBuilder(100 * (events.size() + snapshots.size()));
    events.forEach(line -> append(text, 'e', line));
    snapshots.forEach(line -> append(text, 's', line));
    notes.forEach(line -> append(text, 'r', line));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder text, char kind, Line line) {
    text.append(kind)
        .append(' ')
        .append(line.sequence())
        .append(' ')
        .append(Checkpoint.base64(line.hash()))
        .append(' ')
        .append(line.entity().replace("%", "%25").replace("\n", "%0A"))
        .append('\n');
  }

  /** The text, packed (gzip), as it is stored and anchored. */
  byte[] packed() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(out)) {
      packing.write(text());
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return out.toByteArray();
  }

  /**
   * Reads what {@link #packed} gave.
   *
   * @throws IllegalArgumentException where it is not that
   */
  static Segment unpack(byte[] packed) {
    byte[] text;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      text = in.readNBytes(TEXT_BYTES_MAX);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a packed list", e);
    }
    List<Line> events = new ArrayList<>();
    List<Line> snapshots = new ArrayList<>();
    List<Line> notes = new ArrayList<>();
    for (String line : new String(text, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        String[] parts = line.split(" ", 4);
        if (parts.length != 4) {
          throw new IllegalArgumentException("a line of another form");
        }
        Line read =
            new Line(
                parts[3].replace("%0A", "\n").replace("%25", "%"),
                Long.parseLong(parts[1]),
                Checkpoint.hash(parts[2]));
        switch (parts[0]) {
          case "e" -> events.add(read);
          case "s" -> snapshots.add(read);
          case "r" -> notes.add(read);
          default -> throw new IllegalArgumentException("a line of another form");
        }
      }
    }
    return new Segment(events, snapshots, notes);
  }
}

package io.tandem.persistence.archive;

import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.proof.SignedNote;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.proof.VerifyingKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * What is signed of an archive.
 *
 * @param number from 1
 * @param at when it was made
 * @param before entities whose last event is older were looked at
 * @param entities how many are in it
 * @param events how many are in it
 * @param root of the tree over its events in the order of the feed (RFC 9162)
 * @param note all of it, with its signature
 */
public record ArchiveNote(
    long number, Instant at, Instant before, long entities, long events, Hash root, String note) {

  private static final String HEADING = "tandem archive 1";
  private static final int LINES = 8;

  static ArchiveNote sign(
      long number,
      Instant at,
      Instant before,
      long entities,
      long events,
      Hash root,
      SigningKey key) {
    ArchiveNote unsigned = new ArchiveNote(number, at, before, entities, events, root, "");
    return new ArchiveNote(
        number,
        at,
        before,
        entities,
        events,
        root,
        SignedNote.sign(unsigned.text(key.verifying().name()), key));
  }

  /**
   * Reads a note and checks its signature.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static ArchiveNote read(String note, VerifyingKey key) {
    String text = SignedNote.open(note, key);
    List<String> lines = text.lines().toList();
    if (lines.size() != LINES) {
      throw new IllegalArgumentException("an archive's note has " + LINES + " lines");
    }
    try {
      ArchiveNote read =
          new ArchiveNote(
              Long.parseLong(word(lines, 2)),
              Instant.parse(word(lines, 3)),
              Instant.parse(word(lines, 4)),
              Long.parseLong(word(lines, 5)),
              Long.parseLong(word(lines, 6)),
              Hash.from(Base64.getDecoder().decode(word(lines, 7))),
              note);
      if (!read.text(key.name()).equals(text)) {
        throw new IllegalArgumentException("it is not the form of an archive of " + key.name());
      }
      return read;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("it has no time", e);
    }
  }

  private static String word(List<String> lines, int line) {
    return lines.get(line).substring(lines.get(line).indexOf(' ') + 1);
  }

  private String text(String log) {
    return String.join(
            "\n",
            HEADING,
            "log " + log,
            "number " + number,
            "at " + at,
            "before " + before,
            "entities " + entities,
            "events " + events,
            "root " + Base64.getEncoder().encodeToString(root.toBytes()))
        + "\n";
  }
}

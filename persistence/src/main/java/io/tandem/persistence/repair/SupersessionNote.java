package io.tandem.persistence.repair;

import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.proof.SignedNote;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.proof.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A supersession record as it is stored: a signed note of lines, each a word and what it is. The
 * hash of the record before it makes a chain of them.
 *
 * @param record what it says
 * @param previous hash of the note before; {@link Hash#NONE} for the first
 * @param note all of it
 */
record SupersessionNote(Supersession record, Hash previous, String note) {

  private static final String HEADING = "tandem supersession 1";

  static SupersessionNote sign(Supersession record, Hash previous, SigningKey key) {
    return new SupersessionNote(
        record, previous, SignedNote.sign(text(record, previous, key.verifying().name()), key));
  }

  /**
   * Reads a note and checks its signature.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static SupersessionNote read(String note, VerifyingKey key) {
    String text = SignedNote.open(note, key);
    SupersessionNote read = parse(text, note);
    if (!text(read.record, read.previous, key.name()).equals(text)) {
      throw new IllegalArgumentException("it is not the form of a supersession of " + key.name());
    }
    return read;
  }

  /** What the next one names as its predecessor. */
  Hash hash() {
    return Hash.of(note.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Supersession it, Hash previous, String log) {
    String reads = it.reads() == null ? "" : " " + base64(it.payload());
    return String.join(
            "\n",
            HEADING,
            "log " + log,
            "number " + it.number(),
            "at " + it.at(),
            "previous " + base64(previous.toBytes()),
            "entity " + quoted(it.entity()),
            "sequence " + it.sequence(),
            "stored " + base64(it.stored().toBytes()),
            "reads " + it.says() + reads,
            "by " + quoted(it.by()),
            "reason " + quoted(it.reason()))
        + "\n";
  }

  private static SupersessionNote parse(String text, String note) {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      int space = line.indexOf(' ');
      lines.put(line.substring(0, Math.max(space, 0)), line.substring(space + 1));
    }
    try {
      String[] reads = at(lines, "reads").split(" ", 2);
      return new SupersessionNote(
          new Supersession(
              Long.parseLong(at(lines, "number")),
              unquoted(at(lines, "entity")),
              Long.parseLong(at(lines, "sequence")),
              Hash.from(Base64.getDecoder().decode(at(lines, "stored"))),
              reads.length == 1 ? null : WireName.parse(reads[0]),
              reads.length == 1 ? new byte[0] : Base64.getDecoder().decode(reads[1]),
              Instant.parse(at(lines, "at")),
              unquoted(at(lines, "by")),
              unquoted(at(lines, "reason"))),
          Hash.from(Base64.getDecoder().decode(at(lines, "previous"))),
          note);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("it has no time", e);
    }
  }

  private static String at(Map<String, String> lines, String word) {
    String value = lines.get(word);
    if (value == null) {
      throw new IllegalArgumentException("a line of '" + word + "' is missing");
    }
    return value;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String quoted(String words) {
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String unquoted(String line) {
    return line.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
  }
}

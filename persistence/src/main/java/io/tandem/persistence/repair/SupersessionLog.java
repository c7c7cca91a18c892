package io.tandem.persistence.repair;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.proof.Findings;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.proof.VerifyingKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The records beside the journal, in the order of their numbers. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class SupersessionLog {

  /** What a record is called where something is wrong with it. */
  public static final String SUPERSESSION = "supersession";

  private record Row(long number, String note) {}

  private final Database database;
  private final VerifyingKey key;

  public SupersessionLog(Database database, VerifyingKey key) {
    this.database = database;
    this.key = key;
  }

  /**
   * The records that are genuine: signed, and each after the one before. At the first that is not
   * it ends, as nothing after it can be trusted.
   *
   * @param findings told of what is not genuine
   */
  public List<Supersession> genuine(Findings findings) {
    return notes(findings).stream().map(SupersessionNote::record).toList();
  }

  /** The number of the newest there is, unchecked; 0 for none. */
  long newest() {
    return database.run(
        connection ->
            Sql.number(connection, "select coalesce(max(number), 0) as newest from supersession"));
  }

  private List<SupersessionNote> notes(Findings findings) {
    List<Row> rows =
        database.run(
            connection ->
                Sql.list(
                    connection,
                    "select number, note from supersession order by number",
                    row -> new Row(row.getLong("number"), row.getString("note"))));
    List<SupersessionNote> genuine = new ArrayList<>();
    for (Row row : rows) {
      try {
        SupersessionNote note = SupersessionNote.read(row.note(), key);
        if (row.number() != genuine.size() + 1 || note.record().number() != row.number()) {
          throw new IllegalArgumentException(
              "it does not stand in its place: one before it is missing, or it is another's");
        }
        if (!note.previous().equals(last(genuine))) {
          throw new IllegalArgumentException(
              "it was signed after another " + genuine.size() + " than this");
        }
        genuine.add(note);
      } catch (IllegalArgumentException e) {
        findings.wrong(
            SUPERSESSION,
            row.number(),
            e.getMessage() + "; neither it nor what follows is read by");
        break;
      }
    }
    return genuine;
  }

  private static Hash last(List<SupersessionNote> notes) {
    return notes.isEmpty() ? Hash.NONE : notes.getLast().hash();
  }

  /**
   * Adds the next record.
   *
   * @param makes the record of a number and the hash of the one before
   * @throws JournalException UNREADABLE where a record that is there is not genuine: somebody has
   *     to look first
   */
  Supersession add(SigningKey signing, BiFunction<Long, Hash, Supersession> makes) {
    List<SupersessionNote> there =
        notes(
            (what, number, wrong) -> {
              throw new JournalException(
                  JournalException.Fault.UNREADABLE, what + "#" + number + ": " + wrong);
            });
    Hash previous = last(there);
    Supersession record = makes.apply(there.size() + 1L, previous);
    SupersessionNote note = SupersessionNote.sign(record, previous, signing);
    int unused =
        database.update(
            "insert into supersession (number, note, made_at) values (?, ?, ?)",
            record.number(),
            note.note(),
            record.at());
    return record;
  }
}

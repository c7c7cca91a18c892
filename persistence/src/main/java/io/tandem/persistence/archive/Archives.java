package io.tandem.persistence.archive;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.proof.Findings;
import io.tandem.persistence.proof.MerkleTree;
import io.tandem.persistence.proof.VerifyingKey;
import io.tandem.persistence.readmodel.FeedPosition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that a journal's finished entities were moved to. */
public final class Archives {

  /** What an archive is called where something is wrong with it. */
  public static final String ARCHIVE = "archive";

  private static final String ENDING = ".mv.db";
  private static final int PAGE = 2_000;

  private Archives() {}

  /** The file of an archive. */
  static Path file(Path directory, long number) {
    return directory.resolve(String.format(Locale.ROOT, "archive-%06d%s", number, ENDING));
  }

  static DatabaseSettings settings(Path file, boolean reading) {
    String path = file.toAbsolutePath().toString();
    return new DatabaseSettings(
        "jdbc:h2:file:"
            + path.substring(0, path.length() - ENDING.length())
            + (reading ? ";ACCESS_MODE_DATA=r" : ""),
        "archive",
        "",
        2,
        null);
  }

  /** The notes of the archives that a journal names, in order, unchecked. */
  static List<String> notes(Database journal) {
    return journal.run(
        c -> Sql.list(c, "select note from archive order by number", row -> row.getString("note")));
  }

  /**
   * The archives that a journal names, in order.
   *
   * @throws JournalException UNREADABLE where one was not signed with this key
   */
  public static List<ArchiveNote> named(Database journal, VerifyingKey key) {
    List<ArchiveNote> named = new ArrayList<>();
    for (String note : notes(journal)) {
      try {
        named.add(ArchiveNote.read(note, key));
      } catch (IllegalArgumentException e) {
        throw new JournalException(
            Fault.UNREADABLE, ARCHIVE + "#" + (named.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return named;
  }

  /** How many a journal names. */
  public static int count(Database journal) {
    return notes(journal).size();
  }

  /**
   * Opens the archives that a journal names, as far as their files are in a directory, and lets
   * readers of the journal read them as one with it. A file that the journal does not name is left
   * alone: its events are in the journal still.
   *
   * @return how many the journal names and the directory has not
   * @throws JournalException UNAVAILABLE where a file cannot be opened
   */
  public static int attach(Database journal, Path directory) {
    List<String> named = notes(journal);
    List<Database> open = new ArrayList<>();
    int missing = 0;
    for (int number = 1; number <= named.size(); number++) {
      Path file = file(directory, number);
      Database archive =
          Files.isRegularFile(file)
              ? Database.openUnchanged(settings(file, true), Database.Contents.ARCHIVE)
              : null;
      if (archive != null && named.get(number - 1).equals(noteOf(archive).orElse(""))) {
        open.add(archive);
      } else {
        missing++;
        if (archive != null) {
          archive.close();
        }
      }
    }
    journal.attach(open);
    return missing;
  }

  private static Optional<String> noteOf(Database archive) {
    return archive
        .run(c -> Sql.list(c, "select note from archive_note", row -> row.getString("note")))
        .stream()
        .findFirst();
  }

  /** Whether an attached archive has an entity. */
  public static boolean has(Database journal, String entity) {
    return journal.archives().stream()
        .anyMatch(
            archive ->
                !archive
                    .run(
                        c ->
                            Sql.list(
                                c,
                                "select 1 from \"event_journal\" where \"persistence_id\" = ?"
                                    + " limit 1",
                                row -> true,
                                entity))
                    .isEmpty());
  }

  /**
   * Checks what is attached against its notes, and that all that the journal names is attached.
   *
   * @return how many are attached
   */
  public static int examine(Database journal, VerifyingKey key, Findings findings) {
    Set<Long> there = new HashSet<>();
    for (Database archive : journal.archives()) {
      String note = noteOf(archive).orElse("");
      long number = there.size() + 1L;
      try {
        ArchiveNote signed = ArchiveNote.read(note, key);
        number = signed.number();
        check(archive, signed);
      } catch (IllegalArgumentException e) {
        findings.wrong(ARCHIVE, number, String.valueOf(e.getMessage()));
      }
      there.add(number);
    }
    List<String> named = notes(journal);
    for (int i = 0; i < named.size(); i++) {
      try {
        long number = ArchiveNote.read(named.get(i), key).number();
        if (!there.contains(number)) {
          findings.wrong(ARCHIVE, number, "is not here: where its file is, is told by --archive");
        }
      } catch (IllegalArgumentException e) {
        findings.wrong(ARCHIVE, i + 1L, "in the journal: " + e.getMessage());
      }
    }
    return there.size();
  }

  private static void check(Database archive, ArchiveNote signed) {
    MerkleTree tree = new MerkleTree();
    @Nullable FeedPosition from = null;
    List<ArchivedRows.Row> page = ArchivedRows.after(archive, null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(row -> tree.add(MerkleTree.leaf(row.bytes())));
      from = page.getLast().position();
      page = ArchivedRows.after(archive, from, PAGE);
    }
    if (tree.size() != signed.events()) {
      throw new IllegalArgumentException(
          "it has " + tree.size() + " events; " + signed.events() + " were signed");
    }
    if (!tree.root().equals(signed.root())) {
      throw new IllegalArgumentException("its events are not those that were signed");
    }
  }

  static JournalException refused(String why) {
    return new JournalException(Fault.UNWRITABLE, why);
  }
}

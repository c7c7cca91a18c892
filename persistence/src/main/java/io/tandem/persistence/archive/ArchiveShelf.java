package io.tandem.persistence.archive;

import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.JournalRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a node finds the history of an entity that has left its journal (AUD-7). A file is opened
 * for each question, which takes some tenths of a second, and closed after it: archives come about
 * while nodes run, and old calls are asked for seldom.
 */
public final class ArchiveShelf {

  private final Database journal;
  private final Path directory;

  /**
   * @param directory of the files; all nodes see the same
   */
  public ArchiveShelf(Database journal, Path directory) {
    this.journal = journal;
    this.directory = directory;
  }

  /**
   * The events of an entity that was moved, from its first; empty where it was not.
   *
   * @throws JournalException UNAVAILABLE; UNWRITABLE where it was moved and its file is not here
   */
  public List<JournalRow> entity(String entityType, String entityId) {
    List<Long> numbers =
        journal.run(
            c ->
                Sql.list(
                    c,
                    "select archive from archived_entity where entity = ?",
                    row -> row.getLong(1),
                    Envelope.persistenceId(entityType, entityId)));
    if (numbers.isEmpty()) {
      return List.of();
    }
    Path file = Archives.file(directory, numbers.getFirst());
    if (!Files.isRegularFile(file)) {
      throw Archives.refused("archive " + numbers.getFirst() + " is not in its directory");
    }
    try (Database archive =
        Database.openUnchanged(Archives.settings(file, true), Database.Contents.ARCHIVE)) {
      List<JournalRow> rows = new ArrayList<>();
      JournalReader.archived(archive).entity(entityType, entityId).forEachRemaining(rows::add);
      return rows;
    }
  }
}

package io.tandem.persistence.audit;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.FeedPage;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * The journal as streams of rows, in pages: memory does not grow with the journal, no transaction
 * stays open, and a node may go on writing. Iterators throw {@link JournalException} UNAVAILABLE.
 */
public final class JournalReader {

  private static final int PAGE = 2_000;

  private static final String SELECT =
      "select \"persistence_id\", \"sequence_number\", \"event_payload\" from \"event_journal\" where not \"deleted\" and ";

  private static final String REST_OF_ENTITY =
      SELECT
          + "\"persistence_id\" = ? and \"sequence_number\" > ? order by \"sequence_number\" limit ?";

  private static final String NEXT_ENTITIES =
      SELECT + "\"persistence_id\" > ? order by \"persistence_id\", \"sequence_number\" limit ?";

  private final Database database;

  public JournalReader(Database database) {
    this.database = database;
  }

  /** An entity as it is listed: its name, and how many events it has. */
  public record Listed(String entityType, String entityId, long events) {}

  /** The events of one entity, from its first. */
  public Iterator<JournalRow> entity(String entityType, String entityId) {
    return entity(entityType, entityId, 0);
  }

  /** The events of one entity after a sequence number. */
  public Iterator<JournalRow> entity(String entityType, String entityId, long afterSequence) {
    String id = Envelope.persistenceId(entityType, entityId);
    return new Paged() {
      private long last = afterSequence;

      @Override
      List<JournalRow> more() {
        List<JournalRow> page = query(REST_OF_ENTITY, id, last, PAGE);
        last = page.isEmpty() ? last : page.getLast().sequence();
        return page;
      }
    };
  }

  /** All events, entity by entity, each from its first: the order in which chains are checked. */
  public Iterator<JournalRow> byEntity() {
    return new Paged() {
      private String id = "";
      private long last;

      @Override
      List<JournalRow> more() {
        List<JournalRow> page = query(REST_OF_ENTITY, id, last, PAGE); // a page may end within one
        if (page.isEmpty()) {
          page = query(NEXT_ENTITIES, id, PAGE);
        }
        if (!page.isEmpty()) {
          id = page.getLast().persistenceId();
          last = page.getLast().sequence();
        }
        return page;
      }
    };
  }

  /** All events in the order of the feed, up to what is committed now. */
  public Iterator<JournalRow> inOrder() {
    JournalFeed feed = new JournalFeed(database);
    return new Paged() {
      private FeedPosition position = FeedPosition.START;

      @Override
      List<JournalRow> more() {
        FeedPage page = feed.read(position, PAGE);
        position = page.next();
        return page.rows();
      }
    };
  }

  /**
   * Entities of a type by id.
   *
   * @param afterId the last id of the page before, empty for the first
   */
  public List<Listed> list(String entityType, String afterId, int limit) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                """
                select "persistence_id", count(*) as events from "event_journal"
                where not "deleted" and "persistence_id" > ? and "persistence_id" like ?
                group by "persistence_id" order by "persistence_id" limit ?""",
                row ->
                    new Listed(
                        entityType,
                        row.getString("persistence_id").substring(entityType.length() + 1),
                        row.getLong("events")),
                Envelope.persistenceId(entityType, afterId),
                Envelope.persistenceId(entityType, "%"),
                limit));
  }

  private List<JournalRow> query(String sql, Object... parameters) {
    return database.run(c -> Sql.list(c, sql, JournalReader::row, parameters));
  }

  private static JournalRow row(ResultSet row) throws SQLException {
    return new JournalRow(
        FeedPosition.START,
        row.getString("persistence_id"),
        row.getLong("sequence_number"),
        row.getBytes("event_payload"));
  }

  /** A stream that asks for the next page when the last one is used up. */
  private abstract static class Paged implements Iterator<JournalRow> {
    private final Queue<JournalRow> page = new ArrayDeque<>();
    private boolean ended;

    /** The next page; empty at the end. */
    abstract List<JournalRow> more();

    @Override
    public boolean hasNext() {
      if (page.isEmpty() && !ended) {
        page.addAll(more());
        ended = page.isEmpty();
      }
      return !page.isEmpty();
    }

    @Override
    public JournalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the end of the journal");
      }
      return page.remove();
    }
  }
}

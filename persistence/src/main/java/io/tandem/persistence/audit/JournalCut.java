package io.tandem.persistence.audit;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a journal in PostgreSQL into parts of about equal length, by a look at some of its pages.
 * What is written meanwhile is in the last part or in none.
 */
final class JournalCut {

  /** A part takes a second or so: no transaction is open for longer. */
  static final long EVENTS_A_PART = 50_000;

  private static final int PARTS_MAX = 1_000;
  private static final int SAMPLES_A_PART = 40;
  private static final int PAGES_AT_LEAST = 8;

  private static final String BY_ENTITY = " order by \"persistence_id\", \"sequence_number\"";

  private final Database database;
  private final long eventsAPart;

  JournalCut(Database database, long eventsAPart) {
    this.database = database;
    this.eventsAPart = eventsAPart;
  }

  /** Whether this journal can be cut. */
  boolean isPossible() {
    return database.dialect() == Dialect.POSTGRESQL;
  }

  /**
   * By entities, in their order.
   *
   * @param entityType empty for all
   */
  List<JournalPart> byEntity(String entityType) {
    String prefix = entityType.isEmpty() ? "" : Envelope.persistenceId(entityType, "");
    List<JournalPart> parts = new ArrayList<>();
    String after = prefix;
    List<String> bounds = bounds(prefix);
    for (String bound : bounds) {
      parts.add(
          new JournalPart(
              "\"persistence_id\" > ? and \"persistence_id\" <= ?",
              List.of(after, bound),
              BY_ENTITY,
              prefix));
      after = bound;
    }
    if (bounds.isEmpty() || after.startsWith(prefix)) {
      parts.add(new JournalPart("\"persistence_id\" > ?", List.of(after), BY_ENTITY, prefix));
    }
    return parts;
  }

  /**
   * By place, in no order of entities, each page of the table once.
   *
   * @param entityType empty for all
   */
  List<JournalPart> byPlace(String entityType) {
    String prefix = entityType.isEmpty() ? "" : Envelope.persistenceId(entityType, "");
    long pages = pages();
    int count = parts(events());
    List<JournalPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String from = "(" + pages * i / count + ",0)";
      parts.add(
          i == count - 1
              ? new JournalPart("ctid >= ?::tid", List.of(from), "", prefix)
              : new JournalPart(
                  "ctid >= ?::tid and ctid < ?::tid",
                  List.of(from, "(" + pages * (i + 1) / count + ",0)"),
                  "",
                  prefix));
    }
    return parts;
  }

  /**
   * Ids at about equal distances, by the order of the database; the last of them may be the first
   * known of what follows, where nothing more can come.
   */
  private List<String> bounds(String prefix) {
    long events = events();
    int parts = parts(events);
    if (parts == 1) {
      return List.of();
    }
    List<String> sample =
        database.run(
            connection ->
                Sql.list(
                    connection,
                    """
                    select persistence_id
                    from event_journal tablesample system (least(100, 100.0 * ?::bigint / ?::bigint))
                    where persistence_id > ? order by persistence_id\
                    """,
                    row -> row.getString(1),
                    (long) parts * SAMPLES_A_PART,
                    events,
                    prefix));
    int own = 0;
    while (own < sample.size() && sample.get(own).startsWith(prefix)) {
      own++;
    }
    List<String> bounds = new ArrayList<>();
    int step = Math.max(1, sample.size() / parts);
    for (int i = step; i < own; i += step) {
      String bound = sample.get(i);
      if (bounds.isEmpty() || !bounds.getLast().equals(bound)) {
        bounds.add(bound);
      }
    }
    if (own < sample.size()) {
      bounds.add(sample.get(own));
    }
    return bounds;
  }

  private int parts(long events) {
    return (int) Math.max(1, Math.min(PARTS_MAX, events / eventsAPart));
  }

  private long pages() {
    return number("select pg_relation_size('event_journal') / current_setting('block_size')::int");
  }

  /** About how many there are: from the length of some pages, as statistics may be missing. */
  private long events() {
    long pages = pages();
    if (pages == 0) {
      return 0;
    }
    long looked = Math.min(pages, Math.max(PAGES_AT_LEAST, pages / 1_000));
    long seen =
        database.run(
            connection ->
                Sql.list(
                        connection,
                        """
                        select count(*)
                        from event_journal tablesample system (100.0 * ?::bigint / ?::bigint)\
                        """,
                        row -> row.getLong(1),
                        looked,
                        pages)
                    .getFirst());
    return seen * pages / looked;
  }

  private long number(String sql) {
    return database.run(connection -> Sql.number(connection, sql));
  }
}

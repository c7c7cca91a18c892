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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal as streams of rows, in pages: memory does not grow with the journal, no transaction
 * stays open, and a node may go on writing. Iterators throw {@link JournalException} UNAVAILABLE.
 */
public final class JournalReader {

  private static final int PAGE = 2_000;

  private static final String SELECT =
      "select \"persistence_id\", \"sequence_number\", \"event_payload\", %s from \"event_journal\""
          + " where not \"deleted\" and ";

  private static final String REST_OF_ENTITY = "\"persistence_id\" = ? and \"sequence_number\" > ?";

  private static final String NEXT_ENTITIES = "\"persistence_id\" > ?";

  private static final String ORDER =
      " order by \"persistence_id\", \"sequence_number\" limit " + PAGE;

  private final Database database;
  private final JournalCut cut;
  private final List<JournalReader> archives;
  private final String select;

  public JournalReader(Database database) {
    this(database, JournalCut.EVENTS_A_PART);
  }

  JournalReader(Database database, long eventsAPart) {
    this(
        database,
        new JournalCut(database, eventsAPart),
        database.archives().stream().map(JournalReader::archived).toList());
  }

  private JournalReader(Database database, JournalCut cut, List<JournalReader> archives) {
    this.database = database;
    this.cut = cut;
    this.archives = archives;
    this.select = SELECT.formatted("\"writer\"");
  }

  /** An archive's, which keeps no writers. */
  private JournalReader(Database archive, String select) {
    this.database = archive;
    this.cut = new JournalCut(archive, JournalCut.EVENTS_A_PART);
    this.archives = List.of();
    this.select = select;
  }

  /** What is in an archive's file. */
  public static JournalReader archived(Database archive) {
    return new JournalReader(archive, SELECT.formatted("''"));
  }

  /** What is in the database itself, whatever archives are attached to it. */
  public static JournalReader live(Database database) {
    return new JournalReader(
        database, new JournalCut(database, JournalCut.EVENTS_A_PART), List.of());
  }

  /** An entity as it is listed: its name, and how many events it has. */
  public record Listed(String entityType, String entityId, long events) {}

  /** The events of one entity, from its first. */
  public Iterator<JournalRow> entity(String entityType, String entityId) {
    return entity(entityType, entityId, 0);
  }

  /** The events of one entity after a sequence number. */
  public Iterator<JournalRow> entity(String entityType, String entityId, long afterSequence) {
    for (JournalReader archive : archives) { // an entity is whole in one place
      Iterator<JournalRow> there = archive.entity(entityType, entityId, afterSequence);
      if (there.hasNext()) {
        return there;
      }
    }
    String id = Envelope.persistenceId(entityType, entityId);
    return new Paged() {
      private long last = afterSequence;

      @Override
      List<JournalRow> more() {
        List<JournalRow> page = query(REST_OF_ENTITY + ORDER, id, last);
        last = page.isEmpty() ? last : page.getLast().sequence();
        return page;
      }
    };
  }

  /**
   * One event.
   *
   * @param entity {@code type|id}
   */
  public Optional<JournalRow> event(String entity, long sequence) {
    return query("\"persistence_id\" = ? and \"sequence_number\" = ?", entity, sequence).stream()
        .findFirst()
        .or(
            () ->
                archives.stream()
                    .flatMap(archive -> archive.event(entity, sequence).stream())
                    .findFirst());
  }

  /** All events, entity by entity, each from its first: the order in which chains are checked. */
  public Iterator<JournalRow> byEntity() {
    return with(JournalReader::byEntity, new ByEntity("", row -> true, ""));
  }

  /** All events of one type of entity, entity by entity, each from its first. */
  public Iterator<JournalRow> ofType(String entityType) {
    return ofType(entityType, "");
  }

  /**
   * The events of one type of entity that have a name, in whatever version; what others there are
   * is not even read.
   *
   * @param event such as {@code wallet.captured}; empty for all
   */
  public Iterator<JournalRow> ofType(String entityType, String event) {
    String prefix = Envelope.persistenceId(entityType, "");
    return with(
        archive -> archive.ofType(entityType, event),
        new ByEntity(prefix, row -> row.persistenceId().startsWith(prefix), event));
  }

  /** The archives' rows first: no entity is in two places. */
  private Iterator<JournalRow> with(
      Function<JournalReader, Iterator<JournalRow>> ofArchive, Iterator<JournalRow> own) {
    return archives.isEmpty() ? own : new OneAfterTheOther(archives.stream().map(ofArchive), own);
  }

  private static final class OneAfterTheOther implements Iterator<JournalRow> {
    private final Iterator<Iterator<JournalRow>> all;
    private Iterator<JournalRow> now = Collections.emptyIterator();

    OneAfterTheOther(Stream<Iterator<JournalRow>> first, Iterator<JournalRow> last) {
      all = Stream.concat(first, Stream.of(last)).iterator();
    }

    @Override
    public boolean hasNext() {
      while (!now.hasNext() && all.hasNext()) {
        now = all.next();
      }
      return now.hasNext();
    }

    @Override
    public JournalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return now.next();
    }
  }

  /**
   * Goes through events entity by entity, each from its first, in several places at once where the
   * database can: every taker works on one thread, and no two get events of one entity.
   *
   * @param entityType empty for all
   * @param event such as {@code wallet.captured}, in whatever version; empty for all
   * @return the takers, when all is read
   */
  public <T extends Consumer<JournalRow>> List<T> entities(
      String entityType, String event, Supplier<T> takers) {
    return cut.isPossible()
        ? and(
            archive -> archive.entities(entityType, event, takers),
            new PartReader(database).read(cut.byEntity(entityType), event, takers))
        : one(entityType.isEmpty() ? byEntity() : ofType(entityType, event), takers);
  }

  /** The same in whatever order is fastest, for sums. */
  public <T extends Consumer<JournalRow>> List<T> anyOrder(
      String entityType, String event, Supplier<T> takers) {
    return cut.isPossible()
        ? and(
            archive -> archive.anyOrder(entityType, event, takers),
            new PartReader(database).read(cut.byPlace(entityType), event, takers))
        : one(entityType.isEmpty() ? byEntity() : ofType(entityType, event), takers);
  }

  private <T> List<T> and(Function<JournalReader, List<T>> ofArchive, List<T> own) {
    return Stream.concat(archives.stream().map(ofArchive).flatMap(List::stream), own.stream())
        .toList();
  }

  private static <T extends Consumer<JournalRow>> List<T> one(
      Iterator<JournalRow> rows, Supplier<T> takers) {
    T taker = takers.get();
    rows.forEachRemaining(taker);
    return List.of(taker);
  }

  /** Pages by entity; while one is used the next is on its way. */
  private final class ByEntity extends Paged {
    private final Predicate<JournalRow> belongs;
    private final String filter;
    private final Object[] filtered;
    private String id;
    private long last;
    private @Nullable CompletableFuture<List<JournalRow>> coming;

    ByEntity(String afterId, Predicate<JournalRow> belongs, String event) {
      this.id = afterId;
      this.belongs = belongs;
      this.filter = event.isEmpty() ? "" : " and \"event_ser_manifest\" like ?";
      this.filtered = event.isEmpty() ? new Object[0] : new Object[] {event + "/%"};
    }

    @Override
    List<JournalRow> more() {
      List<JournalRow> page = coming == null ? fetch() : arrived(coming);
      coming =
          page.isEmpty()
              ? null
              : CompletableFuture.supplyAsync(this::fetch, Thread::startVirtualThread);
      return page;
    }

    private List<JournalRow> fetch() {
      List<JournalRow> page = more(REST_OF_ENTITY, id, last); // a page may end within one
      if (page.isEmpty()) {
        page = more(NEXT_ENTITIES, id);
      }
      if (!page.isEmpty()) {
        id = page.getLast().persistenceId();
        last = page.getLast().sequence();
      }
      // types follow each other: none is the beginning of another
      return page.isEmpty() || belongs.test(page.getLast())
          ? page
          : page.stream().takeWhile(belongs).toList();
    }

    private List<JournalRow> more(String sql, Object... parameters) {
      Object[] all = Arrays.copyOf(parameters, parameters.length + filtered.length);
      System.arraycopy(filtered, 0, all, parameters.length, filtered.length);
      return query(sql + filter + ORDER, all);
    }
  }

  static <T> T arrived(CompletableFuture<T> coming) {
    try {
      return coming.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException own ? own : e;
    }
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
    List<JournalReader> places =
        Stream.concat(archives.stream(), Stream.of(live(database))).toList();
    int at = 0; // each place has an order of its own: one after the other
    while (!afterId.isEmpty()
        && at < places.size() - 1
        && !places.get(at).entity(entityType, afterId).hasNext()) {
      at++;
    }
    List<Listed> listed = new ArrayList<>(places.get(at).listed(entityType, afterId, limit));
    while (listed.size() < limit && ++at < places.size()) {
      listed.addAll(places.get(at).listed(entityType, "", limit - listed.size()));
    }
    return listed;
  }

  private List<Listed> listed(String entityType, String afterId, int limit) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                """
                select "persistence_id", count(*) as events from "event_journal"
                where not "deleted" and "persistence_id" > ? and "persistence_id" like ?
                group by "persistence_id" order by "persistence_id" limit ?\
                """,
                row ->
                    new Listed(
                        entityType,
                        row.getString("persistence_id").substring(entityType.length() + 1),
                        row.getLong("events")),
                Envelope.persistenceId(entityType, afterId),
                Envelope.persistenceId(entityType, "%"),
                limit));
  }

  /** How many events of one type of entity there are in the database itself: for a bar. */
  public long count(String entityType) {
    return database.run(
        connection ->
            Sql.number(
                connection,
                "select count(*) from \"event_journal\" where \"persistence_id\" like ?",
                Envelope.persistenceId(entityType, "%")));
  }

  private List<JournalRow> query(String sql, Object... parameters) {
    return database.run(c -> Sql.list(c, select + sql, JournalReader::row, parameters));
  }

  private static JournalRow row(ResultSet row) throws SQLException {
    return new JournalRow(
        FeedPosition.START,
        row.getString(1),
        row.getLong(2),
        row.getBytes(3),
        row.getString(4)); // as SELECT has them; a name would be looked up for each row
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

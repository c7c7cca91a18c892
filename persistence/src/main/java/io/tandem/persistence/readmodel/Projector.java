package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows the feed and writes the tables made from it, a page a transaction, its own position in
 * the same one: what the tables show is always the journal up to some position, exactly.
 *
 * <p>Driven by its caller, one {@link #step} after the other, from one thread. One projector works
 * at a time; a second one is harmless: whoever comes late finds the position moved and starts over
 * from there. An event that cannot be read stops the views of its entity alone: it is parked and
 * reported ({@link ParkedEvents}), and can be tried again.
 */
public final class Projector {

  /** The name of this reader of the feed. */
  public static final String READER = "projector";

  /** Told of what could not be projected: the first event of an entity, not those behind it. */
  @FunctionalInterface
  public interface Trouble {
    void unreadable(JournalRow row, JournalException why);
  }

  private final Database database;
  private final JournalFeed feed;
  private final Map<String, Folding<?, ?>> foldings;
  private final Trouble trouble;
  private final Tables tables;
  private final SecurityListing security;
  private final String reader;
  private final FeedBookmark bookmark;
  private final int pageSize;
  private final InstantSource clock;
  private @Nullable FeedPosition position;

  private Projector(Builder builder) {
    this.database = builder.database;
    this.feed = new JournalFeed(database);
    this.foldings = Map.copyOf(builder.foldings);
    this.trouble = builder.trouble;
    this.tables = builder.tables;
    this.security = new SecurityListing(tables);
    this.reader = tables.reader();
    this.bookmark = new FeedBookmark(reader);
    this.pageSize = builder.pageSize;
    this.clock = builder.clock;
  }

  /** Starts the list of what is to be shown. */
  public static Builder builder(Database database, EventCodec codec) {
    return new Builder(database, codec, Tables.LIVE);
  }

  /** The same for the tables beside them, which {@link Rebuild} makes and puts in their place. */
  public static Builder beside(Database database, EventCodec codec) {
    return new Builder(database, codec, Tables.BESIDE);
  }

  /**
   * Takes the next page of the feed.
   *
   * @return how many events it had; fewer than a page means that the end was reached
   * @throws JournalException UNAVAILABLE, after which nothing has changed and a next step tries
   *     again
   */
  public int step() {
    FeedPosition from = position == null ? database.run(bookmark::stored) : position;
    FeedPage page = feed.read(from, pageSize);
    if (page.rows().isEmpty()) {
      position = from;
      return 0;
    }
    try {
      boolean moved = database.inTransaction(connection -> project(connection, from, page));
      position = moved ? page.next() : null;
      if (!moved) {
        forget();
      }
      return page.rows().size();
    } catch (JournalException e) {
      position = null;
      forget();
      throw e;
    }
  }

  /** Whether a step with so many events has seen a full page, so that there may be more. */
  public boolean isPage(int events) {
    return events >= pageSize;
  }

  /** Steps until the end of the feed; gives how many events there were. */
  public long catchUp() {
    long all = 0;
    int some;
    do {
      some = step();
      all += some;
    } while (some > 0);
    return all;
  }

  /** How far it has come, as stored. */
  public FeedPosition position() {
    return database.run(bookmark::stored);
  }

  /**
   * What is wrong with what the tables say of an entity, in words; empty where nothing is.
   *
   * @param entity {@code type|id}
   * @throws JournalException UNAVAILABLE
   */
  public Optional<String> difference(String entity) {
    int bar = entity.indexOf('|');
    String type = bar < 0 ? "" : entity.substring(0, bar);
    Folding<?, ?> folding = foldings.get(type);
    boolean listed = SecurityListing.concerns(type);
    if (folding == null && !listed) {
      return Optional.empty();
    }
    return database.run(
        connection -> {
          FeedPosition before = bookmark.stored(connection); // what is read next is no older
          String id = entity.substring(bar + 1);
          Optional<Folding.Shown> shown =
              folding == null ? Optional.empty() : folding.shown(connection, id);
          Map<Long, List<Object>> events =
              listed ? security.shown(connection, entity) : new TreeMap<>();
          Iterable<JournalRow> rows = feed.ofEntity(connection, entity, FeedPosition.END);
          try {
            String wrong = folding == null ? null : folding.difference(id, shown, rows, before);
            return Optional.ofNullable(
                wrong == null && listed ? SecurityListing.difference(events, rows, before) : wrong);
          } catch (JournalException e) {
            if (e.fault().retryHelps()) {
              throw e;
            }
            return Optional.of("cannot be compared: " + e.fault());
          }
        });
  }

  /** Empties everything it writes, to be made again from the first event on. */
  public void rebuild() {
    database.inTransaction(
        connection -> {
          for (String table : Tables.NAMES) {
            Sql.execute(connection, "delete from " + tables.named(table));
          }
          for (String table : List.of("feed_position", "parked_event")) {
            int[] unused =
                Sql.batch(
                    connection,
                    "delete from " + table + " where reader = ?",
                    List.<@Nullable Object[]>of(new Object[] {reader}));
          }
          return true;
        });
    position = null;
    forget();
  }

  private void forget() {
    foldings.values().forEach(Folding::forget);
    security.forget();
  }

  /** Writes a page; false where another projector has moved on meanwhile. */
  private boolean project(Connection connection, FeedPosition from, FeedPage page)
      throws SQLException {
    if (database.dialect() == Dialect.POSTGRESQL) {
      // what a crash may take back is made again from the journal, with its position
      Sql.execute(connection, "set local synchronous_commit to off");
    }
    if (!bookmark.move(connection, from, page.next())) {
      return false;
    }
    Deadlines deadlines = new Deadlines(tables);
    Map<JournalRow, JournalException> failed = new LinkedHashMap<>();
    for (JournalRow row : page.rows()) {
      try {
        fold(connection, row, deadlines);
      } catch (JournalException e) {
        if (e.fault().retryHelps()) {
          throw e;
        }
        failed.put(row, e);
      }
    }
    deadlines.write(connection, database.dialect());
    security.write(connection, database.dialect());
    for (Folding<?, ?> folding : foldings.values()) {
      folding.write(connection, database.dialect(), failed::put);
    }
    for (Map.Entry<JournalRow, JournalException> each : failed.entrySet()) {
      if (ParkedEvents.park(connection, reader, each.getKey(), each.getValue(), clock.instant())) {
        trouble.unreadable(each.getKey(), each.getValue());
      }
    }
    return true;
  }

  private void fold(Connection connection, JournalRow row, Deadlines deadlines)
      throws SQLException {
    Envelope envelope = row.envelope();
    deadlines.note(envelope);
    security.note(row, envelope);
    Folding<?, ?> folding = foldings.get(envelope.entityType());
    if (folding != null) {
      folding.fold(connection, row, envelope);
    }
  }

  /**
   * Tries a parked entity again: its events up to where the tables are, in one transaction that a
   * running projector waits for.
   *
   * @throws JournalException what is still wrong, after which it stays parked; UNAVAILABLE where
   *     the feed moved meanwhile: ask again
   */
  public void retry(String entity) {
    forget();
    position = null;
    FeedPosition at = position();
    boolean unused = database.inTransaction(connection -> retry(connection, entity, at));
    forget();
  }

  private boolean retry(Connection connection, String entity, FeedPosition at) throws SQLException {
    if (!bookmark.move(connection, at, at)) {
      throw new JournalException(Fault.UNAVAILABLE, "the feed has moved on: ask again");
    }
    if (!ParkedEvents.take(connection, reader, entity)) {
      throw new JournalException(Fault.UNREADABLE, "nothing is parked under this name");
    }
    Deadlines deadlines = new Deadlines(tables);
    for (JournalRow row : feed.ofEntity(connection, entity, at)) {
      fold(connection, row, deadlines);
    }
    deadlines.write(connection, database.dialect());
    security.write(connection, database.dialect());
    for (Folding<?, ?> folding : foldings.values()) {
      folding.write(
          connection,
          database.dialect(),
          (row, why) -> {
            throw why;
          });
    }
    return true;
  }

  /** What is to be shown of what. */
  public static final class Builder {
    private final Database database;
    private final EventCodec codec;
    private final Tables tables;
    private final Map<String, Folding<?, ?>> foldings = new HashMap<>();
    private Trouble trouble =
        (row, why) -> {
          throw why;
        };
    private int pageSize = 500;
    private InstantSource clock = InstantSource.system();

    private Builder(Database database, EventCodec codec, Tables tables) {
      this.database = database;
      this.codec = codec;
      this.tables = tables;
    }

    /**
     * Keeps the latest state of every entity of a kind in {@code entity_view}.
     *
     * @param account whose it is; empty for what belongs to no account
     */
    public <S extends DomainState<S, E>, E extends DomainEvent> Builder view(
        EntityKind<S, E> kind, Function<S, Optional<String>> account) {
      return view(kind, (id, state) -> account.apply(state));
    }

    /** The same where whose it is follows from the entity's id too. */
    public <S extends DomainState<S, E>, E extends DomainEvent> Builder view(
        EntityKind<S, E> kind, BiFunction<String, S, Optional<String>> account) {
      return add(kind.type(), new ViewFolding<>(kind, codec, tables, account));
    }

    /** Keeps a row of every call in {@code call_index}. */
    public <S extends DomainState<S, E>, E extends DomainEvent> Builder calls(
        EntityKind<S, E> kind, CallIndexExtractor<S> extractor) {
      return add(kind.type(), new CallFolding<>(database, kind, codec, tables, extractor));
    }

    /** Keeps a row of every dispute in {@code dispute_index}. */
    public <S extends DomainState<S, E>, E extends DomainEvent> Builder disputes(
        EntityKind<S, E> kind, Function<S, Optional<DisputeIndexRow>> extractor) {
      return add(kind.type(), new DisputeFolding<>(database, kind, codec, tables, extractor));
    }

    /** Where unreadable events are reported; without it the first one stops the projector. */
    public Builder onTrouble(Trouble listener) {
      this.trouble = listener;
      return this;
    }

    /** Events a transaction, 500 unless said. */
    public Builder pageSize(int events) {
      this.pageSize = events;
      return this;
    }

    /** By whose time something is parked, the system's unless said. */
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    public Projector build() {
      return new Projector(this);
    }

    private Builder add(String type, Folding<?, ?> folding) {
      if (foldings.putIfAbsent(type, folding) != null) {
        throw new IllegalArgumentException(type + " is projected twice");
      }
      return this;
    }
  }
}

package io.tandem.persistence.proof;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.FeedPage;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the next checkpoint over what is new in the feed, and carries checkpoints to their anchors.
 *
 * <p>The feed has no gaps and never changes behind its reader, so a commit that comes late is in a
 * later checkpoint. Driven by its caller, from one thread. A second maker is harmless: the number
 * of a checkpoint is taken once, and who comes late starts over from the other's.
 */
public final class CheckpointMaker {

  /** Events in a checkpoint at most; where there are more the next one follows at once. */
  public static final int EVENTS_MAX = 20_000;

  private static final int PAGE = 2_000;
  private static final int SNAPSHOTS_MAX = 100_000;
  private static final int ANCHORED_AT_ONCE = 100;

  /** Looked for again this far back: clocks of nodes differ, and a snapshot may be stored late. */
  private static final Duration SNAPSHOT_OVERLAP = Duration.ofSeconds(30);

  private static final String SNAPSHOTS =
      """
      select "persistence_id", "sequence_number", "created", "snapshot_payload" from "snapshot"
      where "created" >= ? order by "created", "persistence_id" limit ?\
      """;

  private final Database database;
  private final JournalFeed feed;
  private final CoveredRows rows;
  private final CheckpointStore store;
  private final SigningKey key;
  private final InstantSource clock;
  private Set<Segment.Line> noted = new HashSet<>();
  private long snapshotsSinceMillis;
  private List<Segment.Line> notes = List.of();
  private long lastMade;
  private int lastEvents;

  public CheckpointMaker(Database database, SigningKey key, InstantSource clock) {
    this.database = database;
    this.feed = new JournalFeed(database);
    this.rows = new CoveredRows(database);
    this.store = new CheckpointStore(database);
    this.key = key;
    this.clock = clock;
  }

  /**
   * Makes a checkpoint, where anything is new.
   *
   * @return it; empty where there is nothing new, or where somebody else was first
   * @throws JournalException UNAVAILABLE, or UNREADABLE where the newest checkpoint in the database
   *     is not one of ours: then nothing may be added before somebody has looked
   */
  public Optional<SignedCheckpoint> make() {
    Optional<SignedCheckpoint> before = newest();
    if (snapshotsSinceMillis == 0 && before.isPresent()) {
      snapshotsSinceMillis = before.get().checkpoint().at().toEpochMilli();
    }
    FeedPosition position =
        before.map(last -> last.checkpoint().position()).orElse(FeedPosition.START);
    MerkleTree tree = before.map(last -> last.checkpoint().tree()).orElseGet(MerkleTree::new);
    List<Segment.Line> events = new ArrayList<>();
    FeedPage page;
    do {
      page = feed.read(position, Math.min(PAGE, EVENTS_MAX - events.size()));
      for (JournalRow row : page.rows()) {
        Hash leaf = MerkleTree.leaf(row.bytes());
        tree.add(leaf);
        events.add(new Segment.Line(row.persistenceId(), row.sequence(), leaf));
      }
      position = page.next();
    } while (!page.rows().isEmpty() && events.size() < EVENTS_MAX);
    List<Segment.Line> snapshots = newSnapshots();
    List<Segment.Line> newest = rows.newestNotes();
    if (events.isEmpty() && snapshots.isEmpty() && newest.equals(notes)) {
      return Optional.empty();
    }
    Segment segment = new Segment(events, snapshots, newest);
    SignedCheckpoint next =
        SignedCheckpoint.sign(
            new Checkpoint(
                key.verifying().name(),
                tree.size(),
                tree.root(),
                before.map(last -> last.number() + 1).orElse(1L),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                before.map(SignedCheckpoint::hash).orElse(Hash.NONE),
                position,
                segment.hash(),
                tree.frontier()),
            key);
    if (!store.add(next, segment, next.checkpoint().at())) {
      return Optional.empty();
    }
    noted.addAll(snapshots);
    notes = newest;
    lastMade = next.number();
    lastEvents = events.size();
    return Optional.of(next);
  }

  /**
   * Gives an anchor what it lacks.
   *
   * @return how many checkpoints it was given; the most there are at once means that it lacks more
   * @throws AnchorException where it cannot be reached, refuses, or knows of checkpoints that the
   *     database has not: then the database is older than what was said of it
   */
  public int anchor(Anchor anchor) {
    long has = anchor.newest();
    long newest = store.newest().map(Anchored::number).orElse(0L);
    if (has > newest) {
      throw AnchorException.ahead(
          anchor.name()
              + " has checkpoint "
              + has
              + ", the database has "
              + newest
              + ": the database is an older copy, or its checkpoints were removed");
    }
    List<Anchored> lacking = store.after(has, ANCHORED_AT_ONCE);
    lacking.forEach(anchor::add);
    return lacking.size();
  }

  /** Whether a checkpoint has as many events as it can, so that more may be waiting. */
  public boolean isFull(SignedCheckpoint made) {
    return made.number() == lastMade && lastEvents >= EVENTS_MAX;
  }

  private Optional<SignedCheckpoint> newest() {
    return store
        .newest()
        .map(
            stored -> {
              try {
                return SignedCheckpoint.read(stored.note(), key.verifying());
              } catch (IllegalArgumentException e) {
                throw new JournalException(
                    JournalException.Fault.UNREADABLE,
                    stored + " in the database was not signed by this key: " + e.getMessage(),
                    e);
              }
            });
  }

  /** Snapshots that no checkpoint of this maker has noted yet. */
  private List<Segment.Line> newSnapshots() {
    Set<Segment.Line> seen = new HashSet<>();
    List<Segment.Line> fresh = new ArrayList<>();
    long[] latest = {snapshotsSinceMillis};
    List<Boolean> unused =
        database.run(
            connection ->
                Sql.list(
                    connection,
                    SNAPSHOTS,
                    row -> {
                      Segment.Line line =
                          new Segment.Line(
                              row.getString("persistence_id"),
                              row.getLong("sequence_number"),
                              Hash.of(row.getBytes("snapshot_payload")));
                      latest[0] = Math.max(latest[0], row.getLong("created"));
                      if (seen.add(line) && !noted.contains(line)) {
                        fresh.add(line);
                      }
                      return true;
                    },
                    snapshotsSinceMillis - SNAPSHOT_OVERLAP.toMillis(),
                    SNAPSHOTS_MAX));
    snapshotsSinceMillis = latest[0];
    noted.retainAll(seen);
    return fresh;
  }
}

package io.tandem.persistence.journal.keys;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.keys.KeyRows.Assignment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data keys in a database of their own, wrapped under the master key.
 *
 * <p>Keys are made in blocks before anybody needs one; to take one is a matter of memory, and whose
 * it became is written behind. When a node dies in between, the key is in the journal beside the
 * person's blind name, from where {@link #adopt} brings it back. Another node's erasure is noticed
 * within {@link #SWEEP}; until then this one may still read what it has in memory.
 */
public final class JdbcKeyStore implements KeyStore {

  /** How often destroyed keys are looked for. */
  public static final Duration SWEEP = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(JdbcKeyStore.class);
  private static final int BLOCK = 256;
  private static final int REFILL_BELOW = BLOCK / 2;
  private static final int KEPT = 50_000;

  /** Looked for again this far back, as clocks of nodes differ and commits come late. */
  private static final Duration SWEEP_OVERLAP = Duration.ofMinutes(5);

  private final KeyRows rows;
  private final MasterKey master;
  private final InstantSource clock;
  private final ScheduledExecutorService behind;
  private final Object lock = new Object();

  // all of these under the lock
  private final Queue<DataKey> pool = new ArrayDeque<>();
  private final Map<Assignment, DataKey> current = bounded();
  private final Map<KeyId, DataKey> opened = bounded();
  private final Map<KeyId, Assignment> unwritten = new HashMap<>();
  private boolean refilling;

  private JdbcKeyStore(KeyRows rows, MasterKey master, InstantSource clock) {
    this.rows = rows;
    this.master = master;
    this.clock = clock;
    this.behind =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("key-store").factory());
  }

  /**
   * Starts on an open database of {@link Database.Contents#KEYS}; the caller closes that.
   *
   * @param owner the node's incarnation, noted on the keys it makes
   * @throws JournalException UNKNOWN_KEY where the store was made under another master key;
   *     UNAVAILABLE
   */
  public static JdbcKeyStore start(
      Database database, MasterKey master, String owner, InstantSource clock) {
    KeyRows rows = new KeyRows(database, master, owner);
    rows.any()
        .ifPresent(
            stored -> {
              byte[] wrapped = stored.wrapped();
              if (wrapped != null) {
                DataKey unused = master.unwrap(stored.id(), wrapped);
              }
            });
    JdbcKeyStore store = new JdbcKeyStore(rows, master, clock);
    store.pool.addAll(rows.make(BLOCK, clock.instant()));
    var unused =
        store.behind.scheduleWithFixedDelay(
            store.logged("looking for destroyed keys", store::sweep),
            SWEEP.toMillis(),
            SWEEP.toMillis(),
            TimeUnit.MILLISECONDS);
    return store;
  }

  @Override
  public DataKey keyFor(String subject, DataClass dataClass, String period) {
    Assignment assignment = new Assignment(subject, dataClass, period);
    synchronized (lock) {
      DataKey known = current.get(assignment);
      if (known != null) {
        return known;
      }
      DataKey fresh = pool.poll();
      if (fresh == null) {
        // only where keys are used up faster than a block is made: better to wait than to refuse
        pool.addAll(rows.make(BLOCK, clock.instant()));
        fresh = pool.remove();
      }
      current.put(assignment, fresh);
      opened.put(fresh.id(), fresh);
      note(fresh.id(), assignment);
      if (pool.size() < REFILL_BELOW && !refilling) {
        refilling = true;
        behind.execute(logged("making keys", this::refill));
      }
      return fresh;
    }
  }

  @Override
  public Optional<DataKey> find(KeyId id) {
    synchronized (lock) {
      DataKey known = opened.get(id);
      if (known != null) {
        return Optional.of(known);
      }
    }
    KeyRows.Stored stored =
        rows.find(id)
            .orElseThrow(
                () ->
                    new JournalException(
                        Fault.UNKNOWN_KEY, "this key store never had a key " + id));
    byte[] wrapped = stored.wrapped();
    if (wrapped == null) {
      return Optional.empty();
    }
    DataKey key = master.unwrap(id, wrapped);
    synchronized (lock) {
      opened.put(id, key);
    }
    return Optional.of(key);
  }

  @Override
  public void adopt(KeyId id, String subject, DataClass dataClass, String period) {
    synchronized (lock) {
      note(id, new Assignment(subject, dataClass, period));
    }
  }

  @Override
  public int destroy(String subject, DataClass dataClass) {
    return destroyAll(subject, dataClass, null);
  }

  @Override
  public int destroy(String subject, DataClass dataClass, String period) {
    return destroyAll(subject, dataClass, period);
  }

  private int destroyAll(String subject, DataClass dataClass, @Nullable String period) {
    flush();
    Collection<KeyId> gone = rows.destroy(subject, dataClass, period, clock.instant());
    evict(gone);
    return gone.size();
  }

  @Override
  public void flush() {
    Map<KeyId, Assignment> batch;
    synchronized (lock) {
      batch = Map.copyOf(unwritten);
    }
    if (batch.isEmpty()) {
      return;
    }
    rows.assign(batch);
    synchronized (lock) {
      unwritten.keySet().removeAll(batch.keySet());
    }
  }

  /** Lets go of keys that another node has destroyed. */
  public void sweep() {
    evict(rows.destroyedSince(clock.instant().minus(SWEEP_OVERLAP)));
    flush(); // what an earlier failure left
  }

  @Override
  public void close() {
    behind.shutdown();
    try {
      if (!behind.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("the key store's thread did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    logged("writing key assignments", this::flush).run();
    synchronized (lock) {
      pool.clear();
      current.clear();
      opened.clear();
    }
  }

  private void note(KeyId id, Assignment assignment) {
    if (unwritten.isEmpty() && !behind.isShutdown()) {
      behind.execute(logged("writing key assignments", this::flush));
    }
    unwritten.put(id, assignment);
  }

  private void refill() {
    try {
      Collection<DataKey> made = rows.make(BLOCK, clock.instant());
      synchronized (lock) {
        pool.addAll(made);
      }
    } finally {
      synchronized (lock) {
        refilling = false;
      }
    }
  }

  private void evict(Collection<KeyId> gone) {
    synchronized (lock) {
      opened.keySet().removeAll(gone);
      current.values().removeIf(key -> gone.contains(key.id()));
    }
  }

  private Runnable logged(String what, Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (JournalException e) {
        LOG.warn("{} failed, to be tried again: {}", what, e.getMessage());
      }
    };
  }

  private static <A, B> Map<A, B> bounded() {
    return new LinkedHashMap<>(256, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<A, B> eldest) {
        return size() > KEPT;
      }
    };
  }
}

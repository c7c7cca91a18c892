package io.tandem.persistence.audit;

import io.tandem.persistence.archive.Archives;
import io.tandem.persistence.audit.Verification.Problem;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.journal.keys.ReadingKeyStore;
import io.tandem.persistence.privacy.Disclosure;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.ErasureExamination;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.CheckpointExamination;
import io.tandem.persistence.proof.Findings;
import io.tandem.persistence.proof.VerifyingKey;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.repair.SupersessionLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be checked of a journal (AUD-2): chains and folds, checkpoints against rows
 * and anchors, snapshots against folds.
 */
public final class FullVerification {

  private static final int PROBLEMS_KEPT = 1_000;

  private final Database database;
  private final EventCodec codec;
  private final Map<String, EntityKind<?, ?>> kinds = new HashMap<>();
  private final SnapshotReader snapshots;
  private List<VerifyingKey> officers = List.of();
  private Instant now = Instant.MAX;
  private @Nullable ReadingKeyStore keys;

  /**
   * @param database opened {@link Database#openUnchanged}: nothing is written
   */
  public FullVerification(
      Database database,
      EventCodec codec,
      Collection<EntityKind<?, ?>> kinds,
      SnapshotReader snapshots) {
    this.database = database;
    this.codec = codec;
    this.snapshots = snapshots;
    kinds.forEach(kind -> this.kinds.put(kind.type(), kind));
  }

  /** Who signs the trail of disclosures by law (CMP-7). */
  public FullVerification withOfficers(List<VerifyingKey> keys) {
    officers = List.copyOf(keys);
    return this;
  }

  /** What events say about persons is held against these keys and the log of erasures (PRV-2). */
  public FullVerification withKeys(ReadingKeyStore store) {
    keys = store;
    return this;
  }

  /**
   * When it is asked, of a node that runs: what was signed in the minutes before need not be at
   * every anchor yet. Otherwise all has to be.
   */
  public FullVerification asOf(Instant instant) {
    now = instant;
    return this;
  }

  /** How many events there are, about: for a bar that fills. */
  public long events() {
    return database.run(
        connection -> Sql.number(connection, "select count(*) as events from \"event_journal\""));
  }

  /**
   * What was found.
   *
   * @param verification all that is wrong, and what was looked at
   * @param checkpoints how the signed checkpoints came out
   * @param snapshots how many there are
   * @param superseded the records by which something else is read than what is stored
   * @param archives how many were read as one with the journal
   * @param sealed how many values about persons were held against the keys and the log of erasures;
   *     empty where no keys were given
   */
  public record Outcome(
      Verification verification,
      CheckpointExamination.Result checkpoints,
      long snapshots,
      List<Supersession> superseded,
      int archives,
      OptionalLong sealed) {}

  /**
   * Checks it all.
   *
   * @param progress told what is done, and how many of it so far
   */
  public Outcome run(VerifyingKey key, List<Anchor> anchors, BiConsumer<String, Long> progress) {
    Collected collected = new Collected();
    Set<String> unsound = new HashSet<>();
    long count =
        new SnapshotExamination(
                database,
                codec,
                kinds,
                snapshots,
                (entity, position, what) -> {
                  unsound.add(entity + "#" + position);
                  collected.wrong(entity, position, what);
                })
            .run();
    progress.accept("snapshots", count);
    int archives = Archives.examine(database, key, collected);
    CheckpointExamination.Result checkpoints =
        new CheckpointExamination(
                database,
                key,
                anchors,
                unsound,
                collected,
                done -> progress.accept("checkpoints", done),
                now)
            .run();
    List<Supersession> superseded = superseded(key, collected);
    List<Disclosure> disclosed = new DisclosureLog(database, key, officers).genuine(collected);
    progress.accept("disclosures", (long) disclosed.size());
    AtomicLong examined = new AtomicLong();
    ErasureExamination erasures =
        keys == null ? null : new ErasureExamination(database, keys, collected);
    Verification chains =
        new Audit(database, codec, kinds.values())
            .verify(
                more -> {
                  synchronized (examined) {
                    progress.accept("chains", examined.addAndGet(more));
                  }
                },
                erasures == null ? envelope -> {} : erasures);
    OptionalLong sealed = erasures == null ? OptionalLong.empty() : OptionalLong.of(erasures.end());
    chains.problems().forEach(p -> collected.wrong(p.entity(), p.sequence(), p.what()));
    collected.count += chains.problemCount() - chains.problems().size();
    progress.accept("chains", chains.events());
    return new Outcome(
        new Verification(
            chains.entities(), chains.events(), List.copyOf(collected.problems), collected.count),
        checkpoints,
        count,
        superseded,
        archives,
        sealed);
  }

  /** The records are genuine, and each stands beside the event it was made for. */
  private List<Supersession> superseded(VerifyingKey key, Findings findings) {
    List<Supersession> records = new SupersessionLog(database, key).genuine(findings);
    JournalReader journal = new JournalReader(database);
    for (Supersession each : records) {
      int bar = each.entity().indexOf('|');
      Iterator<JournalRow> rows =
          journal.entity(
              each.entity().substring(0, bar),
              each.entity().substring(bar + 1),
              each.sequence() - 1);
      if (!rows.hasNext() || !Hash.of(rows.next().bytes()).equals(each.stored())) {
        findings.wrong(
            each.entity(),
            each.sequence(),
            "is not the event that supersession " + each.number() + " was made for");
      }
    }
    return records;
  }

  /** Keeps the first thousand and counts the rest. */
  private static final class Collected implements Findings {
    final List<Problem> problems = new ArrayList<>();
    long count;

    @Override
    public void wrong(String entity, long position, String what) {
      count++;
      if (problems.size() < PROBLEMS_KEPT) {
        problems.add(new Problem(entity, position, what));
      }
    }
  }
}

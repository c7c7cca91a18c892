package io.tandem.persistence.audit;

import io.tandem.persistence.audit.Verification.Problem;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.HashChain;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.money.Stated;
import io.tandem.persistence.readmodel.JournalRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One pass over entities of the journal, noting everything that is wrong. */
final class Examination implements Consumer<JournalRow> {

  private static final int PROBLEMS_KEPT = 1_000;

  private final Map<String, EntityKind<?, ?>> kinds;
  private final EventCodec codec;
  private final Tick tick;
  private final Consumer<Envelope> also;
  private final Writers writers = new Writers();
  private final HashChain chain = new HashChain();
  private final List<Problem> problems = new ArrayList<>();
  private long entities;
  private long events;
  private long problemCount;
  private String entity = "";
  private @Nullable Fold<?, ?> fold;
  private StatedBalances balances = new StatedBalances();

  /**
   * @param also given every event too
   */
  Examination(
      Map<String, EntityKind<?, ?>> kinds,
      EventCodec codec,
      LongConsumer progress,
      Consumer<Envelope> also) {
    this.also = also;
    this.kinds = kinds;
    this.codec = codec;
    this.tick = new Tick(progress);
  }

  @Override
  public void accept(JournalRow row) {
    events++;
    tick.next();
    if (!row.persistenceId().equals(entity)) {
      entity = row.persistenceId();
      entities++;
      fold = foldOf(row);
      balances = new StatedBalances();
      writers.begin(row);
    }
    writers
        .next(row)
        .ifPresent(
            between ->
                problem(
                    row.persistenceId(),
                    between,
                    "was written by another writer between two events of one: its entity stops"));
    Envelope envelope;
    try {
      envelope = row.envelope();
    } catch (JournalException e) {
      fold = null; // nothing after it can be folded
      problem(row, String.valueOf(e.getMessage()));
      return;
    }
    also.accept(envelope);
    chain.next(envelope).ifPresent(found -> problem(row, found.what()));
    if (fold == null) {
      return;
    }
    try {
      @Nullable DomainEvent event = fold.take(envelope);
      if (event instanceof Posted posted) {
        post(row, envelope, posted);
      } else if (event == null) {
        balances.skip();
      }
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
      fold = null;
      problem(row, e.fault() + " " + e.getMessage());
    } catch (RuntimeException e) {
      fold = null;
      problem(row, "cannot be folded or posted: " + e.getClass().getSimpleName());
    }
  }

  /** WAL-5: it balances in itself, and states what the postings so far come to. */
  private void post(JournalRow row, Envelope envelope, Posted posted) {
    List<Posting> postings = posted.postings();
    if (!TrialBalance.balances(postings)) {
      TrialBalance.differences(envelope, postings).forEach(what -> problem(row, what));
    }
    String off = posted instanceof Stated stated ? balances.next(stated, postings) : null;
    if (off != null) {
      problem(row, off);
    }
  }

  /** What several found together, by entity. */
  static Verification result(List<Examination> all) {
    List<Problem> problems =
        all.stream()
            .flatMap(each -> each.problems.stream())
            .sorted(Comparator.comparing(Problem::entity)) // of one entity: as they were found
            .limit(PROBLEMS_KEPT)
            .toList();
    return new Verification(
        all.stream().mapToLong(each -> each.entities).sum(),
        all.stream().mapToLong(each -> each.events).sum(),
        problems,
        all.stream().mapToLong(each -> each.problemCount).sum());
  }

  private @Nullable Fold<?, ?> foldOf(JournalRow row) {
    int bar = row.persistenceId().indexOf('|');
    EntityKind<?, ?> kind = bar < 0 ? null : kinds.get(row.persistenceId().substring(0, bar));
    if (kind == null) {
      problem(row, "no entity type of this build");
      return null;
    }
    return new Fold<>(kind, row.persistenceId().substring(bar + 1), codec);
  }

  private void problem(JournalRow row, String what) {
    problem(row.persistenceId(), row.sequence(), what);
  }

  private void problem(String of, long sequence, String what) {
    problemCount++;
    if (problems.size() < PROBLEMS_KEPT) {
      problems.add(new Problem(of, sequence, what));
    }
  }

  /** One entity's state on its way. */
  private static final class Fold<S extends DomainState<S, E>, E extends DomainEvent> {
    private final EntityKind<S, E> kind;
    private final EventCodec codec;
    private S state;

    Fold(EntityKind<S, E> kind, String entityId, EventCodec codec) {
      this.kind = kind;
      this.codec = codec;
      this.state = kind.initial().apply(entityId);
    }

    @Nullable DomainEvent take(Envelope envelope) {
      E event = codec.read(envelope, kind.events()).orElse(null);
      if (event != null) {
        state = state.apply(event);
      }
      return event;
    }
  }
}

package io.tandem.node.entity.tally;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * A tally as it is.
 *
 * @param adds the sum after each add, by its id
 * @param passes what was passed on, by id
 * @param lamps those that are to burn
 * @param remindAt when to be awake; null for never
 */
@Wire("tally.state/1")
public record TallyState(
    String id,
    long sum,
    PMap<String, Long> adds,
    PMap<String, Pass> passes,
    PVector<String> lamps,
    String label,
    @Nullable Instant remindAt,
    int reminders,
    boolean closed)
    implements DomainState<TallyState, TallyEvent> {

  /** An amount on its way. */
  public record Pass(String to, long amount, boolean takenBack) {}

  static TallyState of(String id) {
    return new TallyState(
        id, 0, HashTreePMap.empty(), HashTreePMap.empty(), TreePVector.empty(), "", null, 0, false);
  }

  @Override
  public TallyState apply(TallyEvent event) {
    return switch (event) {
      case TallyEvent.Added it -> with(it.sum(), adds.plus(it.addId(), it.sum()), passes);
      case TallyEvent.Counted it -> with(it.sum(), adds, passes);
      case TallyEvent.Passed it ->
          with(it.sum(), adds, passes.plus(it.passId(), new Pass(it.to(), it.amount(), false)));
      case TallyEvent.TakenBack it -> {
        Pass pass = passes.get(it.passId());
        yield pass == null
            ? this
            : with(
                it.sum(), adds, passes.plus(it.passId(), new Pass(pass.to(), pass.amount(), true)));
      }
      case TallyEvent.Labelled it ->
          new TallyState(id, sum, adds, passes, lamps, it.label(), remindAt, reminders, closed);
      case TallyEvent.Lit it ->
          new TallyState(
              id, sum, adds, passes, lamps.plus(it.lampId()), label, remindAt, reminders, closed);
      case TallyEvent.ReminderSet it ->
          new TallyState(id, sum, adds, passes, lamps, label, it.at(), reminders, closed);
      case TallyEvent.Reminded unused ->
          new TallyState(id, sum, adds, passes, lamps, label, null, reminders + 1, closed);
      case TallyEvent.Closed unused ->
          new TallyState(id, sum, adds, passes, lamps, label, remindAt, reminders, true);
    };
  }

  private TallyState with(long sum, PMap<String, Long> adds, PMap<String, Pass> passes) {
    return new TallyState(id, sum, adds, passes, lamps, label, remindAt, reminders, closed);
  }
}

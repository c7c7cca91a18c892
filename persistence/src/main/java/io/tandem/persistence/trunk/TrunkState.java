package io.tandem.persistence.trunk;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.trunk.TrunkEvent.AdmissionKept;
import io.tandem.persistence.trunk.TrunkEvent.Admitted;
import io.tandem.persistence.trunk.TrunkEvent.Defined;
import io.tandem.persistence.trunk.TrunkEvent.Released;
import io.tandem.persistence.trunk.TrunkEvent.Switched;
import io.tandem.persistence.window.Agenda;
import io.tandem.persistence.window.Memory;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * A trunk after its events so far (TEL-3, MKT-10).
 *
 * @param id its name: the entity's id
 * @param terms null before it was defined
 * @param on whether it is used for new calls
 * @param admissions calls that count as running, by call id, with the instant at which they are
 *     asked
 * @param agenda the same calls by that instant
 * @param lastSecond when the calls of the last second before the newest were admitted, oldest first
 * @param released calls that are over, for six hours
 */
@Wire("trunk.state/1")
public record TrunkState(
    String id,
    @Nullable TrunkTerms terms,
    boolean on,
    PMap<String, Instant> admissions,
    Agenda agenda,
    PVector<Instant> lastSecond,
    Memory<Instant> released)
    implements DomainState<TrunkState, TrunkEvent> {

  /** How long ended calls are remembered; fixed, so that a fold comes out the same always. */
  public static final Duration MEMORY = Duration.ofHours(6);

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A trunk without events. */
  public static TrunkState initial(String id) {
    return new TrunkState(
        id, null, false, HashTreePMap.empty(), Agenda.EMPTY, TreePVector.empty(), Memory.empty());
  }

  @Override
  public TrunkState apply(TrunkEvent event) {
    return switch (event) {
      case Defined e ->
          new TrunkState(
              id, e.terms(), terms == null || on, admissions, agenda, lastSecond, released);
      case Switched e ->
          new TrunkState(id, terms, e.on(), admissions, agenda, lastSecond, released);
      case Admitted e ->
          new TrunkState(
              id,
              terms,
              on,
              admissions.plus(e.callId(), e.askAt()),
              agenda.with(e.askAt(), e.callId()),
              within(e.at()).plus(e.at()),
              released.forgetBefore(e.at().minus(MEMORY)));
      case AdmissionKept e -> kept(e);
      case Released e -> released(e);
    };
  }

  /** The admissions of the second before an instant. */
  public PVector<Instant> within(Instant now) {
    PVector<Instant> kept = lastSecond;
    while (!kept.isEmpty() && !kept.get(0).isAfter(now.minus(SECOND))) {
      kept = kept.minus(0);
    }
    return kept;
  }

  private TrunkState kept(AdmissionKept e) {
    Instant before = admissions.get(e.callId());
    return before == null
        ? this
        : new TrunkState(
            id,
            terms,
            on,
            admissions.plus(e.callId(), e.askAt()),
            agenda.without(before, e.callId()).with(e.askAt(), e.callId()),
            lastSecond,
            released);
  }

  private TrunkState released(Released e) {
    Instant askAt = admissions.get(e.callId());
    return new TrunkState(
        id,
        terms,
        on,
        admissions.minus(e.callId()),
        askAt == null ? agenda : agenda.without(askAt, e.callId()),
        lastSecond,
        released.with(e.callId(), e.at()).forgetBefore(e.at().minus(MEMORY)));
  }
}

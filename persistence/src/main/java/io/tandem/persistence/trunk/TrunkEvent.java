package io.tandem.persistence.trunk;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;

/** What happened to a trunk: its terms, and the calls its limits admitted (TEL-3, MKT-10). */
public sealed interface TrunkEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** The trunk is there, with these terms from now on. */
  @Wire("trunk.defined/1")
  record Defined(TrunkTerms terms, Instant at) implements TrunkEvent {}

  /** It is used, or not, from now on; calls in progress go on. */
  @Wire("trunk.switched/1")
  record Switched(boolean on, String reason, Instant at) implements TrunkEvent {}

  /**
   * A call counts against the limits. Only trunks with a limit are asked.
   *
   * @param askAt when the call is asked whether it still counts, so that a count never leaks
   */
  @Wire("trunk.admitted/1")
  record Admitted(String callId, Instant at, Instant askAt) implements TrunkEvent {}

  /** An old admission asked its call, which still goes on; it asks again at {@code askAt}. */
  @Wire("trunk.admission-kept/1")
  record AdmissionKept(String callId, Instant at, Instant askAt) implements TrunkEvent {}

  /**
   * The call no longer counts.
   *
   * @param forestalled it had never been admitted here; if it comes later it is refused
   */
  @Wire("trunk.released/1")
  record Released(String callId, boolean forestalled, Instant at) implements TrunkEvent {}
}

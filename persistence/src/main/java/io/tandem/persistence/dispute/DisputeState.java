package io.tandem.persistence.dispute;

import io.tandem.persistence.dispute.DisputeEvent.CallExcused;
import io.tandem.persistence.dispute.DisputeEvent.CreditRefused;
import io.tandem.persistence.dispute.DisputeEvent.Credited;
import io.tandem.persistence.dispute.DisputeEvent.Decided;
import io.tandem.persistence.dispute.DisputeEvent.Filed;
import io.tandem.persistence.dispute.DisputeEvent.UnderReview;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A dispute after its events so far (DSP-4).
 *
 * @param id derived from its call, of which there is one dispute at most
 * @param filed null before it was filed
 * @param review null before a reviewer looked
 * @param decided null before it was decided
 * @param credited null before the wallet has booked the credit
 * @param creditRefused the wallet's refusal, or null
 * @param excused null before the agent's ratio is without the call
 */
@Wire("dispute.state/1")
public record DisputeState(
    String id,
    @Nullable Filed filed,
    @Nullable UnderReview review,
    @Nullable Decided decided,
    @Nullable Credited credited,
    @Nullable CreditRefused creditRefused,
    @Nullable CallExcused excused)
    implements DomainState<DisputeState, DisputeEvent> {

  /** Where a dispute stands. */
  public enum Phase {
    FILED,
    UNDER_REVIEW,
    APPROVED,
    PARTLY_APPROVED,
    REJECTED
  }

  /** A dispute without events. */
  public static DisputeState initial(String id) {
    return new DisputeState(id, null, null, null, null, null, null);
  }

  /** Where it stands; {@code FILED} also where there is none. */
  public Phase phase() {
    if (decided != null) {
      return switch (decided.verdict()) {
        case APPROVED -> Phase.APPROVED;
        case PARTLY_APPROVED -> Phase.PARTLY_APPROVED;
        case REJECTED -> Phase.REJECTED;
      };
    }
    return review == null ? Phase.FILED : Phase.UNDER_REVIEW;
  }

  /** Whether money is to be given back that the wallet has not answered for. */
  public boolean owesCredit() {
    return decided != null
        && decided.credit().isPositive()
        && credited == null
        && creditRefused == null;
  }

  /** Whether the agent is to be told that the call does not count. */
  public boolean owesExcuse() {
    return decided != null && decided.ground().technical() && excused == null;
  }

  @Override
  public DisputeState apply(DisputeEvent event) {
    return switch (event) {
      case Filed e -> new DisputeState(id, e, null, null, null, null, null);
      case UnderReview e -> new DisputeState(id, filed, e, null, null, null, null);
      case Decided e -> new DisputeState(id, filed, review, e, null, null, null);
      case Credited e -> new DisputeState(id, filed, review, decided, e, null, excused);
      case CreditRefused e -> new DisputeState(id, filed, review, decided, null, e, excused);
      case CallExcused e ->
          new DisputeState(id, filed, review, decided, credited, creditRefused, e);
    };
  }
}

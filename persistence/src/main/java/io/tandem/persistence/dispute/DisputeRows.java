package io.tandem.persistence.dispute;

import io.tandem.persistence.readmodel.DisputeIndexRow;
import java.util.Optional;
import java.util.function.Function;

/** The row a dispute is listed by. */
public final class DisputeRows implements Function<DisputeState, Optional<DisputeIndexRow>> {

  @Override
  public Optional<DisputeIndexRow> apply(DisputeState state) {
    return state.filed() == null ? Optional.empty() : Optional.of(row(state, state.filed()));
  }

  private static DisputeIndexRow row(DisputeState state, DisputeEvent.Filed filed) {
    DisputedCall call = filed.call();
    DisputeEvent.UnderReview review = state.review();
    DisputeEvent.Decided decided = state.decided();
    DisputeEvent.Credited credited = state.credited();
    return new DisputeIndexRow(
        state.id(),
        call.callId(),
        call.accountId(),
        call.campaignId(),
        call.agentId(),
        state.phase().name(),
        filed.reason().name(),
        decided == null ? null : decided.ground().name(),
        call.calledAt(),
        filed.deadline(),
        filed.at(),
        review == null ? null : review.at(),
        decided == null ? null : decided.at(),
        credited == null ? null : credited.at(),
        call.charge().micros(),
        decided == null ? null : decided.credit().micros(),
        call.charge().currency());
  }
}

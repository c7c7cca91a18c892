package io.tandem.persistence.call;

import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.CallIndexExtractor;
import io.tandem.persistence.readmodel.CallIndexRow;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The row a call is listed by, its call detail record, from the first event on. It belongs to the
 * account of the agent that answered, whose wallet pays; the campaign's tenant finds it by its
 * campaign.
 */
public final class CallRows implements CallIndexExtractor<CallState> {

  private static final int REASON_CHARS_MAX = 80;

  @Override
  public Optional<CallIndexRow> rowOf(CallState state) {
    return switch (state) {
      case CallState.Fresh _ -> Optional.empty();
      case CallState.Routing call -> Optional.of(row(call, "ROUTING", null, null, null));
      case CallState.Connected call ->
          Optional.of(row(call, "CONNECTED", call.bridged(), call.qualified(), null));
      case CallState.Ended call ->
          Optional.of(row(call, "ENDED", call.bridged(), call.qualified(), call.end()));
    };
  }

  @Override
  public boolean isOver(CallState state) {
    return state instanceof CallState.Ended;
  }

  /** Why its agents were chosen is the longest part of a call, and in no row. */
  @Override
  public CallState kept(CallState state) {
    return state instanceof CallState.Routing call ? call.withoutTrace() : state;
  }

  private static CallIndexRow row(
      CallState.Begun call,
      String phase,
      CallEvent.@Nullable Connected bridged,
      CallEvent.@Nullable Qualified qualified,
      CallEvent.@Nullable Ended end) {
    CallEvent.Offered offered = call.offered();
    Offer offer = bridged == null ? null : offered.plan().offer(bridged.offerId()).orElse(null);
    Money charge = qualified == null ? null : qualified.charge();
    if (charge == null && end != null) {
      charge = end.charge();
    }
    return new CallIndexRow(
        call.callId(),
        offer == null ? null : offer.accountId(),
        offered.campaignId(),
        offer == null ? null : offer.agentId(),
        phase,
        "inbound",
        offered.callerBlind(),
        offered.calledNumber(),
        offered.at(),
        bridged == null ? null : bridged.at(),
        end == null ? null : end.at(),
        bridged == null || end == null ? null : Duration.ofMillis(end.connectedMillis()),
        qualified != null,
        charge == null ? null : charge.micros(),
        charge == null ? null : charge.currency(),
        end == null ? null : shortened(end.endedBy() + ": " + end.cause()),
        null,
        offered.edge().toString());
  }

  private static String shortened(String reason) {
    return reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX);
  }
}

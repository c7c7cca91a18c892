package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Caller;
import io.tandem.persistence.call.Arrival;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallRecording;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.call.TraceLine;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call as one caller of the API may see it (MKT-5, ACC-5).
 *
 * <p>The operator and the campaign's account see all of it, with the caller's number masked. An
 * agent's account sees the calls its agents were candidates of: its own lines of the trace and its
 * own offers; and, of a call that one of its agents took, how it went and the caller's number,
 * which its phone has shown.
 */
final class CallForm {
  private static final int DIGITS_SHOWN = 4;

  private final CallState.Begun call;
  private final Caller viewer;
  private final boolean all;
  private final CallEvent.@Nullable Connected bridged;
  private final CallEvent.@Nullable Qualified qualified;
  private final CallEvent.@Nullable ChargeRefused refused;
  private final CallEvent.@Nullable Ended end;
  private final @Nullable CallRecording recording;
  private final @Nullable Offer taken;
  private final boolean tookIt;

  CallForm(CallState.Begun call, Caller viewer) {
    this.call = call;
    this.viewer = viewer;
    this.all = viewer.sees(call.offered().campaignAccountId());
    switch (call) {
      case CallState.Routing _ -> {
        bridged = null;
        qualified = null;
        refused = null;
        end = null;
        recording = null;
      }
      case CallState.Connected c -> {
        bridged = c.bridged();
        qualified = c.qualified();
        refused = c.chargeRefused();
        end = null;
        recording = c.recording();
      }
      case CallState.Ended c -> {
        bridged = c.bridged();
        qualified = c.qualified();
        refused = c.chargeRefused();
        end = c.end();
        recording = c.recording();
      }
    }
    taken = bridged == null ? null : call.offered().plan().offer(bridged.offerId()).orElse(null);
    tookIt =
        taken != null
            && viewer instanceof Caller.Tenant tenant
            && tenant.accountId().equals(taken.accountId());
  }

  /** Whether the call concerns the viewer at all. */
  boolean visible() {
    return all
        || call.offered().trace().lines().stream().anyMatch(line -> viewer.sees(line.accountId()))
        || offers().stream().anyMatch(offer -> viewer.sees(offer.accountId()));
  }

  /** How the call went is shown to those who pay, are paid, or keep watch. */
  private boolean outcomeShown() {
    return all || tookIt;
  }

  ObjectNode json() {
    CallEvent.Offered offered = call.offered();
    ObjectNode json =
        Forms.object()
            .put("id", call.callId())
            .put("campaignId", all ? offered.campaignId() : null)
            .put("state", call.getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT))
            .put("called", offered.calledNumber())
            .put("caller", caller())
            .put("offeredAt", offered.at().toString());
    json.putObject("callerState")
        .put("code", offered.callerState().code())
        .put("source", offered.callerState().source().name());
    json.set("arrival", all ? arrival(offered.arrival()) : null);
    outcome(json);
    json.set("recording", recordingJson().orElse(null));
    json.set("media", outcomeShown() && end != null ? media(end.media()) : null);
    offersInto(json.putArray("offers"));
    ArrayNode trace = json.putArray("trace");
    for (TraceLine line : offered.trace().lines()) {
      if (all || viewer.sees(line.accountId())) {
        trace
            .addObject()
            .put("agentId", line.agentId())
            .put("accountId", line.accountId())
            .put("verdict", line.verdict())
            .put("reason", line.reason());
      }
    }
    return json;
  }

  /** The trunk that brought it, and who vouches for the caller (TEL-12). */
  private static @Nullable ObjectNode arrival(@Nullable Arrival over) {
    return over == null
        ? null
        : Forms.object()
            .put("trunkId", over.trunkId())
            .put("verification", over.verification())
            .put("attestation", over.attestation().isEmpty() ? null : over.attestation())
            .put("detail", over.detail().isEmpty() ? null : over.detail());
  }

  private void outcome(ObjectNode json) {
    CallEvent.Connected connected = outcomeShown() ? bridged : null;
    CallEvent.Ended ended = outcomeShown() ? end : null;
    json.put("agentId", connected == null || taken == null ? null : taken.agentId())
        .put("connectedAt", connected == null ? null : connected.at().toString())
        .put("qualifiesAt", connected == null ? null : connected.qualifiesAt().toString())
        .put("qualified", outcomeShown() && qualified != null)
        .put("endedAt", ended == null ? null : ended.at().toString())
        .put("endedBy", ended == null ? null : ended.endedBy().name())
        .put("cause", ended == null ? null : ended.cause())
        .put("connectedMillis", ended == null ? null : ended.connectedMillis());
    Forms.money(json, "charge", outcomeShown() && qualified != null ? qualified.charge() : null);
    if (outcomeShown() && refused != null) {
      json.putObject("chargeRefused")
          .put("reason", refused.reason())
          .put("detail", refused.detail());
    } else {
      json.putNull("chargeRefused");
    }
    ProofOfLife proof = ended == null ? null : ended.proof();
    if (proof == null) {
      json.putNull("proofOfLife");
    } else {
      json.putObject("proofOfLife")
          .put("edge", proof.edge().toString())
          .put("heartbeatAt", proof.heartbeatAt().toString())
          .put("lastMediaAt", proof.lastMediaAt().toString());
    }
  }

  /** The same as the API shows it. */
  Optional<ObjectNode> recordingJson() {
    boolean edgeLost = end != null && end.proof() != null;
    return recording().map(known -> RecordingForm.json(known, edgeLost));
  }

  /** The recording, where the viewer may hear it. */
  Optional<CallRecording> recording() {
    return outcomeShown() ? Optional.ofNullable(recording) : Optional.empty();
  }

  private static @Nullable ObjectNode media(@Nullable MediaFacts media) {
    if (media == null) {
      return null;
    }
    ObjectNode json =
        Forms.object()
            .put("oneWayMillis", media.oneWayMillis())
            .put("deadAirMillis", media.deadAirMillis());
    json.set("caller", side(media.caller()));
    json.set("agent", side(media.agent()));
    return json;
  }

  private static ObjectNode side(MediaFacts.OfSide side) {
    long speech = side.withoutSpeechMillis();
    return Forms.object()
        .put("packets", side.packets())
        .put("lost", side.lost())
        .put("jitterMicros", side.jitterMicros())
        .put("mosHundredths", side.mosHundredths())
        .put("withoutMediaMillis", side.withoutMediaMillis())
        .put("withoutSpeechMillis", speech == MediaFacts.UNKNOWN ? null : speech);
  }

  private void offersInto(ArrayNode array) {
    List<RingPlan.Step> steps = call.offered().plan().steps();
    for (int step = 0; step < steps.size(); step++) {
      for (Offer offer : steps.get(step).offers()) {
        if (all || viewer.sees(offer.accountId())) {
          ObjectNode each =
              array
                  .addObject()
                  .put("offerId", offer.offerId())
                  .put("step", step)
                  .put("begun", step <= call.step())
                  .put("agentId", offer.agentId())
                  .put("accountId", offer.accountId());
          each.set("terms", terms(offer.terms()));
          failureInto(each, call.failure(offer.offerId()));
        }
      }
    }
  }

  private static void failureInto(ObjectNode offer, Optional<OfferFailure> failure) {
    if (failure.isEmpty()) {
      offer.putNull("failure");
      return;
    }
    OfferFailure why = failure.get();
    offer
        .putObject("failure")
        .put("reason", why.reason())
        .put("detail", why.detail())
        .put("rang", why.rang())
        .put("sipStatus", why.sipStatus());
  }

  private static ObjectNode terms(Terms terms) {
    ObjectNode json =
        Forms.object()
            .put("verticalId", terms.verticalId())
            .put("version", terms.version())
            .put("timerMillis", terms.timerMillis());
    json.set("price", Forms.money(terms.price()));
    return json;
  }

  /** PRV-4: whole to the account whose phone has shown it, the last digits to all others. */
  private @Nullable String caller() {
    String number = call.offered().caller().value().orElse(null);
    if (number == null || tookIt) {
      return number;
    }
    int hidden = Math.max(0, number.length() - DIGITS_SHOWN);
    return "*".repeat(hidden) + number.substring(hidden);
  }

  /** One event, where the viewer may see it. */
  Optional<ObjectNode> event(CallEvent event) {
    ObjectNode json = Forms.object().put("at", event.at().toString());
    return switch (event) {
      case CallEvent.Offered _ -> Optional.of(json);
      case CallEvent.OffersFailed e -> {
        ArrayNode offers = json.putArray("offers");
        for (OfferFailure failure : e.failures()) {
          if (seesOffer(failure.offerId())) {
            offers.addObject().put("offerId", failure.offerId()).put("reason", failure.reason());
          }
        }
        yield offers.isEmpty() ? Optional.empty() : Optional.of(json);
      }
      case CallEvent.OfferWithdrawn e ->
          seesOffer(e.offerId())
              ? Optional.of(json.put("offerId", e.offerId()).put("reason", e.reason()))
              : Optional.empty();
      default -> outcomeShown() ? Optional.of(told(event, json)) : Optional.empty();
    };
  }

  private static ObjectNode told(CallEvent event, ObjectNode json) {
    switch (event) {
      case CallEvent.Connected e ->
          json.put("offerId", e.offerId()).put("qualifiesAt", e.qualifiesAt().toString());
      case CallEvent.LegRefreshed e ->
          json.put("leg", e.agentLeg() ? "AGENT" : "CALLER").put("onHold", e.onHold());
      case CallEvent.Qualified e ->
          json.put("connectedMillis", e.connectedMillis()).set("charge", Forms.money(e.charge()));
      case CallEvent.ChargeRefused e -> json.put("reason", e.reason());
      case CallEvent.RecordingDecided e -> json.put("reason", e.ground());
      case CallEvent.Ended e ->
          json.put("endedBy", e.endedBy().name())
              .put("reason", e.cause())
              .put("connectedMillis", e.connectedMillis())
              .put("qualified", e.qualified());
      default -> {
        // told by its name and time
      }
    }
    return json;
  }

  private boolean seesOffer(String offerId) {
    return all
        || call.offered().plan().offer(offerId).filter(o -> viewer.sees(o.accountId())).isPresent();
  }

  private List<Offer> offers() {
    return call.offered().plan().steps().stream().flatMap(s -> s.offers().stream()).toList();
  }
}

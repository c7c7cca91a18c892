package io.tandem.node.call;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallRecording;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a call still wants from wallet, agent, campaign and edge, derived from its state alone
 * (ADR 0002). Ids are derived from the call, so a repetition is known everywhere. One instance
 * derives one list.
 */
final class CallOutbox {

  private final CallState.Begun call;
  private final Acks acks;
  private final Instant now;
  private final CallSettings settings;
  private final List<Effect> effects = new ArrayList<>();

  private CallOutbox(CallState.Begun call, Acks acks, Instant now, CallSettings settings) {
    this.call = call;
    this.acks = acks;
    this.now = now;
    this.settings = settings;
  }

  static List<Effect> of(CallState state, Acks acks, Instant now, CallSettings settings) {
    if (!(state instanceof CallState.Begun begun)) {
      return List.of();
    }
    CallOutbox box = new CallOutbox(begun, acks, now, settings);
    switch (begun) {
      case CallState.Routing routing -> box.routing(routing);
      case CallState.Connected connected -> box.connected(connected);
      case CallState.Ended ended -> box.ended(ended);
    }
    return box.effects;
  }

  /** The id of the hold of an offer; the wallet knows it by this. */
  static String holdId(String callId, String offerId) {
    return callId + "/" + offerId + "/hold";
  }

  /**
   * Reserve and hold are asked at the same time; the phone rings once both stand, and the campaign
   * counts the call.
   */
  private void routing(CallState.Routing routing) {
    boolean admitted = true;
    Optional<Money> worst = cappedPrice();
    if (worst.isPresent()) {
      String admit = id("admit");
      ask(admit, campaign(), new CampaignCommand.Admit(call.callId(), worst.get()));
      admitted = acks.has(admit);
    }
    endLosers(null, OfferOutcome.Kind.WITHDRAWN);
    for (Offer offer : routing.runningOffers()) {
      String reason = routing.withdrawn().get(offer.offerId());
      if (reason != null) {
        signal(
            id(offer, "stop"), new LegCommand.StopRinging(call.callId(), offer.offerId(), reason));
      } else {
        make(offer, admitted);
      }
    }
    report(
        routing
            .stepSince()
            .plusMillis(call.offered().plan().ringMillis())
            .plus(settings.ringGrace()));
  }

  private void make(Offer offer, boolean admitted) {
    String reserve = id(offer, "reserve");
    String hold = holdId(call.callId(), offer.offerId());
    Money price = offer.terms().price();
    ask(
        reserve,
        agent(offer),
        new AgentCommand.Reserve(
            call.callId(),
            offer.offerId(),
            offer.terms().verticalId(),
            call.offered().callerState().code(),
            price));
    ask(hold, wallet(offer), new WalletCommand.Hold(hold, call.callId(), offer.offerId(), price));
    if (admitted && acks.has(reserve) && acks.has(hold)) {
      signal(
          id(offer, "ring"),
          new LegCommand.Ring(call.callId(), offer, call.offered().plan().ringMillis()));
    }
  }

  private void connected(CallState.Connected connected) {
    String winner = connected.bridged().offerId();
    endLosers(winner, OfferOutcome.Kind.LOST);
    if (connected.qualified() != null && connected.chargeRefused() == null) {
      capture(winner, connected.qualified());
    }
    CallRecording recording = connected.recording();
    if (recording != null && recording.isRunning() && recording.changes() > 0) {
      signal(
          id("recording/" + recording.changes()),
          new LegCommand.PauseRecording(call.callId(), recording.paused()));
    }
    if (connected.qualified() == null) {
      report(connected.bridged().qualifiesAt().plus(settings.crossingGrace()));
    }
    Instant longest = connected.bridged().at().plus(settings.longestCall());
    if (!now.isBefore(longest)) {
      signal(id("hangup"), new LegCommand.HangUp(call.callId(), "LONGEST_CALL"));
      report(longest);
    }
  }

  private void ended(CallState.Ended ended) {
    CallEvent.Ended end = ended.end();
    if (ended.bridged() == null) {
      endLosers(null, OfferOutcome.Kind.WITHDRAWN);
    } else {
      String winner = ended.bridged().offerId();
      endLosers(winner, OfferOutcome.Kind.LOST);
      boolean charged = ended.qualified() != null && ended.chargeRefused() == null;
      if (ended.qualified() != null && charged) {
        capture(winner, ended.qualified());
      }
      Optional<Offer> offer = call.offered().plan().offer(winner);
      if (offer.isPresent() && !charged) {
        release(offer.get(), ended.qualified() == null ? "NOT_QUALIFIED" : "CHARGE_REFUSED");
      }
      offer.ifPresent(o -> endOffer(o, outcome(end)));
    }
    Optional<Money> worst = cappedPrice();
    if (worst.isPresent()) {
      Money charge = end.charge() == null ? Money.zero(worst.get().currency()) : end.charge();
      ask(id("discharge"), campaign(), new CampaignCommand.Discharge(call.callId(), charge));
    }
    // after this long the caller's INVITE transaction is over anyway; a dead edge must not keep the
    // call open
    boolean mayHear = now.isBefore(end.at().plus(settings.healAfter()));
    if (mayHear && end.cause().equals(CallRules.EDGE_LOST)) {
      // the edge may live and only its word be lost: nobody talks on, or waits, for nothing
      signal(id("hangup"), new LegCommand.HangUp(call.callId(), end.cause()));
    } else if (mayHear && ended.bridged() == null) {
      CallerRefusal.statusOf(end.cause())
          .ifPresent(
              status ->
                  signal(id("reject"), new LegCommand.Reject(call.callId(), status, end.cause())));
    }
  }

  /**
   * Every offer that was begun and is not the winner ends: with its own failure, or as {@code
   * otherwise}.
   */
  private void endLosers(@Nullable String winner, OfferOutcome.Kind otherwise) {
    boolean over = !(call instanceof CallState.Routing);
    for (Offer offer : call.begunOffers()) {
      if (offer.offerId().equals(winner)) {
        continue;
      }
      Optional<OfferFailure> failure = call.failure(offer.offerId());
      if (failure.isPresent()) {
        release(offer, failure.get().reason());
        endOffer(offer, OfferOutcome.notConnected(kind(failure.get().reason())));
      } else if (over) {
        release(offer, otherwise.name());
        endOffer(offer, OfferOutcome.notConnected(otherwise));
      }
    }
  }

  /** Late or not, from the hold or not: the wallet posts it once (WAL-3, QT-4). */
  private void capture(String offerId, CallEvent.Qualified crossing) {
    Optional<Offer> winner = call.offered().plan().offer(offerId);
    if (winner.isPresent()) {
      String holdId = holdId(call.callId(), offerId);
      ask(
          id(winner.get(), "capture"),
          wallet(winner.get()),
          new WalletCommand.Capture(holdId, call.callId(), crossing.charge(), crossing.at()));
    }
  }

  private void release(Offer offer, String reason) {
    ask(
        id(offer, "release"),
        wallet(offer),
        new WalletCommand.Release(holdId(call.callId(), offer.offerId()), call.callId(), reason));
  }

  private void endOffer(Offer offer, OfferOutcome outcome) {
    ask(
        id(offer, "end"),
        agent(offer),
        new AgentCommand.EndOffer(call.callId(), offer.offerId(), outcome));
  }

  /**
   * Asks the edge how it stands, again in every span of {@code reportEvery} once {@code since} has
   * come.
   */
  private void report(Instant since) {
    if (!now.isBefore(since)) {
      long span = Math.floorDiv(now.toEpochMilli(), settings.reportEvery().toMillis());
      signal(id("report/" + span), new LegCommand.Report(call.callId()));
    }
  }

  private void ask(String id, EntityKey target, Command command) {
    if (!acks.has(id)) {
      effects.add(new Effect.Ask(id, target, command));
    }
  }

  private void signal(String id, LegCommand command) {
    if (!acks.has(id)) {
      effects.add(new Effect.Signal(id, call.offered().edge(), command));
    }
  }

  private String id(String what) {
    return call.callId() + "/" + what;
  }

  private String id(Offer offer, String what) {
    return call.callId() + "/" + offer.offerId() + "/" + what;
  }

  private EntityKey campaign() {
    return new EntityKey("campaign", call.offered().campaignId());
  }

  private static EntityKey agent(Offer offer) {
    return new EntityKey("agent", offer.agentId());
  }

  private static EntityKey wallet(Offer offer) {
    return new EntityKey("wallet", offer.accountId() + ":" + offer.terms().price().currency());
  }

  private static OfferOutcome outcome(CallEvent.Ended end) {
    OfferOutcome.Kind kind =
        switch (end.endedBy()) {
          case AGENT -> OfferOutcome.Kind.ENDED_BY_AGENT;
          case CALLER -> OfferOutcome.Kind.ENDED_BY_CALLER;
          case PLATFORM -> OfferOutcome.Kind.ENDED_BY_PLATFORM;
        };
    return new OfferOutcome(
        kind,
        end.connectedMillis(),
        end.qualified(),
        end.qualified() ? end.charge() : null,
        end.media() == null ? 0 : end.media().deadAirMillis());
  }

  /** What a failure is to the agent. What is none of the phone's doing is never held against it. */
  private static OfferOutcome.Kind kind(String reason) {
    return switch (reason) {
      case "NO_ANSWER" -> OfferOutcome.Kind.NO_ANSWER;
      case "DECLINED", "BUSY" -> OfferOutcome.Kind.DECLINED;
      case "UNREACHABLE" -> OfferOutcome.Kind.UNREACHABLE;
      default -> OfferOutcome.Kind.WITHDRAWN;
    };
  }

  /** The most that a call can cost whose campaign is capped; a plan has one currency. */
  private Optional<Money> cappedPrice() {
    if (!call.offered().capped()) {
      return Optional.empty();
    }
    return call.offered().plan().steps().stream()
        .flatMap(s -> s.offers().stream())
        .map(o -> o.terms().price())
        .reduce((a, b) -> a.micros() >= b.micros() ? a : b);
  }
}

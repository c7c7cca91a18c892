package io.tandem.ops.ladder;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Note;
import io.tandem.ops.ladder.Entry.Party;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that the journal says of one call: the call's own events, and those of the wallets and agents
 * that its plan names, which mention it.
 *
 * @param steps in the order in which they were decided
 */
public record CallStory(String callId, List<Step> steps) {

  /** Reads it; without steps where the journal knows no such call. */
  public static CallStory read(Audit audit, String callId) {
    List<Step> steps = new ArrayList<>();
    audit.replay("call", callId, step -> keep(steps, step));
    Set<String> wallets = new TreeSet<>();
    Set<String> agents = new TreeSet<>();
    for (Step step : steps) {
      if (step.event() instanceof CallEvent.Offered offered) {
        for (Offer offer :
            offered.plan().steps().stream().flatMap(s -> s.offers().stream()).toList()) {
          wallets.add(offer.accountId() + ":" + offer.terms().price().currency());
          agents.add(offer.agentId());
        }
      }
    }
    agents.forEach(id -> audit.replay("agent", id, step -> keep(steps, step, callId)));
    wallets.forEach(id -> audit.replay("wallet", id, step -> keep(steps, step, callId)));
    steps.sort(java.util.Comparator.comparing(step -> step.envelope().header().at()));
    return new CallStory(callId, List.copyOf(steps));
  }

  private static void keep(List<Step> steps, Step step, String callId) {
    DomainEvent event = step.event();
    if (event != null && callId.equals(callOf(event))) {
      keep(steps, step);
    }
  }

  /** What a record beside the journal took out tells no story. */
  private static void keep(List<Step> steps, Step step) {
    if (step.event() != null) {
      steps.add(step);
    }
  }

  private static DomainEvent event(Step step) {
    return Objects.requireNonNull(step.event());
  }

  private static String callOf(DomainEvent event) {
    return switch (event) {
      case WalletEvent.Held e -> e.callId();
      case WalletEvent.Captured e -> e.callId();
      case WalletEvent.Released e -> e.callId();
      case WalletEvent.Credited e -> e.callId();
      case AgentEvent.Reserved e -> e.callId();
      case AgentEvent.ReservationKept e -> e.callId();
      case AgentEvent.OfferEnded e -> e.callId();
      case AgentEvent.CallExcused e -> e.callId();
      default -> "";
    };
  }

  /** How often the call was charged. */
  public long charges() {
    return steps.stream().filter(step -> step.event() instanceof WalletEvent.Captured).count();
  }

  /** What happened inside: the timer, the reservation, the money, how the voice was. */
  public List<Note> notes() {
    List<Note> notes = new ArrayList<>();
    for (Step step : steps) {
      String words = words(event(step));
      if (!words.isEmpty()) {
        notes.add(new Note(at(step), words));
      }
      if (event(step) instanceof CallEvent.Ended ended && ended.media() != null) {
        MediaFacts media = ended.media();
        notes.add(new Note(at(step), "voice of the caller: " + voice(media.caller())));
        notes.add(new Note(at(step), "voice of the agent: " + voice(media.agent())));
      }
    }
    return notes;
  }

  private static String voice(MediaFacts.OfSide side) {
    return String.format(
        Locale.ROOT,
        "%d packets, %d lost, jitter %.1f ms, MOS %.2f, longest silence %s",
        side.packets(),
        side.lost(),
        side.jitterMicros() / 1_000.0,
        side.mosHundredths() / 100.0,
        side.withoutSpeechMillis() == MediaFacts.UNKNOWN
            ? "not measured"
            : side.withoutSpeechMillis() / 1_000 + " s");
  }

  /** Why each candidate was rung or not (MKT-5), a note a candidate. */
  public List<Note> trace() {
    List<Note> lines = new ArrayList<>();
    for (Step step : steps) {
      if (step.event() instanceof CallEvent.Offered offered) {
        offered
            .trace()
            .lines()
            .forEach(
                line ->
                    lines.add(
                        new Note(
                            offered.at(),
                            "  " + line.agentId() + ": " + line.verdict() + " " + line.reason())));
      }
    }
    return lines;
  }

  /** The rungs that events vouch for: the messages themselves are not journaled. */
  public List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    for (Step step : steps) {
      switch (event(step)) {
        case CallEvent.Offered e ->
            messages.add(new Message(e.at(), Party.CALLER, Party.TANDEM, "INVITE"));
        case CallEvent.Connected e -> {
          messages.add(new Message(e.at(), Party.PHONE, Party.TANDEM, "200 OK"));
          messages.add(new Message(e.at(), Party.TANDEM, Party.CALLER, "200 OK"));
        }
        case CallEvent.Ended e when e.endedBy() == CallEvent.EndedBy.CALLER ->
            messages.add(new Message(e.at(), Party.CALLER, Party.TANDEM, "BYE"));
        case CallEvent.Ended e when e.endedBy() == CallEvent.EndedBy.AGENT ->
            messages.add(new Message(e.at(), Party.PHONE, Party.TANDEM, "BYE"));
        default -> {}
      }
    }
    return messages;
  }

  /** An event's own time where it has one: what an edge attests happened before it was stored. */
  private static java.time.Instant at(Step step) {
    return switch (event(step)) {
      case CallEvent e -> e.at();
      default -> step.envelope().header().at();
    };
  }

  private static String words(DomainEvent event) {
    return switch (event) {
      case CallEvent.Offered e -> "routed: " + chosen(e);
      case CallEvent.OffersFailed e -> "offers failed: " + e.failures().size();
      case CallEvent.OfferWithdrawn e -> "offer withdrawn: " + e.reason();
      case CallEvent.Connected e ->
          "bridged; billable in "
              + java.time.Duration.between(e.at(), e.qualifiesAt()).toSeconds()
              + " s";
      case CallEvent.LegRefreshed e ->
          e.onHold() ? "on hold; the timer goes on" : "leg negotiated anew";
      case CallEvent.Qualified e ->
          "timer reached after " + e.connectedMillis() + " ms: billable, " + e.charge();
      case CallEvent.ChargeRefused e -> "CHARGE REFUSED: " + e.reason();
      case CallEvent.RecordingDecided e ->
          (e.place() == null ? "not recorded: " : "recorded: ") + e.ground();
      case CallEvent.RecordingPaused e -> e.paused() ? "recording paused" : "recording goes on";
      case CallEvent.RecordingDone e -> "recording of " + e.millis() + " ms is whole";
      case CallEvent.Ended e ->
          "ended by " + e.endedBy() + " after " + e.connectedMillis() + " ms connected";
      case AgentEvent.Reserved e -> "agent reserved";
      case AgentEvent.OfferEnded e -> "agent free again (" + e.outcome().kind() + ")";
      case WalletEvent.Held e -> "wallet: " + e.amount() + " held, " + available(e, e.amount());
      case WalletEvent.Captured e ->
          "wallet: " + e.amount() + " charged, " + available(e, e.amount());
      case WalletEvent.Released e ->
          "wallet: " + e.amount() + " released, " + available(e, e.amount());
      case WalletEvent.Credited e ->
          "wallet: " + e.amount() + " given back, " + available(e, e.amount());
      case AgentEvent.CallExcused e ->
          "agent: the call no longer counts, "
              + e.ratio().shortCalls()
              + " of "
              + e.ratio().connectedCalls()
              + " short";
      default -> "";
    };
  }

  private static String chosen(CallEvent.Offered offered) {
    long offers = offered.plan().steps().stream().mapToLong(step -> step.offers().size()).sum();
    return offers + " of " + offered.trace().lines().size() + " candidates can be rung";
  }

  private static String available(WalletEvent event, Money like) {
    return new Money(event.after().availableMicros(), like.currency()) + " available";
  }
}

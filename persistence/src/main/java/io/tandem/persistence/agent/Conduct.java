package io.tandem.persistence.agent;

import io.tandem.persistence.agent.AgentEvent.CooldownEnded;
import io.tandem.persistence.agent.AgentEvent.CooldownStarted;
import io.tandem.persistence.agent.AgentEvent.CooldownSteppedBack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * How an agent treats its callers: the calls its short-call ratio is taken of, and where it stands
 * on the ladder of cooldowns (COOL-1, COOL-4).
 *
 * <p>A cooldown begins a new sheet: the calls that led to it are answered for and count for no
 * further one. Whoever recomputes the ratio from the journal (COOL-7) takes the {@code OfferEnded}
 * events after the last {@code CooldownStarted}, without those of a {@code CallExcused} (DSP-6).
 *
 * @param sheet connected calls that ended since the last cooldown started, the oldest first, the
 *     latest {@link #SHEET_CALLS_MAX}
 * @param rung the step the next cooldown starts above; 0 for a clean agent
 * @param cooldown the running one; null when there is none
 * @param cleanSince since when no cooldown was deserved; null while one runs or there never was one
 */
public record Conduct(
    PVector<CountedCall> sheet,
    int rung,
    @Nullable Cooldown cooldown,
    @Nullable Instant cleanSince) {

  /** As many calls as any configured window can ask for. */
  public static final int SHEET_CALLS_MAX = 100;

  /** Nothing known. */
  public static final Conduct NEW = new Conduct(TreePVector.empty(), 0, null, null);

  /** A connected call that counts for the ratio. */
  public record CountedCall(String callId, String offerId, Instant endedAt, boolean shortCall) {}

  /** A running cooldown; without {@code until} the agent is paused until reviewed. */
  public record Cooldown(int rung, Instant since, @Nullable Instant until, String signal) {

    /** Whether it holds at {@code now}; at {@code until} it is over. */
    public boolean holds(Instant now) {
      return until == null || now.isBefore(until);
    }
  }

  /** The ratio of {@link #latest} (COOL-1). */
  public ShortCallRatio ratio(int calls, Duration span, Instant now) {
    List<CountedCall> latest = latest(calls, span, now);
    int shortCalls = 0;
    for (CountedCall call : latest) {
      shortCalls += call.shortCall() ? 1 : 0;
    }
    return new ShortCallRatio(shortCalls, latest.size());
  }

  /**
   * The latest calls of the sheet: at most {@code calls}, ended no longer than {@code span} before
   * {@code now}.
   */
  public List<CountedCall> latest(int calls, Duration span, Instant now) {
    Instant from = now.minus(span);
    List<CountedCall> within = new ArrayList<>();
    for (var each = sheet.listIterator(sheet.size());
        each.hasPrevious() && within.size() < calls; ) {
      CountedCall call = each.previous();
      if (!call.endedAt().isBefore(from)) {
        within.add(call);
      }
    }
    return within.reversed();
  }

  /** With one more call on the sheet. */
  public Conduct counted(String callId, String offerId, OfferOutcome outcome, Instant endedAt) {
    CountedCall call = new CountedCall(callId, offerId, endedAt, outcome.shortCall());
    PVector<CountedCall> kept = sheet.size() < SHEET_CALLS_MAX ? sheet : sheet.minus(0);
    return new Conduct(kept.plus(call), rung, cooldown, cleanSince);
  }

  /** Without a call, if it is on the sheet (DSP-6). */
  public Conduct without(String callId, String offerId) {
    PVector<CountedCall> kept = sheet;
    for (CountedCall call : sheet) {
      if (call.callId().equals(callId) && call.offerId().equals(offerId)) {
        kept = kept.minus(call);
      }
    }
    return kept.size() == sheet.size() ? this : new Conduct(kept, rung, cooldown, cleanSince);
  }

  Conduct cooldownStarted(CooldownStarted e) {
    return new Conduct(
        TreePVector.empty(), e.rung(), new Cooldown(e.rung(), e.at(), e.until(), e.signal()), null);
  }

  Conduct cooldownEnded(CooldownEnded e) {
    Instant until = cooldown == null ? null : cooldown.until();
    return new Conduct(sheet, rung, null, until == null ? e.at() : until);
  }

  Conduct steppedBack(CooldownSteppedBack e) {
    return new Conduct(sheet, e.rung(), cooldown, e.cleanSince());
  }
}

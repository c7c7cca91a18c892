package io.tandem.persistence.agent;

import io.tandem.persistence.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * How an offer to an agent ended.
 *
 * @param kind what became of it
 * @param connectedMillis connected time by the edge's monotonic clock; zero when never connected
 * @param qualified whether connected time reached the timer (QT-3)
 * @param charged what was charged for it; null when nothing
 * @param deadAirMillis the longest stretch before the timer in which the agent was not heard, as
 *     the edge measured it (COOL-2); 0 when there was none or nobody measured
 */
public record OfferOutcome(
    Kind kind,
    long connectedMillis,
    boolean qualified,
    @Nullable Money charged,
    long deadAirMillis) {

  /** An outcome without dead air. */
  public OfferOutcome(Kind kind, long connectedMillis, boolean qualified, @Nullable Money charged) {
    this(kind, connectedMillis, qualified, charged, 0);
  }

  /** What became of an offer. */
  public enum Kind {
    /** Connected, then ended by the agent's side. */
    ENDED_BY_AGENT,
    /** Connected, then ended by the caller. */
    ENDED_BY_CALLER,
    /** Connected, then ended by the platform or a failure: never held against the agent. */
    ENDED_BY_PLATFORM,
    /** Rang and nobody answered in time. */
    NO_ANSWER,
    /** The phone declined or was busy. */
    DECLINED,
    /** The phone could not be reached. */
    UNREACHABLE,
    /** Another agent answered first (MKT-3). */
    LOST,
    /**
     * Withdrawn: the caller went, the wallet refused, or the agent came into cooldown meanwhile.
     */
    WITHDRAWN;

    /** Whether the call was connected. */
    public boolean connected() {
      return this == ENDED_BY_AGENT || this == ENDED_BY_CALLER || this == ENDED_BY_PLATFORM;
    }

    /**
     * Whether the agent goes to the end of the line after it (MKT-3): it had its call or let it
     * ring. Who lost a race or was called off keeps its place.
     */
    public boolean endsIdleTime() {
      return this != LOST && this != WITHDRAWN;
    }
  }

  /** Whether the agent's side ended it before the timer (COOL-1). */
  public boolean shortCall() {
    return kind == Kind.ENDED_BY_AGENT && !qualified;
  }

  /** An offer that never became a call. */
  public static OfferOutcome notConnected(Kind kind) {
    return new OfferOutcome(kind, 0, false, null);
  }
}

package io.tandem.node.routing;

import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import org.jspecify.annotations.Nullable;

/**
 * An agent as routing looks at it for calls of one vertical: what nearly every call asks, laid side
 * by side when the agent changes, so that a call finds it in a line or two of the processor's cache
 * and not in thirty places. What it says is what the state says; where it says nothing, the state
 * is asked ({@link #isPlain}, {@link #isLicensed}).
 */
public final class Standing {

  private final String agentId;
  private final AgentState agent;
  private final AgentState.@Nullable Profile profile;
  private final AgentTerms.@Nullable Bid bid;
  private final String currency;
  private final long bidMicros;
  private final int tier;
  private final int weight;
  private final int running;
  private final int hash;
  private final int length;
  private final boolean plain;
  private final Purse purse;

  /** A bit for each state in which there is a licence for the vertical, by {@link UsStates#bit}. */
  private final long licensed;

  /** Before this day of UTC, counted from 1970, none of those licences has expired anywhere. */
  private final long soundBefore;

  @SuppressWarnings(
      "ReferenceEquality") // the same licences, not such as are equal: no look into them
  private Standing(
      String agentId, AgentState agent, String verticalId, Purse purse, @Nullable Standing before) {
    this.agentId = agentId;
    this.purse = purse;
    this.agent = agent;
    this.hash = agentId.hashCode();
    this.length = agentId.length();
    this.profile = agent.profile();
    this.running = agent.reservations().size();
    this.bid = profile == null ? null : profile.terms().bidFor(verticalId);
    // the same string for all, so that to compare two of them is to look whether they are one
    this.currency = bid == null ? "" : bid.price().currency().intern();
    this.bidMicros = bid == null ? 0 : bid.price().micros();
    this.tier = bid == null ? 0 : bid.tier();
    this.weight = bid == null ? 0 : bid.weight();
    this.plain = profile != null && bid != null && isPlain(agent, profile.terms());
    if (before != null && before.agent.licences() == agent.licences()) {
      this.licensed = before.licensed;
      this.soundBefore = before.soundBefore;
    } else {
      long states = 0;
      long sound = Long.MAX_VALUE;
      for (Licence licence : agent.licences().values()) {
        if (licence.verticalId().equals(verticalId)) {
          states |= UsStates.bit(licence.state());
          sound = Math.min(sound, licence.expires().toEpochDay());
        }
      }
      this.licensed = states;
      this.soundBefore = sound;
    }
  }

  /**
   * How an agent stands for a vertical.
   *
   * @param purse of its account, in the currency of its bid
   * @param before how it stood for the same vertical after an earlier event; null where that is not
   *     known
   */
  public static Standing of(
      String agentId, AgentState agent, String verticalId, Purse purse, @Nullable Standing before) {
    return new Standing(agentId, agent, verticalId, purse, before);
  }

  private static boolean isPlain(AgentState agent, AgentTerms terms) {
    return agent.online()
        && agent.conduct().cooldown() == null
        && terms.schedule().open().isEmpty()
        && terms.dailyCalls() == null
        && terms.dailyBudget() == null
        && agent.reservations().size() < terms.concurrency();
  }

  /** The agent's id. */
  public String agentId() {
    return agentId;
  }

  /** The state that this was made of. */
  public AgentState agent() {
    return agent;
  }

  /** Whose agent it is and what it takes; null before it was created. */
  AgentState.@Nullable Profile profile() {
    return profile;
  }

  /** Its bid for the vertical; null where it has none. */
  AgentTerms.@Nullable Bid bid() {
    return bid;
  }

  /** Of its account, in the currency of its bid: no other one could pay for a call. */
  public Purse purse() {
    return purse;
  }

  /** Of its bid; empty without one. */
  String currency() {
    return currency;
  }

  long bidMicros() {
    return bidMicros;
  }

  int tier() {
    return tier;
  }

  int weight() {
    return weight;
  }

  /** Calls that it is rung for or talks in. */
  int running() {
    return running;
  }

  /** The hash of its id. */
  int hash() {
    return hash;
  }

  /** Of its id, in characters. */
  int length() {
    return length;
  }

  /**
   * It is online, has no cooldown, no hours, no daily caps, and room for one more call: whatever
   * the time is, it takes a call where it is licensed. False says nothing.
   */
  boolean isPlain() {
    return plain;
  }

  /**
   * Whether it is licensed for the vertical there, for sure. False says nothing.
   *
   * @param state its bit
   * @param utcDay since 1970
   */
  boolean isLicensed(long state, long utcDay) {
    return (licensed & state) != 0 && utcDay < soundBefore;
  }
}

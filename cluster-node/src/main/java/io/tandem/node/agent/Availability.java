package io.tandem.node.agent;

import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.agent.AgentReply.NotAvailable;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Conduct;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.window.DayUse;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Whether an agent can take a call now, and if not why (MKT-2, MKT-10). Days, for caps and for
 * licences, are those of the zone of the agent's schedule.
 *
 * @param inCooldown whether a cooldown holds at {@code now}
 */
public record Availability(AgentState state, AgentTerms terms, boolean inCooldown, Instant now) {

  private static final long SECONDS_A_DAY = 86_400;

  /** As a copy of the agent says it, for routing; the agent itself asks its ladder first. */
  public static Availability of(AgentState state, AgentTerms terms, Instant now) {
    Conduct.Cooldown cooldown = state.conduct().cooldown();
    return new Availability(state, terms, cooldown != null && cooldown.holds(now), now);
  }

  /** The first reason why not; null when it can. */
  public @Nullable NotAvailable refusal(Reserve c) {
    String key = AgentState.offerKey(c.callId(), c.offerId());
    if (state.ended().of(key).isPresent() || state.ended().tooOld(key)) {
      return new NotAvailable("OFFER_ENDED", "the offer is over");
    }
    if (TimedId.timeOf(c.callId()).isEmpty()) {
      return new NotAvailable("OFFER_ENDED", "the call's id carries no time");
    }
    return unable(c, AgentState.licenceKey(c.callerState(), c.verticalId()));
  }

  /**
   * The first reason why not, of an offer that is known to be new: what routing asks of every
   * candidate of every call.
   *
   * @param licenceKey of the licence that the offer needs
   */
  public @Nullable NotAvailable unable(Reserve c, String licenceKey) {
    if (!state.online()) {
      return new NotAvailable("OFFLINE", "not online");
    }
    if (inCooldown) {
      return new NotAvailable("IN_COOLDOWN", cooldownDetail());
    }
    NotAvailable unfit = unfit(c, licenceKey);
    return unfit != null ? unfit : overCap(c);
  }

  /**
   * The day whose caps count now: never an earlier one than before, whatever clocks and zones do.
   */
  static LocalDate day(AgentState state, AgentTerms terms, Instant now) {
    LocalDate day = now.atZone(terms.schedule().zone()).toLocalDate();
    return day.isBefore(state.today().date()) ? state.today().date() : day;
  }

  private @Nullable NotAvailable unfit(Reserve c, String licenceKey) {
    if (terms.bidFor(c.verticalId()) == null) {
      return new NotAvailable("NO_BID", "no bid for " + c.verticalId());
    }
    Licence licence = state.licences().get(licenceKey);
    if (licence == null) {
      String where = c.callerState().isEmpty() ? "an unknown state" : c.callerState();
      return new NotAvailable("NOT_LICENSED", "no licence for " + c.verticalId() + " in " + where);
    }
    if (mayHaveExpired(licence)
        && licence.expires().isBefore(now.atZone(terms.schedule().zone()).toLocalDate())) {
      return new NotAvailable(
          "NOT_LICENSED", "licence in " + c.callerState() + " expired on " + licence.expires());
    }
    return terms.schedule().isOpen(now)
        ? null
        : new NotAvailable("SCHEDULE_CLOSED", "outside its hours");
  }

  /** Whether it is worth to ask which day it is there: no zone is ahead of UTC by a day. */
  private boolean mayHaveExpired(Licence licence) {
    long utcDay = Math.floorDiv(now.getEpochSecond(), SECONDS_A_DAY);
    return licence.expires().toEpochDay() <= utcDay;
  }

  private @Nullable NotAvailable overCap(Reserve c) {
    int running = state.reservations().size();
    if (running >= terms.concurrency()) {
      return new NotAvailable(
          "AT_CONCURRENCY", "takes " + terms.concurrency() + ", has " + running);
    }
    Integer dailyCalls = terms.dailyCalls();
    Money budget = terms.dailyBudget();
    if (dailyCalls == null && budget == null) {
      return null;
    }
    DayUse use = state.today().on(day(state, terms, now));
    if (dailyCalls != null && use.calls() >= dailyCalls) {
      return new NotAvailable(
          "DAILY_CALLS_REACHED", "takes " + dailyCalls + " a day, has " + use.calls());
    }
    if (budget == null) {
      return null;
    }
    if (!budget.currency().equals(c.price().currency())) {
      return new NotAvailable("BUDGET_REACHED", "budget is in " + budget.currency());
    }
    long used = use.usedMicros(budget.currency());
    return c.price().micros() > budget.micros() - used
        ? new NotAvailable(
            "BUDGET_REACHED",
            "spends "
                + budget
                + " a day, has "
                + new Money(used, budget.currency())
                + ", needs "
                + c.price())
        : null;
  }

  private String cooldownDetail() {
    Conduct.Cooldown cooldown = state.conduct().cooldown();
    return cooldown == null || cooldown.until() == null
        ? "paused until reviewed"
        : "until " + cooldown.until() + ", step " + cooldown.rung();
  }
}

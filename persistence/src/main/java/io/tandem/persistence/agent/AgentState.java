package io.tandem.persistence.agent;

import io.tandem.persistence.agent.AgentEvent.CallExcused;
import io.tandem.persistence.agent.AgentEvent.CooldownEnded;
import io.tandem.persistence.agent.AgentEvent.CooldownStarted;
import io.tandem.persistence.agent.AgentEvent.CooldownSteppedBack;
import io.tandem.persistence.agent.AgentEvent.Created;
import io.tandem.persistence.agent.AgentEvent.LicenceFiled;
import io.tandem.persistence.agent.AgentEvent.LicenceWithdrawn;
import io.tandem.persistence.agent.AgentEvent.OfferEnded;
import io.tandem.persistence.agent.AgentEvent.ReservationKept;
import io.tandem.persistence.agent.AgentEvent.Reserved;
import io.tandem.persistence.agent.AgentEvent.TermsChanged;
import io.tandem.persistence.agent.AgentEvent.WentOffline;
import io.tandem.persistence.agent.AgentEvent.WentOnline;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.window.DayUse;
import io.tandem.persistence.window.Memory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * An agent after its events so far (MKT-2, MKT-10, COOL-1..4).
 *
 * @param profile whose agent it is and what it takes; null before it was created
 * @param licences by state and vertical, see {@link #licenceKey}
 * @param idleSince since when it waits for a call: from coming online, the end of its last call, or
 *     the last ring it did not take; null before it first came online (MKT-3)
 * @param reservations running ones, by {@link #offerKey}
 * @param ended offers that are over, by {@link #offerKey}, for a day; a repetition older than that
 *     changes nothing anyway
 */
@Wire("agent.state/1")
public record AgentState(
    @Nullable Profile profile,
    PMap<String, Licence> licences,
    boolean online,
    @Nullable Instant idleSince,
    PMap<String, Reservation> reservations,
    DayUse today,
    Conduct conduct,
    Memory<OfferOutcome> ended)
    implements DomainState<AgentState, AgentEvent> {

  /**
   * How long ended offers are remembered; fixed, so that a fold comes out the same under any
   * configuration.
   */
  public static final Duration MEMORY = Duration.ofDays(1);

  /** An agent without events. */
  public static final AgentState NEW =
      new AgentState(
          null,
          HashTreePMap.empty(),
          false,
          null,
          HashTreePMap.empty(),
          DayUse.NONE,
          Conduct.NEW,
          Memory.empty());

  /** Whose agent it is, its phone, and what it takes. */
  public record Profile(
      String accountId, Personal<String> name, String endpoint, AgentTerms terms) {}

  /** The agent is kept for an offer. */
  public record Reservation(
      String callId,
      String offerId,
      String verticalId,
      Money price,
      LocalDate day,
      Instant since,
      Instant askAt) {}

  /** The key of a licence. */
  public static String licenceKey(String state, String verticalId) {
    return state + '/' + verticalId;
  }

  /** The key of an offer: as old as its call. */
  public static String offerKey(String callId, String offerId) {
    return callId + '/' + offerId;
  }

  /** The licence for a state and vertical, expired or not. */
  public Optional<Licence> licence(String state, String verticalId) {
    return Optional.ofNullable(licences.get(licenceKey(state, verticalId)));
  }

  @Override
  public AgentState apply(AgentEvent event) {
    return switch (event) {
      case Created e -> withProfile(new Profile(e.accountId(), e.name(), e.endpoint(), e.terms()));
      case TermsChanged e ->
          profile == null
              ? this
              : withProfile(
                  new Profile(profile.accountId, profile.name, profile.endpoint, e.terms()));
      case LicenceFiled e ->
          withLicences(
              licences.plus(
                  licenceKey(e.licence().state(), e.licence().verticalId()), e.licence()));
      case LicenceWithdrawn e ->
          withLicences(licences.minus(licenceKey(e.state(), e.verticalId())));
      case WentOnline e -> present(true, e.at());
      case WentOffline e -> present(false, idleSince);
      case Reserved e -> reserved(e);
      case ReservationKept e -> kept(e);
      case OfferEnded e -> ended(e);
      case CallExcused e -> withConduct(conduct.without(e.callId(), e.offerId()));
      case CooldownStarted e -> withConduct(conduct.cooldownStarted(e));
      case CooldownEnded e -> withConduct(conduct.cooldownEnded(e));
      case CooldownSteppedBack e -> withConduct(conduct.steppedBack(e));
    };
  }

  private AgentState reserved(Reserved e) {
    Reservation reservation =
        new Reservation(
            e.callId(), e.offerId(), e.verticalId(), e.price(), e.day(), e.at(), e.askAt());
    return withOffers(
        idleSince,
        reservations.plus(offerKey(e.callId(), e.offerId()), reservation),
        today.admitted(e.day(), e.price()),
        conduct,
        ended.forgetBefore(e.at().minus(MEMORY)));
  }

  private AgentState kept(ReservationKept e) {
    String key = offerKey(e.callId(), e.offerId());
    Reservation r = reservations.get(key);
    if (r == null) {
      return this;
    }
    Reservation kept =
        new Reservation(r.callId, r.offerId, r.verticalId, r.price, r.day, r.since, e.askAt());
    return withOffers(idleSince, reservations.plus(key, kept), today, conduct, ended);
  }

  private AgentState ended(OfferEnded e) {
    String key = offerKey(e.callId(), e.offerId());
    Reservation r = reservations.get(key);
    OfferOutcome outcome = e.outcome();
    DayUse use = today;
    if (r != null) {
      Money charged = outcome.charged();
      Money none = Money.zero(r.price.currency());
      use =
          today.ended(r.day, r.price, charged == null ? none : charged, outcome.kind().connected());
    }
    return withOffers(
        r != null && outcome.kind().endsIdleTime() ? e.at() : idleSince,
        reservations.minus(key),
        use,
        e.ratio() == null ? conduct : conduct.counted(e.callId(), e.offerId(), outcome, e.at()),
        ended.with(key, outcome).forgetBefore(e.at().minus(MEMORY)));
  }

  private AgentState withProfile(Profile now) {
    return new AgentState(now, licences, online, idleSince, reservations, today, conduct, ended);
  }

  private AgentState withLicences(PMap<String, Licence> now) {
    return new AgentState(profile, now, online, idleSince, reservations, today, conduct, ended);
  }

  private AgentState present(boolean nowOnline, @Nullable Instant nowIdleSince) {
    return new AgentState(
        profile, licences, nowOnline, nowIdleSince, reservations, today, conduct, ended);
  }

  private AgentState withConduct(Conduct now) {
    return new AgentState(profile, licences, online, idleSince, reservations, today, now, ended);
  }

  private AgentState withOffers(
      @Nullable Instant nowIdleSince,
      PMap<String, Reservation> nowReservations,
      DayUse nowToday,
      Conduct nowConduct,
      Memory<OfferOutcome> nowEnded) {
    return new AgentState(
        profile, licences, online, nowIdleSince, nowReservations, nowToday, nowConduct, nowEnded);
  }
}

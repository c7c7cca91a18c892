package io.tandem.persistence.campaign;

import io.tandem.persistence.campaign.CampaignEvent.AdmissionKept;
import io.tandem.persistence.campaign.CampaignEvent.Admitted;
import io.tandem.persistence.campaign.CampaignEvent.Created;
import io.tandem.persistence.campaign.CampaignEvent.Discharged;
import io.tandem.persistence.campaign.CampaignEvent.TermsChanged;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.window.Agenda;
import io.tandem.persistence.window.DayUse;
import io.tandem.persistence.window.Memory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * A campaign after its events so far (MKT-1, MKT-10).
 *
 * @param profile whose campaign it is and how it treats calls; null before it was created
 * @param admissions calls that count as running, by call id
 * @param agenda the same calls by the instant at which they are asked
 * @param discharged calls that are over, by call id, with what they were charged, for six hours
 */
@Wire("campaign.state/1")
public record CampaignState(
    @Nullable Profile profile,
    PMap<String, Admission> admissions,
    Agenda agenda,
    DayUse today,
    Memory<Money> discharged)
    implements DomainState<CampaignState, CampaignEvent> {

  /**
   * How long ended calls are remembered; fixed, so that a fold comes out the same under any
   * configuration.
   */
  public static final Duration MEMORY = Duration.ofHours(6);

  /** A campaign without events. */
  public static final CampaignState NEW =
      new CampaignState(null, HashTreePMap.empty(), Agenda.EMPTY, DayUse.NONE, Memory.empty());

  /** Whose campaign it is. */
  public record Profile(String accountId, String name, CampaignTerms terms) {}

  /** A call that counts against the caps. */
  public record Admission(
      String callId, Money worstPrice, LocalDate day, Instant since, Instant askAt) {}

  @Override
  public CampaignState apply(CampaignEvent event) {
    return switch (event) {
      case Created e -> withProfile(new Profile(e.accountId(), e.name(), e.terms()));
      case TermsChanged e ->
          profile == null
              ? this
              : withProfile(new Profile(profile.accountId, profile.name, e.terms()));
      case Admitted e -> admitted(e);
      case AdmissionKept e -> kept(e);
      case Discharged e -> discharged(e);
    };
  }

  private CampaignState withProfile(Profile now) {
    return new CampaignState(now, admissions, agenda, today, discharged);
  }

  private CampaignState admitted(Admitted e) {
    return new CampaignState(
        profile,
        admissions.plus(
            e.callId(), new Admission(e.callId(), e.worstPrice(), e.day(), e.at(), e.askAt())),
        agenda.with(e.askAt(), e.callId()),
        today.admitted(e.day(), e.worstPrice()),
        discharged.forgetBefore(e.at().minus(MEMORY)));
  }

  private CampaignState kept(AdmissionKept e) {
    Admission a = admissions.get(e.callId());
    return a == null
        ? this
        : new CampaignState(
            profile,
            admissions.plus(
                e.callId(), new Admission(a.callId, a.worstPrice, a.day, a.since, e.askAt())),
            agenda.without(a.askAt, e.callId()).with(e.askAt(), e.callId()),
            today,
            discharged);
  }

  private CampaignState discharged(Discharged e) {
    Admission a = admissions.get(e.callId());
    return new CampaignState(
        profile,
        admissions.minus(e.callId()),
        a == null ? agenda : agenda.without(a.askAt, e.callId()),
        a == null ? today : today.ended(a.day, a.worstPrice, e.charged(), true),
        discharged.with(e.callId(), e.charged()).forgetBefore(e.at().minus(MEMORY)));
  }
}

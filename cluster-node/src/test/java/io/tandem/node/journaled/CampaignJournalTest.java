package io.tandem.node.journaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.campaign.CampaignCommand.Admit;
import io.tandem.node.campaign.CampaignCommand.Create;
import io.tandem.node.campaign.CampaignCommand.Discharge;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.node.entity.EntityKey;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.campaign.CampaignTerms.Ringing;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.money.Money;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the journal shows of a campaign's caps. */
class CampaignJournalTest {

  private static final EntityKey CAMPAIGN = new EntityKey("campaign", "camp_1");
  private static final Money PRICE = Money.ofUnits(25, "USD");

  @Test
  @Tag("rule:MKT-10")
  void caps_are_never_exceeded_and_what_was_not_used_comes_back() {
    try (JournaledNouns nouns = JournaledNouns.on(Databases.H2_FILE)) {
      CampaignTerms terms =
          new CampaignTerms(
              "vert_1",
              Ringing.SEQUENTIAL,
              18_000,
              1,
              3,
              null,
              5,
              Money.ofUnits(200, "USD"),
              WeeklySchedule.always(ZoneOffset.UTC));
      nouns.ask(CAMPAIGN, new Create("acct_1", "Medicare", terms));
      for (int round = 0; round < 4; round++) {
        List<Admit> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          all.add(new Admit(nouns.id("call"), PRICE));
        }
        nouns.askAll(CAMPAIGN, all);
        // all but one of those that were admitted are charged; the one leaves nobody to discharge
        // it
        List<String> running = running(nouns);
        running
            .subList(1, running.size())
            .forEach(call -> nouns.ask(CAMPAIGN, new Discharge(call, PRICE)));
      }

      for (Step step : nouns.history(CAMPAIGN)) {
        CampaignState state = (CampaignState) step.state();
        assertThat(state.admissions()).hasSizeLessThanOrEqualTo(5);
        assertThat(state.today().usedMicros("USD"))
            .isLessThanOrEqualTo(200 * Money.MICROS_PER_UNIT);
      }
      assertThat(running(nouns)).isNotEmpty();

      nouns.advance(
          CAMPAIGN,
          new CampaignCommand.Read(),
          Duration.ofHours(6)); // asked, no call knows of these admissions
      nouns.await("nothing leaks", () -> running(nouns).isEmpty());
      long charged =
          nouns.events(CAMPAIGN, CampaignEvent.Discharged.class).stream()
              .filter(e -> e.charged().isPositive())
              .count();
      assertThat(nouns.ask(CAMPAIGN, new Admit(nouns.id("call"), PRICE)))
          .isInstanceOf(
              charged < 8 ? CampaignReply.Admitted.class : CampaignReply.NotAdmitted.class);
    }
  }

  private static List<String> running(JournaledNouns nouns) {
    CampaignState state = (CampaignState) nouns.history(CAMPAIGN).getLast().state();
    return List.copyOf(state.admissions().keySet());
  }
}

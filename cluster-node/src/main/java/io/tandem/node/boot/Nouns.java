package io.tandem.node.boot;

import io.tandem.node.account.AccountRules;
import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.node.agent.CooldownSettings;
import io.tandem.node.call.CallEntity;
import io.tandem.node.call.CallSettings;
import io.tandem.node.campaign.CampaignRules;
import io.tandem.node.campaign.CampaignSettings;
import io.tandem.node.dispute.DisputeRules;
import io.tandem.node.endpoint.EndpointRules;
import io.tandem.node.entity.EntityType;
import io.tandem.node.number.NumberRules;
import io.tandem.node.security.SecurityRules;
import io.tandem.node.trunk.TrunkRules;
import io.tandem.node.trunk.TrunkSettings;
import io.tandem.node.vertical.VerticalRules;
import io.tandem.node.wallet.WalletRules;
import io.tandem.node.wallet.WalletSettings;
import io.tandem.node.webhook.WebhookRules;
import io.tandem.persistence.call.EndWithoutMedia;
import io.tandem.persistence.journal.Upcaster;
import java.util.List;

/** The nouns of this build, with what the configuration says of each. */
public final class Nouns {
  private Nouns() {}

  /** All of them. */
  public static List<EntityType<?, ?, ?, ?>> of(Settings settings) {
    CallSettings standard = CallSettings.DEFAULT;
    return List.of(
        AccountRules.type(),
        VerticalRules.type(),
        NumberRules.type(),
        EndpointRules.type(),
        WebhookRules.type(),
        SecurityRules.type(),
        DisputeRules.type(),
        TrunkRules.type(new TrunkSettings(settings.market().inquireAfter())),
        CampaignRules.type(new CampaignSettings(settings.market().inquireAfter())),
        AgentRules.type(agents(settings)),
        WalletRules.type(new WalletSettings(settings.wallet().holdAge())),
        CallEntity.type(
            new CallSettings(
                standard.ringGrace(),
                standard.crossingGrace(),
                settings.edge().maxCall(),
                standard.healAfter(),
                standard.reportEvery())));
  }

  /** From the forms of older builds to those of this one (AUD-5). */
  public static List<Upcaster> upcasters() {
    return List.of(new EndWithoutMedia());
  }

  /** What agents are judged by. */
  public static AgentSettings agents(Settings settings) {
    Settings.Cooldown cooldown = settings.market().cooldown();
    CooldownSettings cooldowns =
        new CooldownSettings(
            cooldown.windowCalls(),
            cooldown.window(),
            cooldown.leastCalls(),
            cooldown.thresholdPercent(),
            cooldown.rungs(),
            cooldown.clean(),
            cooldown.deadAir());
    return new AgentSettings(cooldowns, settings.market().inquireAfter());
  }
}

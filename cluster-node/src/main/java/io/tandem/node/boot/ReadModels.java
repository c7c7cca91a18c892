package io.tandem.node.boot;

import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.persistence.account.AccountEvent;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallRows;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.dispute.DisputeRows;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.endpoint.EndpointEvent;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.number.NumberEvent;
import io.tandem.persistence.number.NumberState;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.security.SecurityEvent;
import io.tandem.persistence.security.SecurityState;
import io.tandem.persistence.trunk.TrunkEvent;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.vertical.VerticalEvent;
import io.tandem.persistence.vertical.VerticalState;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.wallet.WalletView;
import io.tandem.persistence.webhook.WebhookEvent;
import io.tandem.persistence.webhook.WebhookState;
import java.util.List;
import java.util.Optional;

/** Which nouns are folded into which tables, and what an auditor needs to fold any of them. */
public final class ReadModels {
  private static final EntityKind<AccountState, AccountEvent> ACCOUNT =
      new EntityKind<>("account", AccountEvent.class, id -> AccountState.NEW);
  private static final EntityKind<AgentState, AgentEvent> AGENT =
      new EntityKind<>("agent", AgentEvent.class, id -> AgentState.NEW);

  /** What lists and routing see of an agent: small however many calls it has taken. */
  private static final EntityKind<AgentView, AgentEvent> AGENT_VIEW =
      new EntityKind<>("agent", AgentEvent.class, id -> AgentView.NEW);

  private static final EntityKind<VerticalState, VerticalEvent> VERTICAL =
      new EntityKind<>("vertical", VerticalEvent.class, id -> VerticalState.NEW);
  private static final EntityKind<CampaignState, CampaignEvent> CAMPAIGN =
      new EntityKind<>("campaign", CampaignEvent.class, id -> CampaignState.NEW);
  private static final EntityKind<NumberState, NumberEvent> NUMBER =
      new EntityKind<>("number", NumberEvent.class, NumberState::initial);
  private static final EntityKind<EndpointState, EndpointEvent> ENDPOINT =
      new EntityKind<>("endpoint", EndpointEvent.class, EndpointState::initial);
  private static final EntityKind<WebhookState, WebhookEvent> WEBHOOK =
      new EntityKind<>("webhook", WebhookEvent.class, WebhookState::initial);
  private static final EntityKind<DisputeState, DisputeEvent> DISPUTE =
      new EntityKind<>("dispute", DisputeEvent.class, DisputeState::initial);
  private static final EntityKind<TrunkState, TrunkEvent> TRUNK =
      new EntityKind<>("trunk", TrunkEvent.class, TrunkState::initial);
  private static final EntityKind<SecurityState, SecurityEvent> SECURITY =
      new EntityKind<>("security", SecurityEvent.class, SecurityState::initial);
  private static final EntityKind<WalletState, WalletEvent> WALLET =
      new EntityKind<>("wallet", WalletEvent.class, WalletState::initial);

  /** What the list of wallets shows: small however busy a wallet is. */
  private static final EntityKind<WalletView, WalletEvent> WALLET_VIEW =
      new EntityKind<>("wallet", WalletEvent.class, WalletView::initial);

  private static final EntityKind<CallState, CallEvent> CALL =
      new EntityKind<>("call", CallEvent.class, CallState::fresh);

  private ReadModels() {}

  /** Every noun there is, for an auditor. */
  public static List<EntityKind<?, ?>> kinds() {
    return List.of(
        ACCOUNT, AGENT, VERTICAL, CAMPAIGN, NUMBER, ENDPOINT, TRUNK, WEBHOOK, SECURITY, DISPUTE,
        WALLET, CALL);
  }

  /** What finishes, and then may leave the journal. */
  public static EntityKind<CallState, CallEvent> calls() {
    return CALL;
  }

  /**
   * Folds the journal into views and call records; an event that cannot be read stops its entity's
   * views alone.
   *
   * @param trouble is told of it
   */
  public static Projector projector(
      Database database, EntityCodecs codecs, Projector.Trouble trouble) {
    return of(Projector.builder(database, codecs.sealed()), trouble);
  }

  /** The same into tables beside those that are read, for a rebuild. */
  public static Projector beside(
      Database database, EntityCodecs codecs, Projector.Trouble trouble) {
    return of(Projector.beside(database, codecs.sealed()), trouble);
  }

  private static Projector of(Projector.Builder builder, Projector.Trouble trouble) {
    return builder
        .view(ACCOUNT, (id, account) -> Optional.of(id))
        .view(VERTICAL, vertical -> Optional.empty())
        .view(
            AGENT_VIEW,
            view -> Optional.ofNullable(view.agent().profile()).map(AgentState.Profile::accountId))
        .view(
            CAMPAIGN,
            campaign ->
                Optional.ofNullable(campaign.profile()).map(CampaignState.Profile::accountId))
        .view(
            NUMBER,
            number ->
                Optional.ofNullable(number.assignment()).map(NumberState.Assignment::accountId))
        .view(
            ENDPOINT,
            phone ->
                Optional.ofNullable(phone.credentials()).map(EndpointState.Credentials::accountId))
        .view(
            WEBHOOK,
            webhook -> Optional.ofNullable(webhook.target()).map(WebhookState.Target::accountId))
        .view(TRUNK, trunk -> Optional.empty())
        .view(WALLET_VIEW, wallet -> Optional.of(wallet.accountId()))
        .calls(CALL, new CallRows())
        .disputes(DISPUTE, new DisputeRows())
        .onTrouble(trouble)
        .build();
  }
}

package io.tandem.node.directory;

import io.tandem.node.routing.Purse;
import io.tandem.node.routing.Standing;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.number.NumberState;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.vertical.VerticalState;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.wallet.WalletView;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The copy in memory. Readers never wait; each entity is seen as of one of its own events,
 * different entities may be seen as of different moments.
 */
public final class Directory {

  /** The nouns that anything is known of. */
  private static final Set<String> KEPT =
      Set.of("account", "agent", "vertical", "campaign", "number", "endpoint", "trunk", "wallet");

  /** The last event that each entity is seen after, by {@code noun|id}. */
  private final Map<String, Long> reached = new HashMap<>();

  private final Map<String, AccountState> accounts = new ConcurrentHashMap<>();
  private final Map<String, AgentState> agents = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Standing>> agentsByVertical = new ConcurrentHashMap<>();
  private final Map<String, Map<String, AgentState>> agentsByEndpoint = new ConcurrentHashMap<>();
  private final Map<String, VerticalState> verticals = new ConcurrentHashMap<>();
  private final Map<String, CampaignState> campaigns = new ConcurrentHashMap<>();
  private final Map<String, NumberState> numbers = new ConcurrentHashMap<>();
  private final Map<String, EndpointState> endpoints = new ConcurrentHashMap<>();

  /** The account whose phones log in there, by realm. */
  private final Map<String, String> realms = new ConcurrentHashMap<>();

  private final Map<String, TrunkState> trunks = new ConcurrentHashMap<>();

  /** By account, then by currency. */
  private final Map<String, Map<String, Purse>> wallets = new ConcurrentHashMap<>();

  /** The account with this id. */
  public Optional<AccountState> account(String accountId) {
    return Optional.ofNullable(accounts.get(accountId));
  }

  /** The agent with this id. */
  public Optional<AgentState> agent(String agentId) {
    return Optional.ofNullable(agents.get(agentId));
  }

  /** How all agents that bid for a vertical stand for it, by id; a live view. */
  public Map<String, Standing> agentsFor(String verticalId) {
    return agentsByVertical.getOrDefault(verticalId, Map.of());
  }

  /** The agents whose calls come to a phone, by id; a live view. */
  public Map<String, AgentState> agentsAt(String endpoint) {
    return agentsByEndpoint.getOrDefault(endpoint, Map.of());
  }

  /** The vertical with this id. */
  public Optional<VerticalState> vertical(String verticalId) {
    return Optional.ofNullable(verticals.get(verticalId));
  }

  /** The campaign with this id. */
  public Optional<CampaignState> campaign(String campaignId) {
    return Optional.ofNullable(campaigns.get(campaignId));
  }

  /** One of our numbers, by its E.164 digits without a plus. */
  public Optional<NumberState> number(String digits) {
    return Optional.ofNullable(numbers.get(digits));
  }

  /** The endpoint with this user name. */
  public Optional<EndpointState> endpoint(String userName) {
    return Optional.ofNullable(endpoints.get(userName));
  }

  /** The account whose phones log in in this realm. */
  public Optional<String> realmOwner(String realm) {
    return Optional.ofNullable(realms.get(realm));
  }

  /** All trunks; a live view. */
  public Collection<TrunkState> trunks() {
    return Collections.unmodifiableCollection(trunks.values());
  }

  /** All endpoints; a live view. */
  public Collection<EndpointState> endpoints() {
    return Collections.unmodifiableCollection(endpoints.values());
  }

  /** What is in the wallet of an account in a currency. */
  public Optional<Balances> balances(String accountId, String currency) {
    Map<String, Purse> those = wallets.get(accountId);
    Purse purse = those == null ? null : those.get(currency);
    return purse == null ? Optional.empty() : purse.balances();
  }

  /**
   * Takes the state of one entity over, unless a later one is known; states of nouns that are not
   * kept here are passed by. They come from the read model and, sooner, from entities that run on
   * this node.
   *
   * @param sequence of the event that the state is after
   */
  public void accept(String noun, String id, long sequence, Object state) {
    if (!KEPT.contains(noun)) {
      return;
    }
    synchronized (reached) { // the maps of an agent belong together; nobody stays here for long
      if (sequence > reached.getOrDefault(noun + '|' + id, 0L)) {
        reached.put(noun + '|' + id, sequence);
        take(id, state);
      }
    }
  }

  private void take(String id, Object state) {
    switch (state) {
      case AccountState account -> accounts.put(id, account);
      case AgentView view -> put(id, view.agent());
      case AgentState agent -> put(id, AgentView.seen(agent));
      case VerticalState vertical -> verticals.put(id, vertical);
      case CampaignState campaign -> campaigns.put(id, campaign);
      case NumberState number -> numbers.put(id, number);
      case EndpointState endpoint -> put(id, endpoint);
      case TrunkState trunk -> trunks.put(id, trunk);
      case WalletView wallet -> put(wallet.accountId(), wallet.currency(), wallet.balances());
      case WalletState wallet -> put(wallet.accountId(), wallet.currency(), wallet.balances());
      default -> {
        // a noun nobody looks up here, such as a call
      }
    }
  }

  private void put(String accountId, String currency, Balances balances) {
    purse(accountId, currency).hold(balances);
  }

  private Purse purse(String accountId, String currency) {
    return wallets
        .computeIfAbsent(accountId, account -> new ConcurrentHashMap<>())
        .computeIfAbsent(currency, its -> new Purse());
  }

  private void put(String id, EndpointState endpoint) {
    endpoints.put(id, endpoint);
    EndpointState.Credentials credentials = endpoint.credentials();
    if (credentials != null) {
      var unused = realms.putIfAbsent(credentials.realm(), credentials.accountId());
    }
  }

  private void put(String id, AgentState agent) {
    AgentState before = agents.put(id, agent);
    AgentState.Profile profile = agent.profile();
    if (profile == null) {
      return;
    }
    var unused =
        agentsByEndpoint
            .computeIfAbsent(profile.endpoint(), e -> new ConcurrentHashMap<>())
            .put(id, agent);
    profile
        .terms()
        .bids()
        .forEach(
            bid ->
                agentsByVertical
                    .computeIfAbsent(bid.verticalId(), v -> new ConcurrentHashMap<>())
                    .compute(id, (its, stood) -> standing(its, agent, profile, bid, stood)));
    if (before != null
        && before.profile() != null
        && !before.profile().terms().bids().equals(profile.terms().bids())) {
      agentsByVertical.forEach(
          (vertical, those) -> {
            if (profile.terms().bids().stream()
                .noneMatch(bid -> bid.verticalId().equals(vertical))) {
              those.remove(id);
            }
          });
    }
  }

  private Standing standing(
      String id,
      AgentState agent,
      AgentState.Profile profile,
      AgentTerms.Bid bid,
      @Nullable Standing before) {
    Purse purse = purse(profile.accountId(), bid.price().currency());
    return Standing.of(id, agent, bid.verticalId(), purse, before);
  }
}

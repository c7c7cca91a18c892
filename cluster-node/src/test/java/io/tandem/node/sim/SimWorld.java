package io.tandem.node.sim;

import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallEntity;
import io.tandem.node.call.CallSettings;
import io.tandem.node.campaign.CampaignRules;
import io.tandem.node.campaign.CampaignSettings;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Reply;
import io.tandem.node.wallet.WalletRules;
import io.tandem.node.wallet.WalletSettings;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Entities by key, the network between them and the edges, and when they die. The same seed makes
 * the same world.
 */
final class SimWorld {

  static final Instant START = Instant.parse("2026-11-20T15:00:00Z");

  /** A stored event, in the order of the whole world. */
  record Written(EntityKey key, DomainEvent event) {}

  /**
   * Whether an entity dies around a write: told the number of the write, and whether it is done.
   */
  interface Deaths {
    boolean at(int write, boolean after);
  }

  private final VirtualTime time = new VirtualTime(START);
  private final SplittableRandom random;
  private final SimNet net;
  private final Map<EntityKey, SimEntity<?, ?, ?, ?>> entities = new LinkedHashMap<>();
  private final Map<String, EntityType<?, ?, ?, ?>> types = new LinkedHashMap<>();
  private final Map<String, SimEdge> edges = new LinkedHashMap<>();
  private final List<Written> written = new ArrayList<>();
  private final List<Consumer<Written>> watchers = new ArrayList<>();
  private Deaths deaths;

  SimWorld(long seed, Faults faults) {
    this.random = new SplittableRandom(seed);
    this.net = new SimNet(time, random.split(), faults);
    this.deaths = (write, after) -> net.chance(net.faults().crashed());
    add(CallEntity.type(CallSettings.DEFAULT));
    add(WalletRules.type(WalletSettings.DEFAULT));
    add(AgentRules.type(AgentSettings.DEFAULT));
    add(CampaignRules.type(CampaignSettings.DEFAULT));
  }

  private void add(EntityType<?, ?, ?, ?> type) {
    types.put(type.name(), type);
  }

  VirtualTime time() {
    return time;
  }

  SimNet net() {
    return net;
  }

  SplittableRandom random() {
    return random;
  }

  /** Everything stored, in order. */
  List<Written> written() {
    return written;
  }

  void watch(Consumer<Written> watcher) {
    watchers.add(watcher);
  }

  void deaths(Deaths deaths) {
    this.deaths = deaths;
  }

  void add(SimEdge edge) {
    edges.put(edge.ref().toString(), edge);
  }

  Collection<SimEdge> edges() {
    return edges.values();
  }

  Collection<SimEntity<?, ?, ?, ?>> entities() {
    return entities.values();
  }

  SimEntity<?, ?, ?, ?> entity(EntityKey key) {
    SimEntity<?, ?, ?, ?> known = entities.get(key);
    if (known == null) {
      EntityType<?, ?, ?, ?> type = types.get(key.type());
      if (type == null) {
        throw new IllegalArgumentException("no such noun: " + key);
      }
      known = born(key, type);
      entities.put(key, known);
    }
    return known;
  }

  private <C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>
      SimEntity<?, ?, ?, ?> born(EntityKey key, EntityType<C, R, E, S> type) {
    return new SimEntity<>(this, key, type);
  }

  /** Every entity dies at once, as with its node. */
  void killAll() {
    entities.values().forEach(SimEntity::die);
  }

  /** Sets something up, with no network between. */
  void tell(EntityKey key, Command command) {
    entity(key).receive(command, reply -> {});
  }

  void deliver(Effect.Ask ask, Consumer<Reply> answered) {
    send(ask.target(), ask.command(), answered);
  }

  /** Sends once; both ways may be lost or doubled. */
  void send(EntityKey target, Command command, Consumer<Reply> answered) {
    net.send(
        () -> entity(target).receive(command, reply -> net.send(() -> answered.accept(reply))));
  }

  /** Sends again and again until it is answered. */
  void attest(String callId, CallCommand command, Consumer<Reply> answered) {
    boolean[] done = {false};
    again(
        () -> {
          if (!done[0]) {
            send(
                new EntityKey(CallEntity.NAME, callId),
                command,
                reply -> {
                  if (!done[0]) {
                    done[0] = true;
                    answered.accept(reply);
                  }
                });
          }
          return !done[0];
        });
  }

  /** Now and every second as long as it says so. */
  void again(java.util.function.BooleanSupplier more) {
    if (more.getAsBoolean()) {
      time.after(Duration.ofSeconds(1), () -> again(more));
    }
  }

  void signal(Effect.Signal signal, Runnable takenOn) {
    SimEdge edge = edges.get(signal.edge().toString());
    if (edge != null) {
      net.send(() -> edge.take(signal.signal(), () -> net.send(takenOn)));
    }
  }

  void wrote(EntityKey key, DomainEvent event) {
    Written each = new Written(key, event);
    written.add(each);
    watchers.forEach(w -> w.accept(each));
  }

  boolean diesBefore(SimEntity<?, ?, ?, ?> entity) {
    return deaths.at(written.size(), false);
  }

  boolean diesAfter(SimEntity<?, ?, ?, ?> entity) {
    return deaths.at(written.size(), true);
  }

  /** Whether nothing is under way and every call is over. */
  boolean quiet() {
    return entities.values().stream().allMatch(SimEntity::quiet)
        && edges.values().stream().allMatch(SimEdge::quiet)
        && entities.values().stream()
            .filter(e -> e.key().type().equals(CallEntity.NAME) && !e.journal().isEmpty())
            .allMatch(SimEntity::finished);
  }
}

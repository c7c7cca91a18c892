package io.tandem.ops.system;

import io.tandem.node.agent.AgentSettings;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What an auditor reads in the database of a node, from a process of its own. */
final class Books implements AutoCloseable {
  private final Stores stores;
  private final Audit audit;
  private final EventCodec codec;
  private final AgentSettings agents;
  private final CallIndex index;

  private Books(Settings settings) {
    InstantSource clock = InstantSource.system();
    stores = Stores.open(settings, NodeSecrets.of(settings), "auditor", clock);
    List<EntityType<?, ?, ?, ?>> nouns = Nouns.of(settings);
    EntityCodecs codecs =
        EntityCodecs.of(nouns, Nouns.upcasters(), new AesGcmSealer(stores.keys(), clock));
    List<EntityKind<?, ?>> kinds = new ArrayList<>();
    nouns.forEach(noun -> kinds.add(kind(noun)));
    codec = codecs.sealed();
    agents = Nouns.agents(settings);
    audit = new Audit(stores.journal(), codec, kinds);
    index = new CallIndex(stores.journal());
  }

  private static <
          E extends io.tandem.persistence.journal.DomainEvent,
          S extends io.tandem.persistence.journal.DomainState<S, E>>
      EntityKind<S, E> kind(EntityType<?, ?, E, S> noun) {
    return new EntityKind<>(noun.name(), noun.eventType(), noun.initial());
  }

  /** Opens the books of the node with that configuration. */
  static Books of(Settings settings) {
    return new Books(settings);
  }

  /** History run again under the terms it had. */
  WhatIf.Outcome again() {
    return WhatIf.of(new JournalReader(stores.journal()), codec, agents).run();
  }

  Audit audit() {
    return audit;
  }

  /** Call ids by the number that was called, as the journal has them. */
  Map<String, String> callsByNumber() {
    Map<String, String> calls = new LinkedHashMap<>();
    for (var listed : audit.list("call", "", 1000)) {
      if (steps("call", listed.entityId()).getFirst().event()
          instanceof CallEvent.Offered offered) {
        calls.put(offered.calledNumber(), listed.entityId());
      }
    }
    return calls;
  }

  List<Step> steps(String type, String id) {
    List<Step> steps = new ArrayList<>();
    audit.replay(type, id, steps::add);
    return steps;
  }

  /** Names of the events of a call, its agent and its wallet that belong to a call's way. */
  List<String> names(String type, String id) {
    return steps(type, id).stream().map(s -> s.envelope().header().event().name()).toList();
  }

  Optional<CallState> call(String callId) {
    return audit.show("call", callId, Instant.MAX).map(step -> (CallState) step.state());
  }

  WalletState wallet(Stall stall) {
    return (WalletState) audit.show("wallet", stall.wallet(), Instant.MAX).orElseThrow().state();
  }

  AgentState agent(Stall stall) {
    return (AgentState) audit.show("agent", stall.name(), Instant.MAX).orElseThrow().state();
  }

  /** How often the wallet was charged for a call. */
  long captures(Stall stall, String callId) {
    return steps("wallet", stall.wallet()).stream()
        .filter(s -> s.event() instanceof WalletEvent.Captured c && c.callId().equals(callId))
        .count();
  }

  /** When the last event of a call, its agent and its wallet was written. */
  Instant lastWrite(Stall stall, String callId) {
    return Stream.of(
            steps("call", callId), steps("agent", stall.name()), steps("wallet", stall.wallet()))
        .map(steps -> steps.getLast().envelope().header().at())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** The call's row among the records that are listed. */
  Optional<CallIndexRow> record(String callId) {
    return index.byId(callId);
  }

  /** Waits until it is so; the time it may take is patience, not a promise. */
  static void await(String what, int seconds, BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("in vain: " + what);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Override
  public void close() {
    stores.close();
  }
}

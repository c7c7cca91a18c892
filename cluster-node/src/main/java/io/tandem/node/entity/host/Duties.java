package io.tandem.node.entity.host;

import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.Rules;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * What one entity still has to do: effects until they are acknowledged, and its deadline. Follows
 * from the durable state alone; what was acknowledged in this life is the only thing it adds (ADR
 * 0002).
 */
final class Duties<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>> {

  /** Where effects and the alarm go; the host in a node. */
  interface Way {
    void send(Effect effect, int attempt);

    /** Calls back with {@link HostMessage.Nudge#ALARM}. */
    HostClock.Alarm alarmAfter(Duration delay);
  }

  /** Acknowledgements above which those that no effect depends on any more are looked for. */
  private static final int PRUNE_ACKS_FROM = 256;

  private final Rules<C, R, E, S> rules;
  private final EntityKey self;
  private final HostPorts ports;
  private final Way way;
  private final RandomGenerator random = new SplittableRandom();
  private final Outbox outbox;

  private Acks acks = Acks.NONE;
  private int pruneAt = PRUNE_ACKS_FROM;
  private int wakes;
  private Instant notBefore = Instant.MIN;
  private @Nullable Instant deadline;
  private @Nullable Instant alarmAt;
  private HostClock.@Nullable Alarm alarm;
  private boolean finished;
  private long settledUpTo;

  Duties(EntityType<C, R, E, S> type, EntityKey self, HostPorts ports, Way way) {
    this.rules = type.rules();
    this.self = self;
    this.ports = ports;
    this.way = way;
    this.outbox = new Outbox(ports.settings().resend(), random);
  }

  /** The state is durable: sends what is newly due, and sets the alarm. */
  void refresh(Hosted<S> durable, Instant now) {
    S state = durable.state();
    List<Effect> effects = rules.resume(state, acks, now);
    List<Effect> open = effects.stream().filter(effect -> !acks.has(effect.id())).toList();
    outbox.take(open, now).forEach(due -> way.send(due.effect(), due.attempt()));
    deadline = rules.deadline(state);
    finished = rules.finished(state) || durable.sequence() == 0;
    settle(durable);
    setAlarm(now);
  }

  /** These were acknowledged; {@link #refresh} is to follow. */
  void acknowledge(List<String> effectIds, Hosted<S> durable, Instant now) {
    for (String each : effectIds) {
      acks = acks.with(each);
    }
    if (acks.effectIds().size() > pruneAt) {
      prune(durable.state(), now);
    }
  }

  /** The outstanding question that a reply is for; empty for one that nobody waits for any more. */
  Optional<Effect.Ask> asked(String effectId) {
    return outbox.find(effectId).filter(Effect.Ask.class::isInstance).map(Effect.Ask.class::cast);
  }

  /** Whether an effect with this id is outstanding. */
  boolean has(String effectId) {
    return outbox.find(effectId).isPresent();
  }

  /**
   * The alarm rang: sends again what is due. Returns whether the deadline has come and a wake is to
   * be decided.
   */
  boolean alarmed(Instant now) {
    alarm = null;
    alarmAt = null;
    outbox.again(now).forEach(due -> way.send(due.effect(), due.attempt()));
    Instant wake = wakeAt();
    boolean due = wake != null && !wake.isAfter(now);
    if (due) {
      wakes++;
      notBefore = now.plus(ports.settings().resend().pause(wakes, random));
    }
    setAlarm(now);
    return due;
  }

  /** Something was written: if it did not move the deadline, the next wake need not wait. */
  void written() {
    wakes = 0;
    notBefore = Instant.MIN;
  }

  /** Nothing more will happen by itself; nor in an entity that has no event yet. */
  boolean done() {
    return finished && outbox.isEmpty();
  }

  void close() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  private void settle(Hosted<S> durable) {
    boolean quiet = outbox.isEmpty() && (finished || deadline == null);
    if (quiet && durable.nextDue() != null && settledUpTo < durable.sequence()) {
      settledUpTo = durable.sequence();
      ports.settling().settled(self, durable.sequence());
    }
  }

  /** The deadline, or later where a wake changed nothing; null where the entity is through. */
  private @Nullable Instant wakeAt() {
    if (deadline == null || done()) {
      return null;
    }
    return deadline.isBefore(notBefore) ? notBefore : deadline;
  }

  /** One alarm, at the earlier of both; one that is early enough already is left to ring. */
  private void setAlarm(Instant now) {
    Instant at = wakeAt();
    Instant resend = outbox.next();
    if (at == null || (resend != null && resend.isBefore(at))) {
      at = resend;
    }
    if (at == null || (alarmAt != null && !at.isBefore(alarmAt))) {
      return;
    }
    close();
    alarmAt = at;
    Duration delay = Duration.between(now, at);
    alarm = way.alarmAfter(delay.isNegative() ? Duration.ZERO : delay);
  }

  /**
   * Keeps the acknowledgements that still hold an effect back, found by replaying them from none.
   */
  private void prune(S state, Instant now) {
    PSet<String> kept = HashTreePSet.empty();
    while (true) {
      Set<String> more = new HashSet<>();
      for (Effect effect : rules.resume(state, new Acks(kept), now)) {
        if (acks.has(effect.id()) && !kept.contains(effect.id())) {
          more.add(effect.id());
        }
      }
      if (more.isEmpty()) {
        acks = new Acks(kept);
        pruneAt = Math.max(PRUNE_ACKS_FROM, 2 * kept.size());
        return;
      }
      kept = kept.plusAll(more);
    }
  }
}

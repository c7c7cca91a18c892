package io.tandem.node.entity.host;

import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.Rules;
import io.tandem.node.entity.host.HostMessage.Answered;
import io.tandem.node.entity.host.HostMessage.HostReply;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Request;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way from commands to what is written: each command is decided against the state
 * that the ones before it will have made. Sends nothing; the host does once the write is durable.
 */
final class Deciding<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>> {

  /** A reply that waits for the write. */
  record Waiting(Request to, HostReply reply) {}

  private static final String WAKE = "wake";

  private final EntityType<C, R, E, S> type;
  private final Rules<C, R, E, S> rules;
  private final String id;
  private final HostPorts ports;
  private final Instant now;

  private Hosted<S> pending;
  private final List<Recorded> events = new ArrayList<>();
  private final List<Waiting> replies = new ArrayList<>();
  private boolean woken;

  Deciding(
      EntityType<C, R, E, S> type, String id, HostPorts ports, Hosted<S> durable, Instant now) {
    this.type = type;
    this.rules = type.rules();
    this.id = id;
    this.ports = ports;
    this.pending = durable;
    this.now = now;
  }

  /** What is to be written, in order; all of it or nothing. */
  List<Recorded> events() {
    return events;
  }

  /** What may leave once it is written. */
  List<Waiting> replies() {
    return replies;
  }

  /**
   * Whether time itself gave a command: what is outstanding may differ though nothing is written.
   */
  boolean woken() {
    return woken;
  }

  /** A command from outside. */
  void deliver(Request message) {
    HostReply reply = decide(message.command(), message.origin());
    replies.add(new Waiting(message, reply));
  }

  /** The deadline has come. */
  void wake() {
    woken = true;
    HostReply unused = decide(rules.wake(), new Origin(WAKE, "deadline", "clock"));
  }

  /**
   * An answer to one of our own effects. Returns whether it acknowledges the effect once the batch
   * is durable.
   */
  boolean answered(Effect.Ask effect, Reply reply) {
    try {
      Optional<C> command = rules.answered(pending.state(), effect, reply);
      if (command.isPresent()) {
        String actor = effect.target().type() + "/" + effect.target().id();
        Origin origin = new Origin(effect.id() + "/answered", effect.id(), actor);
        return decide(command.get(), origin) instanceof Answered;
      }
      return true;
    } catch (RuntimeException e) {
      ports.watch().rulesFailed(type.name(), id, reply.getClass().getSimpleName(), e);
      return false;
    }
  }

  private HostReply decide(Command command, Origin origin) {
    try {
      if (!type.commandType().isInstance(command)) {
        throw new IllegalArgumentException("not a command of " + type.name());
      }
      C own = type.commandType().cast(command);
      boolean remembered = rules.remembered(own);
      R known = remembered ? known(own, origin.commandId()) : null;
      if (known != null) {
        return new Answered(origin.commandId(), known);
      }
      Decision<E, R> decision = rules.decide(pending.state(), own, now);
      append(decision.events(), remembered ? digest(own) : CommandDigest.NONE, origin);
      return new Answered(origin.commandId(), decision.reply());
    } catch (RuntimeException e) {
      // nothing of it was appended: the others of the batch go on
      ports.watch().rulesFailed(type.name(), id, command.getClass().getSimpleName(), e);
      return new Refused(origin.commandId(), Why.FAULT);
    }
  }

  /**
   * The answer to a command that was seen, or whose id is out of the window; null for a new one.
   */
  private @Nullable R known(C command, String commandId) {
    Optional<CommandDigest> seen = pending.window().find(commandId);
    if (seen.isPresent()) {
      return seen.get()
          .differenceTo(ports.codecs().digests(), (Record) command)
          .map(field -> rules.conflict(pending.state(), command, field))
          .orElseGet(() -> rules.alreadyDone(pending.state(), command));
    }
    return switch (CommandWindow.age(commandId, now, ports.settings().window())) {
      case IN_TIME -> null;
      case OUT_OF_TIME, TIMELESS -> rules.conflict(pending.state(), command, "commandId");
    };
  }

  private CommandDigest digest(C command) {
    return ports.codecs().digests().digest((Record) command);
  }

  /** All events of one decision, or none where one of them cannot be encoded. */
  private void append(List<E> decided, CommandDigest digest, Origin origin) {
    Hosted<S> after = pending;
    List<Recorded> own = new ArrayList<>(decided.size());
    for (int i = 0; i < decided.size(); i++) {
      boolean last = i == decided.size() - 1;
      Recorded recorded =
          record(after, decided.get(i), i == 0 ? digest : CommandDigest.NONE, origin, last);
      own.add(recorded);
      after = hosted(recorded);
    }
    pending = after;
    events.addAll(own);
  }

  private Recorded record(
      Hosted<S> before, E event, CommandDigest digest, Origin origin, boolean last) {
    S state = before.state().apply(event);
    Instant nextDue = last ? due(state) : rules.deadline(state);
    EventHeader header =
        new EventHeader(
            type.name(),
            id,
            before.sequence() + 1,
            ports.codecs().sealed().nameOf((Record) event),
            origin.commandId(),
            digest,
            origin.cause(),
            origin.actor(),
            now,
            ports.clockId(),
            before.lastHash(),
            nextDue);
    Envelope envelope = Envelope.of(header, ports.codecs().sealed().encode((Record) event));
    CommandWindow window =
        digest.isNone()
            ? before.window()
            : before.window().with(origin.commandId(), digest, now, ports.settings().window());
    Hosted<S> after =
        new Hosted<>(state, header.sequence(), envelope.hash(), header.nextDue(), window);
    return new Recorded(envelope, event, after);
  }

  /**
   * The deadline; where there is none but something is to be done elsewhere, a time to look after
   * it if we die first.
   */
  private @Nullable Instant due(S state) {
    Instant deadline = rules.deadline(state);
    if (deadline != null) {
      return deadline;
    }
    boolean idle = rules.resume(state, Acks.NONE, now).isEmpty();
    return idle ? null : now.plus(ports.settings().repairAfter());
  }

  @SuppressWarnings("unchecked") // made in record() above
  private static <S> Hosted<S> hosted(Recorded recorded) {
    return (Hosted<S>) Objects.requireNonNull(recorded.after());
  }
}

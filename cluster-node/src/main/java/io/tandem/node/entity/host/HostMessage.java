package io.tandem.node.entity.host;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import java.util.List;

/**
 * All that reaches an entity's actor. Two cross nodes: {@link Deliver} and {@link HostReply}; the
 * others are the host talking to itself.
 */
public sealed interface HostMessage {

  /**
   * A command for one entity; exactly one {@link HostReply} leaves for it, or none if it is lost.
   */
  record Deliver(EntityKey target, Command command, Origin origin, ActorRef<HostReply> replyTo)
      implements HostMessage {}

  /** What comes back for a {@link Deliver}, under its command id. */
  sealed interface HostReply extends HostMessage {
    /** The id of the command it is for. */
    String commandId();
  }

  /** The rules have answered, and what the answer tells is durable. */
  record Answered(String commandId, Reply reply) implements HostReply {}

  /** The entity was not asked, or its answer could not be made durable; ask again later. */
  record Refused(String commandId, Why why) implements HostReply {}

  /** Why a host gives no answer. */
  enum Why {
    /** More commands wait for this entity than it may keep waiting. */
    BUSY,
    /** The write failed or its outcome is unknown. */
    CANNOT_STORE,
    /** The events of this entity cannot be loaded at the moment. */
    CANNOT_LOAD,
    /** An event of this entity cannot be read, or its chain does not hold (AUD-5). */
    UNREADABLE,
    /** Another node has written where this one believed to be the writer (OPS-4). */
    FENCED,
    /** The entity is leaving this node. */
    STOPPED,
    /** The command is not one of this noun, or its rules failed on it: a mistake in the program. */
    FAULT
  }

  /** An edge has taken a signal on. */
  record Taken(String effectId) implements HostMessage, NoSerializationVerificationNeeded {}

  /** Work that is to be decided and written together. */
  record Batch(List<HostMessage> work) implements HostMessage, NoSerializationVerificationNeeded {}

  /** What the host tells itself. */
  enum Nudge implements HostMessage, NoSerializationVerificationNeeded {
    /** The write before is done, or recovery is: what waits may be decided. */
    FLUSH,
    /** The alarm rang: something is to be sent again, or the deadline has come. */
    ALARM,
    /** The deadline has come: decide the noun's own wake command. */
    WAKE,
    /**
     * Whether this entity can go from memory is to be looked at, after all that has arrived by now.
     */
    LET_GO,
    /** Let go of this entity once nothing waits any more. */
    STOP
  }
}

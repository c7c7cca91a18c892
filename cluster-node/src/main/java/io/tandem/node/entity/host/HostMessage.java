package io.tandem.node.entity.host;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol;
import akka.persistence.PersistentRepr;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.rows.Stored;
import java.util.List;
import java.util.function.Consumer;
import scala.collection.Iterator;

/**
 * All that reaches an entity's actor. Two cross nodes: {@link Deliver} and {@link HostReply}; the
 * others are the host talking to itself.
 */
public sealed interface HostMessage {

  /**
   * A command for one entity; exactly one {@link HostReply} leaves for it, or none if it is lost.
   */
  sealed interface Request extends HostMessage {
    EntityKey target();

    Command command();

    Origin origin();

    /** Gives the answer to whoever asked. */
    void answer(HostReply reply);
  }

  /** A command from anywhere in the cluster. */
  record Deliver(EntityKey target, Command command, Origin origin, ActorRef<HostReply> replyTo)
      implements Request {
    @Override
    public void answer(HostReply reply) {
      replyTo.tell(reply);
    }
  }

  /**
   * A command of this node for an entity that runs here.
   *
   * @param asker is told on the entity's thread
   */
  record Asked(EntityKey target, Command command, Origin origin, Consumer<HostReply> asker)
      implements Request, NoSerializationVerificationNeeded {
    @Override
    public void answer(HostReply reply) {
      asker.accept(reply);
    }
  }

  /** What comes back for a {@link Request}, under its command id. */
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

  /**
   * What became of a write, from the node's own journal: one message for all its events, where
   * Akka's protocol has one for each and one besides ({@code LaneJournal}).
   *
   * @param write as it was handed to the journal: one atomic write
   */
  record Written(JournalProtocol.WriteMessages write, Stored outcome)
      implements HostMessage, NoSerializationVerificationNeeded {

    /** The events of a write. */
    public static Iterator<PersistentRepr> eventsOf(JournalProtocol.WriteMessages write) {
      return ((AtomicWrite) write.messages().head()).payload().iterator();
    }

    /** As Akka's protocol says it of one of the events. */
    public JournalProtocol.Response answer(PersistentRepr event) {
      int writer = write.actorInstanceId();
      return switch (outcome) {
        case Stored.Done done -> new JournalProtocol.WriteMessageSuccess(event, writer);
        case Stored.Refused refused ->
            new JournalProtocol.WriteMessageRejected(event, refused.cause(), writer);
        case Stored.Failed failed ->
            new JournalProtocol.WriteMessageFailure(event, failed.cause(), writer);
      };
    }
  }

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

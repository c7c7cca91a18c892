package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this edge has to tell one call, in the order in which it happened. The next fact leaves when
 * the one before is stored; each is told again until it is. On the loop only.
 */
final class Attestations {
  private static final Logger LOG = LoggerFactory.getLogger(Attestations.class);

  private final String callId;
  private final String actor;
  private final EntityGateway gateway;
  private final Executor loop;
  private final BiConsumer<CallCommand, Reply> onStored;
  private final Deque<CallCommand> waiting = new ArrayDeque<>();
  private boolean telling;
  private int told;

  /**
   * @param actor this edge, for the envelopes of what follows
   * @param onStored hears each fact with the call's answer, on the loop
   */
  Attestations(
      String callId,
      String actor,
      EntityGateway gateway,
      Executor loop,
      BiConsumer<CallCommand, Reply> onStored) {
    this.callId = callId;
    this.actor = actor;
    this.gateway = gateway;
    this.loop = loop;
    this.onStored = onStored;
  }

  /**
   * Facts without which the call does not go on: one that was never stored, and one that was ended
   * without us because we were taken for dead.
   */
  static boolean isVital(CallCommand fact) {
    return fact instanceof CallCommand.Offer
        || fact instanceof CallCommand.Bridged
        || fact instanceof CallCommand.Crossed;
  }

  void add(CallCommand fact) {
    waiting.addLast(fact);
    if (!telling) {
      tellNext();
    }
  }

  /** Whether everything is stored. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  private void tellNext() {
    CallCommand fact = waiting.peekFirst();
    if (fact == null) {
      return;
    }
    telling = true;
    told++;
    String name = fact.getClass().getSimpleName();
    Origin origin = new Origin(callId + "/edge/" + told, "sip " + name, actor);
    var unused =
        gateway
            .attest(new EntityKey("call", callId), fact, origin)
            .whenCompleteAsync((reply, failure) -> stored(fact, reply, failure), loop);
  }

  /**
   * A failure means that the gateway is closed: the node leaves, and what is not told now is proved
   * by the heartbeat (QT-5).
   */
  private void stored(CallCommand fact, Reply reply, Throwable failure) {
    telling = false;
    if (failure != null) {
      LOG.warn(
          "call {}: {} could not be told: {}",
          callId,
          fact.getClass().getSimpleName(),
          failure.toString());
      return;
    }
    boolean unused = waiting.remove(fact);
    if (!(reply instanceof CallReply.Noted)) {
      LOG.warn("call {}: {} was answered with {}", callId, fact.getClass().getSimpleName(), reply);
    }
    onStored.accept(fact, reply);
    tellNext();
  }
}

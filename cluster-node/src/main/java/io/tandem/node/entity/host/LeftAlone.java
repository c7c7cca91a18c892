package io.tandem.node.entity.host;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.Nudge;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Why;
import java.util.Optional;

/**
 * What stands in for an entity that this node must not run for a while: it refuses, and asks to be
 * let go once the time is over.
 */
final class LeftAlone {

  private LeftAlone() {}

  static Behavior<HostMessage> of(String name, EntityKey key, HostPorts ports, Runnable letGo) {
    return Behaviors.receiveMessage(
        message -> {
          switch (message) {
            case Deliver deliver -> {
              Optional<Why> why = ports.fences().refusal(name, ports.clock().instant());
              if (why.isEmpty()) {
                letGo.run();
              }
              Why reason = why.orElse(Why.STOPPED);
              ports.watch().refused(key.type(), reason);
              deliver.replyTo().tell(new Refused(deliver.origin().commandId(), reason));
            }
            case Nudge nudge when nudge == Nudge.STOP -> {
              return Behaviors.stopped();
            }
            default -> {
              // answers to a life before this one
            }
          }
          return Behaviors.same();
        });
  }
}

package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.host.HostMessage.Nudge;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Request;
import io.tandem.node.entity.host.HostMessage.Why;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What stands in for an entity that this node must not run for a while: it refuses, and the first
 * command after that time runs the entity.
 */
final class LeftAlone {

  private LeftAlone() {}

  static Behavior<HostMessage> of(
      String name,
      EntityKey key,
      HostPorts ports,
      ActorRef<HostMessage> self,
      Supplier<Behavior<HostMessage>> run) {
    return Behaviors.receiveMessage(
        message -> {
          switch (message) {
            case Request request -> {
              Optional<Why> why = ports.fences().refusal(name, ports.clock().instant());
              if (why.isEmpty()) {
                self.tell(request);
                return run.get();
              }
              ports.watch().refused(key.type(), why.get());
              request.answer(new Refused(request.origin().commandId(), why.get()));
              return Behaviors.same();
            }
            case Nudge nudge when nudge == Nudge.STOP -> {
              return Behaviors.stopped();
            }
            default -> {
              // answers to a life before this one
              return Behaviors.same();
            }
          }
        });
  }
}

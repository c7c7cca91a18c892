package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.LegCommand;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.call.CallEvent.EndedBy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What calls order of their legs, as the legs take it. On the loop only. */
final class Orders {
  private static final Logger LOG = LoggerFactory.getLogger(Orders.class);

  private final Edge edge;

  Orders(Edge edge) {
    this.edge = edge;
  }

  void deliver(CallSession call, LegCommand command) {
    switch (command) {
      case LegCommand.Ring c -> call.on(new LegInput.Ring(c.offer(), c.ringMillis()));
      case LegCommand.StopRinging c -> call.on(new LegInput.StopRinging(c.offerId(), c.reason()));
      case LegCommand.Reject c -> call.on(new LegInput.Reject(c.sipStatus(), c.reason()));
      case LegCommand.HangUp c -> call.on(new LegInput.HangUp(c.reason()));
      case LegCommand.PauseRecording c -> call.pauseRecording(c.paused());
      case LegCommand.Report c ->
          LOG.debug("call {} asks; what is known is on its way", c.callId());
    }
  }

  /** The call believes that we carry it, and we do not: it is over, and it must know. */
  void notCarried(LegCommand command) {
    if (command instanceof LegCommand.Reject) {
      return;
    }
    var now = edge.clock().now().wall();
    var unused =
        edge.gateway()
            .attest(
                new EntityKey("call", command.callId()),
                new CallCommand.LegsEnded(EndedBy.PLATFORM, "NOT_CARRIED", 0, now),
                new Origin(command.callId() + "/edge/not-carried", "sip", edge.actor()));
  }
}

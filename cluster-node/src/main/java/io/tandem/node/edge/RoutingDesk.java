package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.directory.Directory;
import io.tandem.node.routing.CallerStates;
import io.tandem.node.routing.Candidate;
import io.tandem.node.routing.Routed;
import io.tandem.node.routing.Routing;
import io.tandem.node.routing.RoutingSnapshot;
import io.tandem.node.routing.Standing;
import io.tandem.persistence.call.Arrival;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.number.NumberState;
import io.tandem.persistence.vertical.VerticalState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what routing knows when a call comes, from the directory's copy, and asks it for a
 * plan.
 */
final class RoutingDesk {
  private final Directory directory;

  RoutingDesk(Directory directory) {
    this.directory = directory;
  }

  /** Where calls to one of our numbers go. */
  record Destination(
      String number,
      String campaignId,
      CampaignState.Profile campaign,
      VerticalState.Terms vertical) {}

  /** A caller, as the INVITE shows it. */
  record Caller(String number, String subject, @Nullable String publisherState) {}

  /**
   * The campaign behind a number; empty when it is not ours, not assigned, or its campaign is not
   * there yet.
   */
  Optional<Destination> destination(String digits) {
    NumberState.Assignment assignment =
        directory.number(digits).map(NumberState::assignment).orElse(null);
    if (assignment == null) {
      return Optional.empty();
    }
    CampaignState.Profile campaign =
        directory.campaign(assignment.campaignId()).map(CampaignState::profile).orElse(null);
    VerticalState.Terms vertical =
        campaign == null
            ? null
            : directory
                .vertical(campaign.terms().verticalId())
                .map(VerticalState::terms)
                .orElse(null);
    return campaign == null || vertical == null
        ? Optional.empty()
        : Optional.of(new Destination(digits, assignment.campaignId(), campaign, vertical));
  }

  /**
   * The offer of a call: terms and plan are fixed here (QT-1, MKT-3), with the trace (MKT-5).
   *
   * @param arrival how it came in over a trunk; null for a caller of no trunk
   */
  CallCommand.Offer offer(
      String callId,
      Destination to,
      Caller caller,
      EdgeRef edge,
      LegDialog callerLeg,
      @Nullable Arrival arrival,
      Instant now) {
    CallerState state = CallerStates.of(caller.publisherState(), caller.number());
    String currency = to.vertical().price().currency();
    List<Candidate> candidates = new ArrayList<>();
    for (Standing agent : directory.agentsFor(to.campaign().terms().verticalId()).values()) {
      candidates.add(new Candidate(agent, new Money(agent.purse().availableMicros(), currency)));
    }
    Routed routed =
        Routing.plan(
            callId,
            new RoutingSnapshot(
                to.campaign().accountId(), to.campaign().terms(), to.vertical(), candidates),
            state,
            now);
    return new CallCommand.Offer(
        to.campaignId(),
        to.campaign().accountId(),
        Personal.of(caller.subject(), DataClass.CALL_NUMBER, caller.number()),
        caller.subject(),
        state,
        to.number(),
        to.campaign().terms().capped(),
        edge,
        callerLeg,
        routed.plan(),
        RoutingTrace.of(routed.trace()).arrived(arrival));
  }
}

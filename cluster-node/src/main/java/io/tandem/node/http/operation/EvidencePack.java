package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.dispute.Finding;
import io.tandem.node.http.Caller;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.dispute.DisputedCall;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a disputed call, put together when it is asked for (DSP-5): the call as its
 * reader may see it, with routing trace, source of the caller's state, how the voice was and the
 * recording; the agent's licence as it was on file then, from the journal; and what all that
 * proves.
 */
final class EvidencePack {
  private final Entities entities;
  private final DisputedCall disputed;

  EvidencePack(Entities entities, DisputedCall disputed) {
    this.entities = entities;
    this.disputed = disputed;
  }

  ObjectNode json(String disputeId, StoredCall call, Caller viewer) {
    ObjectNode json = Forms.object().put("disputeId", disputeId);
    ObjectNode shown = CallOperations.whole(entities, call, viewer);
    boolean heard = shown.path("recording").isObject();
    String verticalId =
        call.state()
            .offered()
            .plan()
            .offer(disputed.offerId())
            .map(Offer::terms)
            .map(terms -> terms.verticalId())
            .orElse("");
    String state = call.state().offered().callerState().code();
    AgentState agent = agentThen();
    Licence licence = agent.licence(state, verticalId).orElse(null);
    LocalDate day = dayOf(agent);
    json.set("call", shown);
    json.set("licence", licence(state, verticalId, licence, day));
    String path = "/v1/calls/" + disputed.callId();
    json.put("recording", heard ? path + "/recording" : null);
    json.put("messages", viewer instanceof Caller.Operator ? path + "/messages" : null);
    ArrayNode suggestions = json.putArray("suggestions");
    List<Finding> findings =
        call.state() instanceof CallState.Ended ended
            ? Finding.of(ended, verticalId, licence, day)
            : List.of();
    findings.forEach(
        each ->
            suggestions.addObject().put("ground", each.ground().name()).put("proof", each.proof()));
    return json;
  }

  private static ObjectNode licence(
      String state, String verticalId, @Nullable Licence licence, LocalDate day) {
    return Forms.object()
        .put("state", state.isEmpty() ? null : state)
        .put("verticalId", verticalId)
        .put("number", licence == null ? null : licence.number())
        .put("expires", licence == null ? null : licence.expires().toString())
        .put("held", licence != null && !licence.expires().isBefore(day));
  }

  /** The day of the call where the agent is, as its licences are looked at (MKT-2). */
  private LocalDate dayOf(AgentState agent) {
    AgentState.Profile profile = agent.profile();
    return disputed
        .calledAt()
        .atZone(profile == null ? disputed.zone() : profile.terms().schedule().zone())
        .toLocalDate();
  }

  /** The agent after its events up to the call. */
  private AgentState agentThen() {
    Instant until = disputed.calledAt();
    AgentState agent = AgentState.NEW;
    Iterator<JournalRow> rows = entities.ports().journal().entity("agent", disputed.agentId());
    while (rows.hasNext()) {
      var envelope = rows.next().envelope();
      if (envelope.header().at().isAfter(until)) {
        break; // an entity's events are in the order of their times
      }
      AgentEvent event = entities.ports().codec().read(envelope, AgentEvent.class).orElse(null);
      agent = event == null ? agent : agent.apply(event);
    }
    return agent;
  }
}

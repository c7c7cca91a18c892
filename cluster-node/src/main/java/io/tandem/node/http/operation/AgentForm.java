package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.agent.Conduct;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.ShortCallRatio;
import io.tandem.persistence.journal.SealedWord;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** How an agent is shown to its own account and to the operator. */
final class AgentForm {
  private final OperationPorts ports;

  AgentForm(OperationPorts ports) {
    this.ports = ports;
  }

  /** One agent, as the entity itself is. */
  ObjectNode json(String id, AgentState agent) {
    Instant now = ports.clock().instant();
    return json(
        id, agent, agent.conduct().ratio(ports.ratioCalls(), ports.ratioWindow(), now), now);
  }

  /** One of a list, a moment old; its ratio is the one after its last call. */
  ObjectNode json(String id, AgentView view) {
    return json(id, view.agent(), view.ratio(), ports.clock().instant());
  }

  /** A user name, or the number of an agent in another network; null once that was erased. */
  private @Nullable String phone(String endpoint) {
    return SealedWord.is(endpoint)
        ? SealedWord.open(ports.sealer(), endpoint).orElse(null)
        : endpoint;
  }

  private ObjectNode json(String id, AgentState agent, ShortCallRatio ratio, Instant now) {
    AgentState.Profile profile = agent.profile();
    if (profile == null) {
      throw Refusal.notFound();
    }
    Conduct.Cooldown cooldown = agent.conduct().cooldown();
    boolean cooling = cooldown != null && cooldown.holds(now);
    ObjectNode json =
        Forms.object()
            .put("id", id)
            .put("accountId", profile.accountId())
            .put("name", Forms.text(profile.name()))
            .put("endpoint", phone(profile.endpoint()))
            .put("online", agent.online())
            .put("state", state(agent, profile.terms(), cooling, now))
            .put("idleSince", Forms.text(agent.idleSince()));
    json.set("terms", terms(profile.terms()));
    ArrayNode licences = json.putArray("licences");
    agent.licences().values().stream()
        .sorted(Comparator.comparing(l -> AgentState.licenceKey(l.state(), l.verticalId())))
        .forEach(licence -> licences.add(licence(licence)));
    ArrayNode offers = json.putArray("offers");
    agent.reservations().values().stream()
        .sorted(Comparator.comparing(AgentState.Reservation::since))
        .forEach(
            r ->
                offers
                    .addObject()
                    .put("callId", r.callId())
                    .put("offerId", r.offerId())
                    .put("since", r.since().toString())
                    .set("price", Forms.money(r.price())));
    if (cooling && cooldown != null) {
      json.putObject("cooldown")
          .put("rung", cooldown.rung())
          .put("since", cooldown.since().toString())
          .put("until", Forms.text(cooldown.until()))
          .put("signal", cooldown.signal());
    } else {
      json.putNull("cooldown");
    }
    json.put("rung", agent.conduct().rung());
    json.putObject("shortCalls")
        .put("shortCalls", ratio.shortCalls())
        .put("connectedCalls", ratio.connectedCalls());
    return json;
  }

  /** One word for whether it would be rung; the routing trace of a call says the rest. */
  private static String state(AgentState agent, AgentTerms terms, boolean cooling, Instant now) {
    if (cooling) {
      return "IN_COOLDOWN";
    }
    if (!agent.online()) {
      return "OFFLINE";
    }
    if (!terms.schedule().isOpen(now)) {
      return "SCHEDULE_CLOSED";
    }
    return agent.reservations().size() >= terms.concurrency() ? "AT_CONCURRENCY" : "READY";
  }

  private static ObjectNode terms(AgentTerms terms) {
    ObjectNode json = Forms.object();
    ArrayNode bids = json.putArray("bids");
    for (AgentTerms.Bid bid : terms.bids()) {
      bids.addObject()
          .put("verticalId", bid.verticalId())
          .put("tier", bid.tier())
          .put("weight", bid.weight())
          .set("price", Forms.money(bid.price()));
    }
    json.put("concurrency", terms.concurrency()).put("dailyCalls", terms.dailyCalls());
    Forms.money(json, "dailyBudget", terms.dailyBudget());
    json.set("schedule", Forms.schedule(terms.schedule()));
    return json;
  }

  private static ObjectNode licence(Licence licence) {
    return Forms.object()
        .put("state", licence.state())
        .put("verticalId", licence.verticalId())
        .put("number", licence.number())
        .put("expires", licence.expires().toString());
  }

  /** A step on the ladder of cooldowns (COOL-4). */
  static ObjectNode cooldownEvent(long sequence, AgentEvent event) {
    ObjectNode json = Forms.object().put("sequence", sequence).put("at", event.at().toString());
    switch (event) {
      case AgentEvent.CooldownStarted e -> {
        json.put("kind", "STARTED")
            .put("rung", e.rung())
            .put("until", Forms.text(e.until()))
            .put("signal", e.signal());
        json.set("evidence", Forms.texts(e.evidence()));
      }
      case AgentEvent.CooldownEnded _ -> json.put("kind", "ENDED");
      case AgentEvent.CooldownSteppedBack e ->
          json.put("kind", "STEPPED_BACK")
              .put("rung", e.rung())
              .put("cleanSince", e.cleanSince().toString());
      default -> throw new IllegalStateException("no step of a cooldown: " + event.getClass());
    }
    return json;
  }
}

package io.tandem.node.http.operation;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentReply;
import io.tandem.node.endpoint.EndpointCommand;
import io.tandem.node.endpoint.EndpointReply;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Fields;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.vertical.VerticalCommand;
import io.tandem.node.vertical.VerticalReply;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.PersonalSealer;
import io.tandem.persistence.journal.SealedWord;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Agents: what they take, their licences, whether they take calls, and their cooldowns (MKT-2,
 * COOL-1..4).
 */
final class AgentOperations {
  private static final int BIDS_MAX = 50;
  private static final int COUNT_MAX = 1_000_000;

  private record Turn(long sequence, AgentEvent event) {}

  private final Entities entities;
  private final AgentForm form;

  AgentOperations(Entities entities) {
    this.entities = entities;
    this.form = new AgentForm(entities.ports());
  }

  List<Operation> table() {
    String one = "/v1/agents/{agentId}";
    return List.of(
        Operation.post("createAgent", "/v1/agents", Access.WRITE, this::create),
        Operation.get("listAgents", "/v1/agents", Access.READ, this::list),
        Operation.get("readAgent", one, Access.READ, this::read),
        Operation.get("listCooldowns", one + "/cooldowns", Access.READ, this::cooldowns),
        Operation.put("changeAgentTerms", one + "/terms", Access.WRITE, this::changeTerms),
        Operation.post("fileLicence", one + "/licences", Access.WRITE, this::fileLicence),
        Operation.post(
            "withdrawLicence", one + "/licences/withdraw", Access.WRITE, this::withdrawLicence),
        Operation.post("goOnline", one + "/online", Access.WRITE, this::goOnline).withoutBody(),
        Operation.post("goOffline", one + "/offline", Access.WRITE, this::goOffline));
  }

  private Work create(ApiRequest request) {
    var owner = entities.owner(request);
    String name = request.body().text("name", 200);
    String endpoint = request.body().text("endpoint", 64);
    AgentTerms terms = terms(request.body().object("terms"));
    return origin -> {
      String accountId = owner.apply(origin);
      checkEndpoint(accountId, endpoint, request.caller(), origin);
      checkVerticals("terms.", terms, origin);
      String id = Entities.idOf("agent", origin);
      String subject = "person:" + entities.ports().blinder().blind("agent", id);
      Reply reply =
          entities.ask(
              "agent",
              id,
              new AgentCommand.Create(
                  accountId,
                  Personal.of(subject, DataClass.CONTACT, name),
                  endpoint.startsWith("+") ? sealed(id, subject, endpoint, origin) : endpoint,
                  terms),
              origin);
      return Answer.created(form.json(id, done(reply, "")));
    };
  }

  /** A number goes nowhere in the clear; one that was sealed in a first try stays as it is. */
  private String sealed(String id, String subject, String number, Origin origin) {
    PersonalSealer sealer = entities.ports().sealer();
    if (entities.ask("agent", id, new AgentCommand.Read(), origin) instanceof AgentReply.View view
        && view.state().profile() instanceof AgentState.Profile before
        && SealedWord.is(before.endpoint())
        && SealedWord.open(sealer, before.endpoint()).filter(number::equals).isPresent()) {
      return before.endpoint();
    }
    return SealedWord.seal(sealer, subject, DataClass.CONTACT, number);
  }

  /**
   * An agent's phone is an endpoint of its own account; another's is as good as none (ACC-5). The
   * operator may name a number of the public network instead: calls to it cost the operator.
   */
  private void checkEndpoint(String accountId, String endpoint, Caller caller, Origin origin) {
    if (caller instanceof Caller.Operator && endpoint.matches("\\+[1-9][0-9]{6,14}")) {
      return;
    }
    boolean own =
        endpoint.matches("[A-Za-z0-9._-]{1,64}")
            && entities.ask("endpoint", endpoint, new EndpointCommand.Read(), origin)
                instanceof EndpointReply.View view
            && view.state().credentials()
                instanceof io.tandem.persistence.endpoint.EndpointState.Credentials c
            && c.accountId().equals(accountId);
    if (!own) {
      throw Refusal.field("endpoint", "'" + endpoint + "'", "an endpoint of the account");
    }
  }

  private void checkVerticals(String part, AgentTerms terms, Origin origin) {
    for (int i = 0; i < terms.bids().size(); i++) {
      String id = terms.bids().get(i).verticalId();
      requireVertical(entities, part + "bids[" + i + "].verticalId", id, origin);
    }
  }

  static void requireVertical(Entities entities, String field, String id, Origin origin) {
    boolean known =
        id.matches("[A-Za-z0-9._-]{1,100}")
            && entities.ask("vertical", id, new VerticalCommand.Read(), origin)
                instanceof VerticalReply.View;
    if (!known) {
      throw Refusal.field(field, "'" + id + "'", "the id of a vertical");
    }
  }

  private Work list(ApiRequest request) {
    return entities.page(
        "agent",
        request,
        view ->
            view.state() instanceof AgentView agent && agent.agent().profile() != null
                ? Optional.of(form.json(view.entityId(), agent))
                : Optional.empty());
  }

  private Work read(ApiRequest request) {
    return origin -> Answer.ok(form.json(request.path("agentId"), seen(request, origin)));
  }

  /** The agent, where the caller sees it. */
  private AgentState seen(ApiRequest request, Origin origin) {
    Reply reply = entities.ask("agent", request.path("agentId"), new AgentCommand.Read(), origin);
    if (reply instanceof AgentReply.View view
        && view.state().profile() instanceof AgentState.Profile profile
        && request.caller().sees(profile.accountId())) {
      return view.state();
    }
    throw Refusal.notFound();
  }

  private Answer told(ApiRequest request, AgentCommand command, String part, Origin origin) {
    AgentState unused = seen(request, origin);
    String id = request.path("agentId");
    return Answer.ok(form.json(id, done(entities.ask("agent", id, command, origin), part)));
  }

  private Work changeTerms(ApiRequest request) {
    AgentTerms terms = terms(request.body());
    return origin -> {
      AgentState unused = seen(request, origin);
      checkVerticals("", terms, origin);
      return told(request, new AgentCommand.ChangeTerms(terms), "terms", origin);
    };
  }

  private Work fileLicence(ApiRequest request) {
    Licence licence =
        new Licence(
            request.body().text("state", 2),
            request.body().text("verticalId", 100),
            request.body().text("number", 60),
            request.body().parsed("expires", "a day such as 2027-12-31", LocalDate::parse));
    return origin -> {
      AgentState unused = seen(request, origin);
      requireVertical(entities, "verticalId", licence.verticalId(), origin);
      return told(request, new AgentCommand.FileLicence(licence), "licence", origin);
    };
  }

  private Work withdrawLicence(ApiRequest request) {
    String state = request.body().text("state", 2);
    String verticalId = request.body().text("verticalId", 100);
    String reason = request.body().text("reason", 200);
    return origin ->
        told(
            request,
            new AgentCommand.WithdrawLicence(state, verticalId, reason),
            "licence",
            origin);
  }

  private Work goOnline(ApiRequest request) {
    return origin -> told(request, new AgentCommand.GoOnline(), "", origin);
  }

  private Work goOffline(ApiRequest request) {
    String reason = request.body().text("reason", 200);
    return origin -> told(request, new AgentCommand.GoOffline(reason), "", origin);
  }

  // COOL-4: each cooldown with the calls and figures that led to it, from the journal
  private Work cooldowns(ApiRequest request) {
    int limit = request.query().limit();
    long after = request.query().numberCursor();
    return origin -> {
      AgentState unused = seen(request, origin);
      return Entities.page(
          turns(request.path("agentId"), after, limit + 1),
          limit,
          turn -> String.valueOf(turn.sequence()),
          turn -> Optional.of(AgentForm.cooldownEvent(turn.sequence(), turn.event())));
    };
  }

  private List<Turn> turns(String agentId, long after, int most) {
    List<Turn> turns = new ArrayList<>();
    Iterator<JournalRow> rows = entities.ports().journal().entity("agent", agentId, after);
    while (rows.hasNext() && turns.size() < most) {
      JournalRow row = rows.next();
      var envelope = row.envelope();
      if (envelope.header().event().name().startsWith("agent.cooldown-")) {
        entities
            .ports()
            .codec()
            .read(envelope, AgentEvent.class)
            .ifPresent(event -> turns.add(new Turn(row.sequence(), event)));
      }
    }
    return turns;
  }

  private static AgentState done(Reply reply, String part) {
    return switch (reply) {
      case AgentReply.Done done -> done.state();
      default -> throw Refusals.of(reply, part);
    };
  }

  private static AgentTerms terms(Fields fields) {
    List<AgentTerms.Bid> bids =
        fields.objects("bids", BIDS_MAX).stream()
            .map(
                bid ->
                    new AgentTerms.Bid(
                        bid.text("verticalId", 100),
                        bid.money("price"),
                        Math.toIntExact(bid.optionalNumber("tier", 1, 100).orElse(1L)),
                        Math.toIntExact(bid.optionalNumber("weight", 1, 100).orElse(1L))))
            .toList();
    return new AgentTerms(
        bids,
        Math.toIntExact(fields.optionalNumber("concurrency", 1, 1_000).orElse(1L)),
        fields.optionalNumber("dailyCalls", 0, COUNT_MAX).map(Math::toIntExact).orElse(null),
        fields.optionalMoney("dailyBudget").orElse(null),
        Forms.schedule(fields.object("schedule")));
  }
}

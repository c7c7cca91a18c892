package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.security.SecurityCommand;
import io.tandem.node.security.SecurityReply;
import io.tandem.node.security.SecurityRules;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.readmodel.SipBan;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.persistence.security.SecurityState;
import io.tandem.protocol.sip.observe.CallTraces;
import java.util.List;
import java.util.Locale;

/** What the SIP front ends tell the operator: whom they do not hear (ACC-8), and what was said. */
final class EdgeOperations {
  private final Entities entities;
  private final OperationPorts ports;

  EdgeOperations(Entities entities) {
    this.entities = entities;
    this.ports = entities.ports();
  }

  List<Operation> table() {
    return List.of(
        Operation.get("listBans", "/v1/bans", Access.OPERATOR, request -> origin -> list()),
        Operation.post("liftBan", "/v1/bans/{banId}/lift", Access.OPERATOR, this::lift)
            .withoutBody(),
        Operation.get(
            "listMessages", "/v1/calls/{callId}/messages", Access.OPERATOR, this::messages));
  }

  /** What the edges saw of a call: other parties' addresses too, so the operator's alone. */
  private Work messages(ApiRequest request) {
    String callId = request.path("callId");
    return origin -> {
      ObjectNode json = Forms.object();
      ArrayNode items = json.putArray("items");
      for (SipTraces.Trace trace : ports.traces().of(callId)) {
        for (String text : trace.messages().split("\n", -1)) {
          CallTraces.Line.parse(text).ifPresent(line -> items.add(json(trace.edgeId(), line)));
        }
      }
      return Answer.ok(json);
    };
  }

  private static ObjectNode json(String edge, CallTraces.Line line) {
    return Forms.object()
        .put("at", line.at().toString())
        .put("edge", edge)
        .put("direction", line.in() ? "received" : "sent")
        .put("leg", line.leg())
        .put("peer", line.peer())
        .put("message", line.what());
  }

  private Answer list() {
    ObjectNode json = Forms.object();
    ArrayNode items = json.putArray("items");
    ports.bans().running(ports.clock().instant()).forEach(ban -> items.add(json(ban)));
    return Answer.ok(json);
  }

  private Work lift(ApiRequest request) {
    String id = request.path("banId");
    String by = request.caller().actor();
    return origin -> {
      SipBan ban =
          ports.bans().lift(id, by, ports.clock().instant()).orElseThrow(Refusal::notFound);
      noteLift(ban, origin);
      return Answer.ok(json(ban));
    };
  }

  /** AUD-1: the same request again is noted once. */
  private void noteLift(SipBan ban, Origin origin) {
    int space = ban.subject().indexOf(' ');
    String name = ban.subject().substring(space + 1);
    boolean address = ban.subject().startsWith("address ");
    String whose =
        address
            ? SecurityState.PLATFORM
            : ports
                .directory()
                .endpoint(name)
                .map(EndpointState::credentials)
                .map(EndpointState.Credentials::accountId)
                .orElse(SecurityState.PLATFORM);
    Personal<String> subject =
        Personal.of(
            "person:" + ports.blinder().blind(address ? "address" : "endpoint", name),
            DataClass.CALL_NUMBER,
            name);
    Reply reply =
        entities.ask(
            SecurityRules.NAME,
            SecurityRules.log(whose, ports.clock().instant()).id(),
            new SecurityCommand.NoteLift(ban.id(), subject),
            origin);
    if (!(reply instanceof SecurityReply.Noted)) {
      throw Refusals.of(reply);
    }
  }

  private static ObjectNode json(SipBan ban) {
    int space = ban.subject().indexOf(' ');
    return Forms.object()
        .put("id", ban.id())
        .put("kind", ban.subject().substring(0, Math.max(0, space)))
        .put("subject", ban.subject().substring(space + 1))
        .put("offence", ban.offence().toLowerCase(Locale.ROOT).replace('_', '-'))
        .put("edge", ban.edgeId())
        .put("from", ban.from().toString())
        .put("until", ban.until().toString())
        .put("liftedAt", Forms.text(ban.liftedAt()));
  }
}

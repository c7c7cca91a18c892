package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.readmodel.SipBan;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.protocol.sip.observe.CallTraces;
import java.util.List;
import java.util.Locale;

/** What the SIP front ends tell the operator: whom they do not hear (ACC-8), and what was said. */
final class EdgeOperations {
  private final OperationPorts ports;

  EdgeOperations(OperationPorts ports) {
    this.ports = ports;
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
    return origin ->
        ports
            .bans()
            .lift(id, by, ports.clock().instant())
            .map(ban -> Answer.ok(json(ban)))
            .orElseThrow(Refusal::notFound);
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

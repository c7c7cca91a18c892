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
import java.util.List;
import java.util.Locale;

/** Who the SIP front ends do not hear for a while, for the operator (ACC-8). */
final class BanOperations {
  private final OperationPorts ports;

  BanOperations(OperationPorts ports) {
    this.ports = ports;
  }

  List<Operation> table() {
    return List.of(
        Operation.get("listBans", "/v1/bans", Access.OPERATOR, request -> origin -> list()),
        Operation.post("liftBan", "/v1/bans/{banId}/lift", Access.OPERATOR, this::lift)
            .withoutBody());
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

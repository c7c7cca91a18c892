package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.QueryText;
import io.tandem.persistence.account.AccountEvent;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.SecurityIndex;
import io.tandem.persistence.security.Loop;
import io.tandem.persistence.security.SecurityEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What befell the doors (ACC-8, TEL-9): the operator sees all, an account what is its own. The list
 * says where each stands; what it says is read from the journal, so that what was erased is gone.
 */
final class SecurityOperations {
  private final OperationPorts ports;

  SecurityOperations(OperationPorts ports) {
    this.ports = ports;
  }

  List<Operation> table() {
    return List.of(
        Operation.get("listSecurityEvents", "/v1/security-events", Access.READ, this::list));
  }

  private Work list(ApiRequest request) {
    Optional<String> account = request.query().text("accountId");
    Optional<String> type = request.query().text("type");
    Optional<Instant> from = request.query().instant("from");
    Optional<Instant> to = request.query().instant("to");
    int limit = request.query().limit();
    SecurityIndex.Position before =
        request.query().cursor().map(SecurityOperations::position).orElse(null);
    Caller caller = request.caller();
    boolean foreign = account.filter(id -> !caller.sees(id)).isPresent();
    String whose =
        caller instanceof Caller.Tenant tenant ? tenant.accountId() : account.orElse(null);
    SecurityIndex.Filter filter =
        new SecurityIndex.Filter(whose, type.orElse(null), from.orElse(null), to.orElse(null));
    return origin -> {
      List<SecurityIndex.Row> rows =
          foreign ? List.of() : ports.security().page(filter, before, limit + 1);
      ArrayNode items = Forms.array();
      List<SecurityIndex.Row> shown = rows.subList(0, Math.min(limit, rows.size()));
      shown.forEach(row -> items.add(json(row, caller)));
      ObjectNode page = Forms.object();
      page.set("items", items);
      page.put(
          "next",
          rows.size() > limit ? QueryText.cursorAfter(words(shown.getLast().position())) : null);
      return Answer.ok(page);
    };
  }

  private static String words(SecurityIndex.Position position) {
    return position.at() + "/" + position.sequence() + "/" + position.entity();
  }

  private static SecurityIndex.Position position(String cursor) {
    String[] parts = cursor.split("/", 3);
    try {
      return new SecurityIndex.Position(
          Instant.parse(parts[0]), parts[2], Long.parseLong(parts[1]));
    } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw QueryText.badCursor();
    }
  }

  private ObjectNode json(SecurityIndex.Row row, Caller caller) {
    boolean all = caller instanceof Caller.Operator;
    ObjectNode json =
        Forms.object()
            .put("id", row.entity().replaceFirst("\\|", "/") + '/' + row.sequence())
            .put("type", row.event())
            .put("accountId", row.accountId())
            .put("at", row.at().toString());
    Envelope envelope =
        ports.journal().event(row.entity(), row.sequence()).map(JournalRow::envelope).orElse(null);
    String actor = envelope == null ? "" : envelope.header().actor();
    json.put("by", all || !actor.startsWith("node/") ? actor : "the platform");
    ObjectNode said = json.putObject("data");
    if (envelope != null) {
      say(said, ports.codec().read(envelope, Record.class).orElse(null), all);
    }
    return json;
  }

  private static void say(ObjectNode said, @Nullable Record event, boolean all) {
    switch (event) {
      case SecurityEvent.Banned e -> {
        said.put("banId", e.banId())
            .put("subject", Forms.text(e.subject()))
            .put("offence", e.offence())
            .put("from", e.from().toString())
            .put("until", e.until().toString());
        operators(said, all, "edge", e.edge());
      }
      case SecurityEvent.BanLifted e ->
          said.put("banId", e.banId()).put("subject", Forms.text(e.subject()));
      case SecurityEvent.LoginsFailed e ->
          counted(said, e.count(), e.from(), e.to())
              .put("door", e.door())
              .put("login", e.login())
              .put("source", Forms.text(e.source()));
      case SecurityEvent.LoopRefused e ->
          loop(counted(said, e.count(), e.from(), e.to()), e.loop(), all);
      case SecurityEvent.MoreSeen e -> counted(said, e.count(), e.from(), e.to()).put("of", e.of());
      case SecurityEvent.PersonErased e ->
          said.put("line", e.line())
              .put("person", e.subject())
              .put("class", e.dataClass())
              .put("period", e.period())
              .put("askedBy", e.by())
              .put("from", e.erasedAt().toString());
      case AccountEvent.TokenIssued e -> said.put("tokenId", e.tokenId()).put("label", e.label());
      case AccountEvent.TokenRevoked e ->
          said.put("tokenId", e.tokenId()).put("reason", e.reason());
      case null, default -> {
        // what cannot be read says nothing; its type is in the list
      }
    }
  }

  private static ObjectNode counted(ObjectNode said, long count, Instant from, Instant to) {
    return said.put("count", count).put("from", from.toString()).put("until", to.toString());
  }

  /** Whose number it was is not the agent's account's to know, nor the trunk any tenant's. */
  private static void loop(ObjectNode said, Loop loop, boolean all) {
    said.put("status", loop.status())
        .put("ground", loop.ground())
        .put("called", loop.called())
        .put("agentId", loop.agentId())
        .put("callId", loop.callId())
        .put("hops", loop.hops())
        .put("hopsLeft", loop.hopsLeft())
        .put("breadthLeft", loop.breadthLeft())
        .put("source", Forms.text(loop.source()));
    operators(said, all || loop.agentId() == null, "campaignId", loop.campaignId());
    operators(said, all, "trunk", loop.trunk());
  }

  private static void operators(
      ObjectNode said, boolean shown, String name, @Nullable String value) {
    if (shown && value != null) {
      said.put(name, value);
    }
  }
}

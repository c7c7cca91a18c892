package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Fields;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.privacy.Erasures;
import io.tandem.persistence.privacy.Precedence.Verdict;
import io.tandem.persistence.privacy.ShownNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Erasing persons (PRV-2), and the log of it. For the operator. */
final class PrivacyOperations {
  private static final List<String> NAMED = List.of("account", "agent");
  private static final int NAMES_MAX = 10;
  private static final int REASON_CHARS_MAX = 1_000;
  private static final int ID_CHARS_MAX = 100;
  private static final String E164 = "\\+[1-9][0-9]{6,14}";

  private final OperationPorts ports;
  private final ErasureLog log;
  private final ShownNames names;

  PrivacyOperations(OperationPorts ports) {
    this.ports = ports;
    this.log = ports.erasureLog();
    this.names = new ShownNames(ports.views(), ports.sealer());
  }

  List<Operation> table() {
    String path = "/v1/privacy/erasures";
    return List.of(
        Operation.post("erasePerson", path, Access.OPERATOR, this::erase),
        Operation.get("listErasures", path, Access.OPERATOR, this::list));
  }

  private Work erase(ApiRequest request) {
    Fields body = request.body();
    Optional<String> phone =
        body.optionalParsed("phone", "a number such as +12125550147", PrivacyOperations::number);
    String subject = subject(body, phone);
    List<DataClass> classes =
        body.has("classes")
            ? body.texts("classes", DataClass.values().length).stream()
                .map(PrivacyOperations::dataClass)
                .toList()
            : List.of(DataClass.values());
    List<String> known =
        new ArrayList<>(body.has("names") ? body.texts("names", NAMES_MAX) : List.of());
    phone.ifPresent(number -> known.add(number.substring(1))); // it is in the one with the plus
    String reason = body.text("reason", REASON_CHARS_MAX);
    return origin -> {
      NAMED.forEach(
          noun ->
              body.optionalText(noun, ID_CHARS_MAX)
                  .ifPresent(id -> known.addAll(names.of(noun, id))));
      Map<DataClass, Erasures.Outcome> outcomes =
          ports
              .erasures()
              .erase(subject, classes, known, ports.clock().instant(), origin.actor(), reason);
      ArrayNode items = Forms.array();
      outcomes.forEach((dataClass, outcome) -> items.add(json(dataClass, outcome)));
      ObjectNode answer = Forms.object();
      answer.set("outcomes", items);
      return Answer.ok(answer);
    };
  }

  /** The blind name of whom it is about; exactly one is to be named. */
  private String subject(Fields body, Optional<String> phone) {
    Blinder blinder = ports.blinder();
    List<String> subjects = new ArrayList<>();
    phone.map(blinder::person).ifPresent(subjects::add);
    for (String noun : List.of("account", "agent", "endpoint", "address")) {
      body.optionalText(noun, ID_CHARS_MAX)
          .ifPresent(id -> subjects.add("person:" + blinder.blind(noun, id)));
    }
    if (subjects.size() != 1) {
      throw Refusal.field(
          "phone", subjects.size() + " persons", "one of phone, account, agent, endpoint, address");
    }
    return subjects.getFirst();
  }

  private static String number(String text) {
    if (!text.matches(E164)) {
      throw new IllegalArgumentException("not shown");
    }
    return text;
  }

  private static DataClass dataClass(String text) {
    return Arrays.stream(DataClass.values())
        .filter(each -> each.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.field(
                    "classes", "another word", "some of " + Arrays.toString(DataClass.values())));
  }

  private static ObjectNode json(DataClass dataClass, Erasures.Outcome outcome) {
    ObjectNode json = Forms.object().put("class", dataClass.name());
    return switch (outcome.verdict()) {
      case Verdict.Erase _ ->
          json.put("verdict", "ERASED").put("keys", outcome.keys()).putNull("until");
      case Verdict.Held _ -> json.put("verdict", "HELD").put("keys", 0).putNull("until");
      case Verdict.Statutory kept ->
          json.put("verdict", "KEPT_BY_LAW")
              .put("keys", outcome.keys())
              .put("until", kept.until().toString());
    };
  }

  private Work list(ApiRequest request) {
    int limit = request.query().limit();
    String after = request.query().cursor().orElse("0");
    return origin ->
        Entities.page(
            log.after(number(after, "cursor"), limit + 1),
            limit,
            line -> Long.toString(line.number()),
            line ->
                Optional.of(
                    Forms.object()
                        .put("number", line.number())
                        .put("subject", line.subject())
                        .put("class", line.dataClass().name())
                        .put("period", line.period())
                        .put("at", line.at().toString())
                        .put("by", line.by())
                        .put("reason", line.reason())));
  }

  private static long number(String text, String field) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Refusal.field(field, "something else", "the 'next' of a page");
    }
  }
}

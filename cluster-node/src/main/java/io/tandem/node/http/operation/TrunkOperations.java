package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Fields;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.readmodel.EntityView;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.trunk.TrunkTerms;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trunks to carriers, for the operator (TEL-3, MKT-10). A password goes in and is sealed; it is
 * never shown again.
 */
final class TrunkOperations {
  private static final int LIST_MAX = 50;
  private static final int ROUTES_MAX = 1_000;
  private static final int LIMIT_MAX = 1_000_000;

  private final Entities entities;

  TrunkOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/trunks/{trunkId}";
    return List.of(
        Operation.put("defineTrunk", one, Access.OPERATOR, this::define),
        Operation.post("switchTrunk", one + "/switch", Access.OPERATOR, this::turn),
        Operation.get("listTrunks", "/v1/trunks", Access.OPERATOR, this::list),
        Operation.get("readTrunk", one, Access.OPERATOR, this::read));
  }

  private Work define(ApiRequest request) {
    String id = request.path("trunkId");
    Fields body = request.body();
    Optional<Fields> login =
        body.has("login") ? Optional.of(body.object("login")) : Optional.empty();
    TrunkTerms terms =
        new TrunkTerms(
            body.texts("targets", LIST_MAX),
            login.map(l -> login(id, l)).orElse(null),
            list(body, "addresses"),
            list(body, "certificates"),
            limit(body, "callsPerSecond"),
            limit(body, "concurrentCalls"),
            list(body, "codecs"),
            numbers(body.object("numbers")),
            body.has("routes") ? routes(body) : List.of());
    return origin -> Answer.ok(json(ask(id, new TrunkCommand.Define(terms), origin)));
  }

  private TrunkTerms.Login login(String id, Fields login) {
    String subject = "trunk:" + entities.ports().blinder().blind("trunk", id);
    String password =
        login
            .optionalSecret("password", 1, 128)
            .orElseThrow(() -> Refusal.field("login.password", "nothing", "a password"));
    return new TrunkTerms.Login(
        login.text("username", 253),
        Personal.of(subject, DataClass.SECRET, password),
        (int) login.number("registerSeconds", 0, 86_400),
        login.has("edge") ? login.text("edge", 63) : "");
  }

  private static List<String> list(Fields body, String name) {
    return body.has(name) ? body.texts(name, LIST_MAX) : List.of();
  }

  private static @Nullable Integer limit(Fields body, String name) {
    return body.optionalNumber(name, 0, LIMIT_MAX).map(Long::intValue).orElse(null);
  }

  private static TrunkTerms.Numbers numbers(Fields numbers) {
    return new TrunkTerms.Numbers(
        numbers.text("style", 10),
        dialled(numbers, "country"),
        dialled(numbers, "trunkPrefix"),
        dialled(numbers, "internationalPrefix"),
        dialled(numbers, "technicalPrefix"));
  }

  private static String dialled(Fields numbers, String name) {
    return numbers.has(name) ? numbers.text(name, 10) : "";
  }

  private static List<TrunkTerms.Route> routes(Fields body) {
    return body.objects("routes", ROUTES_MAX).stream()
        .map(
            route ->
                new TrunkTerms.Route(
                    route.has("prefix") ? route.text("prefix", 15) : "",
                    (int) route.number("rank", 0, LIMIT_MAX)))
        .toList();
  }

  private Work turn(ApiRequest request) {
    String id = request.path("trunkId");
    boolean on =
        request
            .body()
            .parsed(
                "state",
                "ON or OFF",
                text -> {
                  if (!text.equals("ON") && !text.equals("OFF")) {
                    throw new IllegalArgumentException(text);
                  }
                  return text.equals("ON");
                });
    String reason = request.body().text("reason", 200);
    return origin -> Answer.ok(json(ask(id, new TrunkCommand.Switch(on, reason), origin)));
  }

  private TrunkState ask(String id, TrunkCommand command, Origin origin) {
    Reply reply = entities.ask("trunk", id, command, origin);
    return switch (reply) {
      case TrunkReply.Done done -> done.state();
      case TrunkReply.View view -> view.state();
      default -> throw Refusals.of(reply);
    };
  }

  private Work read(ApiRequest request) {
    String id = request.path("trunkId");
    return origin -> Answer.ok(json(ask(id, new TrunkCommand.Read(), origin)));
  }

  private Work list(ApiRequest request) {
    int limit = request.query().limit();
    String after = request.query().cursor().orElse("");
    return origin ->
        Entities.page(
            entities.ports().views().all("trunk", after, limit + 1),
            limit,
            EntityView::entityId,
            view ->
                view.state() instanceof TrunkState trunk && trunk.terms() != null
                    ? Optional.of(json(trunk))
                    : Optional.empty());
  }

  private static ObjectNode json(TrunkState trunk) {
    TrunkTerms terms = trunk.terms();
    if (terms == null) {
      throw Refusal.notFound();
    }
    ObjectNode json =
        Forms.object()
            .put("id", trunk.id())
            .put("on", trunk.on())
            .put("running", trunk.admissions().size());
    json.set("targets", Forms.texts(terms.targets()));
    TrunkTerms.Login login = terms.login();
    if (login == null) {
      json.putNull("login");
    } else {
      json.putObject("login")
          .put("username", login.username())
          .put("registerSeconds", login.registerSeconds())
          .put("edge", login.edge());
    }
    json.set("addresses", Forms.texts(terms.addresses()));
    json.set("certificates", Forms.texts(terms.certificates()));
    json.put("callsPerSecond", terms.callsPerSecond());
    json.put("concurrentCalls", terms.concurrentCalls());
    json.set("codecs", Forms.texts(terms.codecs()));
    TrunkTerms.Numbers numbers = terms.numbers();
    json.putObject("numbers")
        .put("style", numbers.style())
        .put("country", numbers.country())
        .put("trunkPrefix", numbers.trunkPrefix())
        .put("internationalPrefix", numbers.internationalPrefix())
        .put("technicalPrefix", numbers.technicalPrefix());
    ArrayNode routes = json.putArray("routes");
    terms
        .routes()
        .forEach(
            route ->
                routes.add(Forms.object().put("prefix", route.prefix()).put("rank", route.rank())));
    return json;
  }
}

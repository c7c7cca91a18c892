package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.vertical.VerticalCommand;
import io.tandem.node.vertical.VerticalReply;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.EntityView;
import io.tandem.persistence.vertical.VerticalState;
import java.util.List;
import java.util.Optional;

/**
 * Verticals: what a kind of call costs and when it qualifies (QT-1). Every tenant may read them.
 */
final class VerticalOperations {
  private final Entities entities;

  VerticalOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/verticals/{verticalId}";
    return List.of(
        Operation.post("defineVertical", "/v1/verticals", Access.OPERATOR, this::define),
        Operation.get("listVerticals", "/v1/verticals", Access.READ, this::list),
        Operation.get("readVertical", one, Access.READ, this::read),
        Operation.put("changeVerticalTerms", one + "/terms", Access.OPERATOR, this::change));
  }

  private Work define(ApiRequest request) {
    String id =
        request
            .body()
            .parsed(
                "id",
                "1 to 40 lower-case letters, digits or dashes",
                text -> {
                  if (!text.matches("[a-z0-9][a-z0-9-]{0,39}")) {
                    throw new IllegalArgumentException(text);
                  }
                  return text;
                });
    String name = request.body().text("name", 100);
    Money price = request.body().money("price");
    long timerMillis = request.body().number("timerMillis", 1, 3_600_000);
    return origin ->
        Answer.created(
            json(
                id,
                done(
                    entities.ask(
                        "vertical",
                        id,
                        new VerticalCommand.Define(name, price, timerMillis),
                        origin))));
  }

  private Work change(ApiRequest request) {
    String id = request.path("verticalId");
    Money price = request.body().money("price");
    long timerMillis = request.body().number("timerMillis", 1, 3_600_000);
    return origin ->
        Answer.ok(
            json(
                id,
                done(
                    entities.ask(
                        "vertical",
                        id,
                        new VerticalCommand.ChangeTerms(price, timerMillis),
                        origin))));
  }

  private Work list(ApiRequest request) {
    int limit = request.query().limit();
    String after = request.query().cursor().orElse("");
    return origin ->
        Entities.page(
            entities.ports().views().all("vertical", after, limit + 1),
            limit,
            EntityView::entityId,
            view ->
                view.state() instanceof VerticalState vertical && vertical.terms() != null
                    ? Optional.of(json(view.entityId(), vertical))
                    : Optional.empty());
  }

  private Work read(ApiRequest request) {
    String id = request.path("verticalId");
    return origin ->
        switch (entities.ask("vertical", id, new VerticalCommand.Read(), origin)) {
          case VerticalReply.View view -> Answer.ok(json(id, view.state()));
          case Reply no -> throw Refusals.of(no);
        };
  }

  private static VerticalState done(Reply reply) {
    return switch (reply) {
      case VerticalReply.Done done -> done.state();
      default -> throw Refusals.of(reply);
    };
  }

  private static ObjectNode json(String id, VerticalState vertical) {
    VerticalState.Terms terms = vertical.terms();
    if (terms == null) {
      throw Refusal.notFound();
    }
    ObjectNode json =
        Forms.object()
            .put("id", id)
            .put("name", vertical.name())
            .put("version", terms.version())
            .put("timerMillis", terms.timerMillis());
    json.set("price", Forms.money(terms.price()));
    return json;
  }
}

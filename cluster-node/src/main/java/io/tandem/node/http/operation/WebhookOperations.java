package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.webhook.Signature;
import io.tandem.node.webhook.WebhookCommand;
import io.tandem.node.webhook.WebhookReply;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.webhook.Deliveries;
import io.tandem.persistence.webhook.Delivery;
import io.tandem.persistence.webhook.WebhookState;
import io.tandem.persistence.webhook.WebhookState.Target;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks: where an account is told of what, the log of what was told, and telling it again
 * (ACC-7). A secret is made here, shown once and never again.
 */
final class WebhookOperations {
  private static final int SECRET_BYTES = 24;
  private static final int EVENTS_MAX = 50;
  private static final int URL_CHARS_MAX = 500;
  private static final int EVENT_ID_CHARS_MAX = 300;

  private final Entities entities;
  private final Deliveries deliveries;

  WebhookOperations(Entities entities) {
    this.entities = entities;
    this.deliveries = entities.ports().deliveries();
  }

  List<Operation> table() {
    String one = "/v1/webhooks/{webhookId}";
    return List.of(
        Operation.post("createWebhook", "/v1/webhooks", Access.WRITE, this::create),
        Operation.get("listWebhooks", "/v1/webhooks", Access.READ, this::list),
        Operation.get("readWebhook", one, Access.READ, this::read),
        Operation.put("changeWebhook", one, Access.WRITE, this::change),
        Operation.post("changeWebhookSecret", one + "/secret", Access.WRITE, this::changeSecret)
            .withoutBody(),
        Operation.get("listDeliveries", one + "/deliveries", Access.READ, this::deliveries),
        Operation.post("replayDeliveries", one + "/replay", Access.WRITE, this::replay));
  }

  private Work create(ApiRequest request) {
    var owner = entities.owner(request);
    String url = request.body().text("url", URL_CHARS_MAX);
    List<String> events = request.body().texts("events", EVENTS_MAX);
    return origin -> {
      String id = Entities.idOf("hook", origin);
      String secret = fresh();
      WebhookReply.Done done =
          done(
              entities.ask(
                  "webhook",
                  id,
                  new WebhookCommand.Create(
                      owner.apply(origin), url, events, sealed(id, secret), plain()),
                  origin));
      return shown(201, done, secret);
    };
  }

  private Work change(ApiRequest request) {
    String id = request.path("webhookId");
    String url = request.body().text("url", URL_CHARS_MAX);
    List<String> events = request.body().texts("events", EVENTS_MAX);
    boolean enabled =
        request.body().parsed("state", "ENABLED or DISABLED", WebhookOperations::enabled);
    return origin -> {
      WebhookState unused = seen(id, request.caller(), origin);
      Reply reply =
          entities.ask(
              "webhook", id, new WebhookCommand.Change(url, events, enabled, plain()), origin);
      return Answer.ok(json(done(reply).state()));
    };
  }

  private static boolean enabled(String text) {
    if (!Set.of("ENABLED", "DISABLED").contains(text)) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("ENABLED");
  }

  private Work changeSecret(ApiRequest request) {
    String id = request.path("webhookId");
    return origin -> {
      WebhookState unused = seen(id, request.caller(), origin);
      String secret = fresh();
      Reply reply =
          entities.ask("webhook", id, new WebhookCommand.ChangeSecret(sealed(id, secret)), origin);
      return shown(200, done(reply), secret);
    };
  }

  private Work replay(ApiRequest request) {
    String id = request.path("webhookId");
    Optional<String> eventId = request.body().optionalText("eventId", EVENT_ID_CHARS_MAX);
    String instant = "an instant such as 2026-11-22T17:00:00Z";
    Optional<Instant> from = request.body().optionalParsed("from", instant, Instant::parse);
    Optional<Instant> to = request.body().optionalParsed("to", instant, Instant::parse);
    return origin -> {
      WebhookState unused = seen(id, request.caller(), origin);
      Reply reply =
          entities.ask(
              "webhook",
              id,
              new WebhookCommand.Replay(
                  eventId.orElse(null),
                  from.orElse(Instant.EPOCH),
                  to.orElseGet(() -> entities.ports().clock().instant())),
              origin);
      return Answer.ok(json(done(reply).state()));
    };
  }

  private Work list(ApiRequest request) {
    return entities.page(
        "webhook",
        request,
        view ->
            view.state() instanceof WebhookState webhook && webhook.target() != null
                ? Optional.of(json(webhook))
                : Optional.empty());
  }

  private Work read(ApiRequest request) {
    String id = request.path("webhookId");
    return origin -> Answer.ok(json(seen(id, request.caller(), origin)));
  }

  private Work deliveries(ApiRequest request) {
    String id = request.path("webhookId");
    int limit = request.query().limit();
    String after = request.query().cursor().orElse("");
    return origin -> {
      WebhookState unused = seen(id, request.caller(), origin);
      int blank = after.indexOf(' ');
      List<Delivery> rows =
          blank < 0
              ? deliveries.log(id, null, limit + 1)
              : deliveries.log(
                  id, instant(after.substring(0, blank)), after.substring(blank + 1), limit + 1);
      return Entities.page(
          rows, limit, row -> row.notedAt() + " " + row.eventId(), row -> Optional.of(json(row)));
    };
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (java.time.DateTimeException e) {
      throw Refusal.field("cursor", "something else", "the 'next' of a page");
    }
  }

  private WebhookState seen(String id, Caller caller, Origin origin) {
    if (entities.ask("webhook", id, new WebhookCommand.Read(), origin)
            instanceof WebhookReply.View view
        && view.state().target() instanceof Target target
        && caller.sees(target.accountId())) {
      return view.state();
    }
    throw Refusal.notFound();
  }

  private static WebhookReply.Done done(Reply reply) {
    if (reply instanceof WebhookReply.Done done) {
      return done;
    }
    throw Refusals.of(reply);
  }

  private boolean plain() {
    return entities.ports().plainWebhooks();
  }

  private static String fresh() {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    return Signature.SECRET_PREFIX + Base64.getEncoder().encodeToString(random);
  }

  private Personal<String> sealed(String id, String secret) {
    return Personal.of(
        "person:" + entities.ports().blinder().blind("webhook", id), DataClass.SECRET, secret);
  }

  /** A secret that was made in an earlier try is lost, and set anew. */
  private static Answer shown(int status, WebhookReply.Done done, String secret) {
    ObjectNode json = json(done.state());
    return done.already()
        ? new Answer(status, Answer.JSON, json, Set.of())
        : new Answer(status, Answer.JSON, json.put("secret", secret), Set.of("secret"));
  }

  private static ObjectNode json(WebhookState webhook) {
    Target target = webhook.target();
    if (target == null) {
      throw Refusal.notFound();
    }
    ObjectNode json =
        Forms.object()
            .put("id", webhook.id())
            .put("accountId", target.accountId())
            .put("url", target.url())
            .put("state", target.enabled() ? "ENABLED" : "DISABLED");
    json.set("events", Forms.texts(target.events()));
    return json;
  }

  private static ObjectNode json(Delivery delivery) {
    ObjectNode json =
        Forms.object()
            .put("eventId", delivery.eventId())
            .put("type", delivery.eventName())
            .put("object", delivery.object().replaceFirst("\\|", "/"))
            .put("sequence", delivery.sequence())
            .put("state", delivery.state().name())
            .put("attempts", delivery.attempts())
            .put("notedAt", delivery.notedAt().toString())
            .put("lastAt", text(delivery.lastAt()))
            .put("lastStatus", delivery.lastStatus())
            .put("lastError", delivery.lastError());
    return json.put(
        "nextAt", delivery.state() == Delivery.State.PENDING ? delivery.nextAt().toString() : null);
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return Forms.text(instant);
  }
}

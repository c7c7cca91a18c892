package io.tandem.node.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.TimedId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request's plain parts to its answer, in order: the operation, who asks, whether they may,
 * whether it is well-formed, whether it was answered before; then it is done. Knows no server.
 */
final class Reception {
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  /** Strict: a member twice, or anything after the object, is malformed. */
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * A request in plain parts.
   *
   * @param target path and query as they came, to tell requests apart by
   * @param local whether it comes from this machine, and not through a proxy
   * @param from the address it comes from, a proxy's where there is one; empty where not known
   */
  record Parts(
      String method,
      String target,
      List<String> segments,
      Map<String, List<String>> query,
      Optional<String> authorization,
      Optional<String> idempotencyKey,
      String mediaType,
      byte[] body,
      boolean local,
      String from) {}

  /**
   * What is sent back.
   *
   * @param operation id of what was asked, {@code none} where nothing was found
   * @param headers beyond the usual ones
   */
  record Reply(String operation, Answer answer, Map<String, String> headers) {}

  private final Router router;
  private final Doorkeeper door;
  private final OncePerKey once;

  Reception(Router router, Doorkeeper door, OncePerKey once) {
    this.router = router;
    this.door = door;
    this.once = once;
  }

  Reply receive(Parts parts) {
    return switch (router.find(parts.method(), parts.segments())) {
      case Router.Hit hit -> {
        try {
          yield new Reply(hit.operation().id(), answer(hit, parts), Map.of());
        } catch (RuntimeException e) {
          yield problem(hit.operation().id(), problemOf(hit.operation(), e));
        }
      }
      case Router.OtherMethod other ->
          new Reply(
              "none",
              answerOf(
                  Problem.of(
                      Problem.Type.METHOD_NOT_ALLOWED, "Not allowed: " + parts.method() + ".")),
              Map.of("Allow", String.join(", ", other.allowed())));
      case Router.Nothing _ -> problem("none", Problem.notFound());
    };
  }

  private Answer answer(Router.Hit hit, Parts parts) {
    Operation operation = hit.operation();
    Caller caller =
        operation.access() == Operation.Access.PUBLIC
            ? new Caller.Anonymous(parts.local())
            : door.caller(parts.authorization(), parts.local(), parts.from());
    admit(operation, caller);
    Fields body = operation.body() ? Fields.of(object(parts)) : Fields.none();
    if (!operation.body() && parts.body().length > 0) {
      throw Refusal.of(Problem.Type.MALFORMED_BODY, "This operation takes no body.");
    }
    ApiRequest request =
        new ApiRequest(caller, hit.parameters(), new QueryText(parts.query()), body);
    if (!operation.mutates()) {
      Operation.Work work = read(operation, request);
      return work.run(new Origin(TimedId.next("read"), "http/" + operation.id(), caller.actor()));
    }
    String key =
        parts
            .idempotencyKey()
            .orElseThrow(() -> Refusal.of(Problem.Type.KEY_MISSING, "There is no such header."));
    OncePerKey.check(key);
    Operation.Work work = read(operation, request);
    String told =
        parts.method()
            + '\n'
            + parts.target()
            + '\n'
            + new String(parts.body(), StandardCharsets.UTF_8);
    return once.answer(operation, caller, key, told, work::run);
  }

  private static Operation.Work read(Operation operation, ApiRequest request) {
    Operation.Work work = operation.handler().read(request);
    request.query().finish();
    request.body().finish();
    return work;
  }

  private static void admit(Operation operation, Caller caller) {
    if (caller.may(operation.access())) {
      return;
    }
    if (caller instanceof Caller.Anonymous) {
      throw Doorkeeper.unauthenticated();
    }
    String needed =
        switch (operation.access()) {
          case READ -> "the scope read";
          case WRITE -> "the scope write";
          default -> "the operator's token";
        };
    throw Refusal.of(Problem.Type.FORBIDDEN, operation.id() + " needs " + needed + ".");
  }

  private static ObjectNode object(Parts parts) {
    if (!parts.mediaType().equals("application/json")) {
      throw Refusal.of(Problem.Type.UNSUPPORTED_MEDIA_TYPE, "Found " + parts.mediaType() + ".");
    }
    try {
      if (MAPPER.readTree(parts.body()) instanceof ObjectNode object) {
        return object;
      }
      throw Refusal.of(Problem.Type.MALFORMED_BODY, "The body is JSON and not an object.");
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw Refusal.of(
          Problem.Type.MALFORMED_BODY,
          "The body cannot be read at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ".");
    } catch (IOException e) {
      throw Refusal.of(Problem.Type.MALFORMED_BODY, "The body cannot be read.");
    }
  }

  private static Problem problemOf(Operation operation, RuntimeException failure) {
    return switch (failure) {
      case Refusal refusal -> refusal.problem();
      case EntityGateway.Unavailable away -> {
        LOG.warn("{}: {}", operation.id(), away.getMessage());
        yield Problem.of(Problem.Type.UNAVAILABLE, "An entity gave no answer in time.");
      }
      case JournalException away when away.fault() == JournalException.Fault.UNAVAILABLE -> {
        LOG.warn("{}: {}", operation.id(), away.getMessage());
        yield Problem.of(Problem.Type.UNAVAILABLE, "The database gives no answer.");
      }
      default -> {
        LOG.error("{} failed", operation.id(), failure);
        yield Problem.of(Problem.Type.INTERNAL, "What went wrong stands in the node's log.");
      }
    };
  }

  static Reply problem(String operation, Problem problem) {
    Map<String, String> headers =
        switch (problem.type()) {
          case UNAUTHENTICATED -> Map.of("WWW-Authenticate", "Bearer realm=\"tandem\"");
          case IN_PROGRESS, UNAVAILABLE -> Map.of("Retry-After", "1");
          default -> Map.of();
        };
    return new Reply(operation, answerOf(problem), headers);
  }

  private static Answer answerOf(Problem problem) {
    return new Answer(problem.type().status(), Problem.JSON, problem.json(), Set.of());
  }
}

package io.tandem.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.readmodel.IdempotencyKeys;
import io.tandem.persistence.readmodel.IdempotencyKeys.Begun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Function;

/**
 * Does a change once per Idempotency-Key and gives the same answer for 24 h (ACC-6). The command's
 * id is derived from the key and the instant it was first seen: when the node dies between the
 * change and the noting of its answer, the second try says the same to the same entity, which
 * answers <em>already done</em>.
 */
final class OncePerKey {
  /** How long an answer is kept. */
  static final Duration KEPT = Duration.ofHours(24);

  private static final int KEY_CHARS_MAX = 200;

  private final IdempotencyKeys keys;
  private final Blinder blinder;
  private final ObjectMapper mapper;
  private final InstantSource clock;

  OncePerKey(IdempotencyKeys keys, Blinder blinder, ObjectMapper mapper, InstantSource clock) {
    this.keys = keys;
    this.blinder = blinder;
    this.mapper = mapper;
    this.clock = clock;
  }

  /** Refuses a key that cannot be one. */
  static void check(String key) {
    if (key.isBlank() || key.length() > KEY_CHARS_MAX) {
      throw Refusal.field(
          "Idempotency-Key", key.length() + " characters", "1 to " + KEY_CHARS_MAX + " characters");
    }
  }

  /**
   * Does it, or gives the answer of the first time.
   *
   * @param request method, path and body; only its blinded form is kept, as a body may hold secrets
   */
  Answer answer(
      Operation operation,
      Caller caller,
      String key,
      String request,
      Function<Origin, Answer> work) {
    Instant now = clock.instant();
    String digest = blinder.blind("request", request);
    return switch (keys.begin(caller.scope(), key, digest, now)) {
      case Begun.First first -> first(operation, caller, key, first.firstAt(), work);
      case Begun.Done done -> stored(done.answer());
      case Begun.InProgress busy ->
          throw Refusal.of(Problem.Type.IN_PROGRESS, "It was begun at " + busy.since() + ".");
      case Begun.Conflict _ ->
          throw Refusal.of(
              Problem.Type.KEY_REUSED, "The key came before with another method, path or body.");
    };
  }

  private Answer first(
      Operation operation,
      Caller caller,
      String key,
      Instant firstAt,
      Function<Origin, Answer> work) {
    String marks = blinder.blind("idempotency key", caller.scope() + '\n' + key);
    String commandId = TimedId.derived("cmd", firstAt, marks.getBytes(StandardCharsets.US_ASCII));
    Origin origin = new Origin(commandId, "http/" + operation.id(), caller.actor());
    try {
      Answer answer = work.apply(origin);
      keys.complete(caller.scope(), key, kept(answer));
      return answer;
    } catch (Refusal refusal) {
      if (refusal.problem().type().status() < 500) {
        keys.complete(caller.scope(), key, kept(refused(refusal.problem())));
      } else {
        keys.giveBack(caller.scope(), key);
      }
      throw refusal;
    } catch (RuntimeException e) {
      // what became of it is not known: the same key may try again, under the same command id
      keys.giveBack(caller.scope(), key);
      throw e;
    }
  }

  private static Answer refused(Problem problem) {
    return new Answer(problem.type().status(), Problem.JSON, problem.json(), Set.of());
  }

  private IdempotencyKeys.Answer kept(Answer answer) {
    JsonNode body = answer.body();
    if (body instanceof ObjectNode object && !answer.shownOnce().isEmpty()) {
      body = object.deepCopy().remove(answer.shownOnce());
    }
    try {
      return new IdempotencyKeys.Answer(
          answer.status(), answer.contentType(), mapper.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private Answer stored(IdempotencyKeys.Answer answer) {
    try {
      return new Answer(
          answer.status(), answer.contentType(), mapper.readTree(answer.body()), Set.of());
    } catch (IOException e) {
      throw new IllegalStateException("what was written can be read", e);
    }
  }

  /** Forgets answers that were kept long enough; gives how many. */
  int forget() {
    return keys.forget(clock.instant().minus(KEPT));
  }
}

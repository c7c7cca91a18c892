package io.tandem.node.http;

import io.tandem.node.entity.Origin;

/**
 * One thing that can be asked over HTTP. The table of them is the whole API; the OpenAPI document
 * is held against it.
 *
 * @param id name in the document, in the journal's causes and in metrics
 * @param path template such as {@code /v1/agents/{agentId}}
 * @param access who may ask
 * @param body whether a JSON object is sent
 * @param handler reads a request and says what is to be done
 */
public record Operation(
    String id, Method method, String path, Access access, boolean body, Handler handler) {

  /** What HTTP calls it. All but {@code GET} change something and need an Idempotency-Key. */
  public enum Method {
    GET,
    POST,
    PUT
  }

  /** Who may ask. */
  public enum Access {
    /** Anyone, without a token. */
    PUBLIC,
    /** The operator, or anyone on this very machine. */
    MONITOR,
    /** The operator, or an account's token with the scope {@code read}. */
    READ,
    /** The operator, or an account's token with the scope {@code write}. */
    WRITE,
    /** The operator. */
    OPERATOR
  }

  /** Reads a request; refuses what is not well-formed. Nothing has happened yet. */
  @FunctionalInterface
  public interface Handler {
    /** What is to be done; throws {@link Refusal}. */
    Work read(ApiRequest request);
  }

  /** Does what was asked; the same again under the same origin changes nothing (ACC-6). */
  @FunctionalInterface
  public interface Work {
    /** The answer; throws {@link Refusal}. */
    Answer run(Origin origin);
  }

  /** Whether it changes something. */
  public boolean mutates() {
    return method != Method.GET;
  }

  /** One that reads. */
  public static Operation get(String id, String path, Access access, Handler handler) {
    return new Operation(id, Method.GET, path, access, false, handler);
  }

  /** One that makes or does something. */
  public static Operation post(String id, String path, Access access, Handler handler) {
    return new Operation(id, Method.POST, path, access, true, handler);
  }

  /** One that sets something anew. */
  public static Operation put(String id, String path, Access access, Handler handler) {
    return new Operation(id, Method.PUT, path, access, true, handler);
  }

  /** The same without a body. */
  public Operation withoutBody() {
    return new Operation(id, method, path, access, false, handler);
  }
}

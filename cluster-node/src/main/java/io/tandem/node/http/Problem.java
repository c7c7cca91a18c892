package io.tandem.node.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An error as RFC 9457 has it (ACC-6).
 *
 * @param detail what happened, in words
 * @param field the member of the body, the parameter or the header that is meant; null where none
 * @param found what was there, never a secret; null where not to be shown
 * @param allowed what may be there; null where that does not apply
 */
public record Problem(
    Type type,
    String detail,
    @Nullable String field,
    @Nullable String found,
    @Nullable String allowed) {

  /** The content type of errors. */
  public static final String JSON = "application/problem+json";

  private static final String TYPE_BASE = "https://tandem.invalid/problems/";

  /** Every kind there is. The slug is stable: clients tell errors apart by it. */
  public enum Type {
    MALFORMED_BODY(
        400,
        "malformed-body",
        "The body is not the JSON object it should be",
        "Send one JSON object."),
    INVALID_FIELD(
        400, "invalid-field", "A field is not allowed as it is", "Mend the field and send again."),
    KEY_MISSING(
        400,
        "idempotency-key-missing",
        "A change needs an Idempotency-Key",
        "Send the header Idempotency-Key with a fresh text for each change, the same for its"
            + " repetitions."),
    UNAUTHENTICATED(
        401,
        "unauthenticated",
        "No good token",
        "Send Authorization: Bearer with a token that is not expired or revoked."),
    FORBIDDEN(
        403,
        "forbidden",
        "The token may not do this",
        "Use a token with the scope that is needed."),
    NOT_FOUND(
        404,
        "not-found",
        "There is no such thing",
        "Check the id; objects of other accounts are not shown."),
    METHOD_NOT_ALLOWED(
        405, "method-not-allowed", "Not with this method", "Use a method of the header Allow."),
    CONFLICT(
        409, "conflict", "It exists and is different", "Read it, and decide what it should be."),
    NAME_TAKEN(409, "name-taken", "The name is in use", "Choose another."),
    TOO_LATE(
        409,
        "too-late",
        "The time for it is over",
        "Read the deadline in detail; nothing can be done by sending it again."),
    IN_PROGRESS(
        409,
        "request-in-progress",
        "The first request with this key is not done yet",
        "Send the same again in a second."),
    BODY_TOO_LARGE(413, "body-too-large", "The body is too large", "Send less."),
    UNSUPPORTED_MEDIA_TYPE(
        415,
        "unsupported-media-type",
        "The body is not JSON by its Content-Type",
        "Send Content-Type: application/json."),
    KEY_REUSED(
        422,
        "idempotency-key-reused",
        "The Idempotency-Key was used for another request",
        "Use a fresh key for a new request."),
    INTERNAL(
        500,
        "internal",
        "The node failed",
        "Send the same again with the same key; tell the operator if it stays so."),
    UNAVAILABLE(
        503,
        "unavailable",
        "The cluster cannot answer just now",
        "Send the same again with the same key in a moment.");

    private final int status;
    private final String slug;
    private final String title;
    private final String action;

    Type(int status, String slug, String title, String action) {
      this.status = status;
      this.slug = slug;
      this.title = title;
      this.action = action;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** The stable name. */
    public String slug() {
      return slug;
    }
  }

  /** Without a field. */
  public static Problem of(Type type, String detail) {
    return new Problem(type, detail, null, null, null);
  }

  /** A field that is not allowed as it is. */
  public static Problem field(String field, @Nullable String found, String allowed) {
    String detail =
        found == null
            ? field + ": allowed " + allowed
            : field + ": found " + found + ", allowed " + allowed;
    return new Problem(Type.INVALID_FIELD, detail, field, found, allowed);
  }

  /** The same for an unknown id and for one of another account (ACC-5). */
  public static Problem notFound() {
    return of(Type.NOT_FOUND, "There is nothing at this address.");
  }

  /** As it is sent. */
  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", TYPE_BASE + type.slug)
            .put("title", type.title)
            .put("status", type.status)
            .put("detail", detail)
            .put("action", type.action);
    if (field != null) {
      json.put("field", field);
    }
    if (found != null) {
      json.put("found", found);
    }
    if (allowed != null) {
      json.put("allowed", allowed);
    }
    return json;
  }
}

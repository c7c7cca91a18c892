package io.tandem.ops.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/**
 * Requests with a bearer token; every change carries an Idempotency-Key of its own (ACC-6).
 * Thread-safe.
 */
public final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final ObjectMapper mapper = new ObjectMapper();
  private final URI base;
  private final String token;

  /**
   * @param base such as {@code http://127.0.0.1:8080}
   */
  public Api(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /** The node did not do what it was asked. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** An object to fill and send. */
  public ObjectNode object() {
    return mapper.createObjectNode();
  }

  /** An amount as the interface writes it: a text, never a float. */
  public ObjectNode money(String amount, String currency) {
    return object().put("amount", amount).put("currency", currency);
  }

  /** Reads. */
  public JsonNode get(String path) {
    return send("GET", path, request(path).GET().build());
  }

  /** Makes or does something. */
  public JsonNode post(String path, ObjectNode body) {
    return send(
        "POST", path, changing(path).POST(BodyPublishers.ofString(body.toString())).build());
  }

  /** The same, for what takes no body. */
  public JsonNode post(String path) {
    HttpRequest request =
        request(path)
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.noBody())
            .build();
    return send("POST", path, request);
  }

  private HttpRequest.Builder changing(String path) {
    return request(path)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", UUID.randomUUID().toString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token);
  }

  private JsonNode send(String method, String path, HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new Refused(
            method
                + " "
                + path
                + " was answered with "
                + response.statusCode()
                + ": "
                + detail(response.body()));
      }
      return response.body().isEmpty() ? object() : mapper.readTree(response.body());
    } catch (IOException e) {
      throw new Refused(method + " " + path + " failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(method + " " + path + " was interrupted");
    }
  }

  private String detail(String body) {
    try {
      return mapper.readTree(body).path("detail").asText(body);
    } catch (JsonProcessingException e) {
      return body;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

package io.tandem.node.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client that finds each operation in the node's own document and checks what it sends and gets
 * against it.
 */
public final class ApiClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** An answer that fits the document. */
  public record Got(int status, JsonNode body, String contentType) {
    /** The body of an answer that is a yes. */
    public JsonNode ok() {
      if (status >= 300) {
        throw new AssertionError(status + ": " + body);
      }
      return body;
    }

    /** The last part of the problem's type. */
    public String problem() {
      return status + " " + body.path("type").asText().replaceFirst(".*/", "");
    }
  }

  private final HttpClient http;
  private final String base;
  private final @Nullable String token;
  private final ApiDocument document;

  private ApiClient(HttpClient http, String base, @Nullable String token, ApiDocument document) {
    this.http = http;
    this.base = base;
    this.token = token;
    this.document = document;
  }

  /** A client with a token; asks for the document first. */
  public static ApiClient of(InetSocketAddress address, String token) {
    String base = "http://" + address.getHostString() + ":" + address.getPort();
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpRequest ask = HttpRequest.newBuilder(URI.create(base + "/openapi.json")).build();
      String document = http.send(ask, HttpResponse.BodyHandlers.ofString()).body();
      return new ApiClient(http, base, token, new ApiDocument(MAPPER.readTree(document)));
    } catch (IOException e) {
      throw new AssertionError("no document", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The same with another token; null for none. */
  public ApiClient as(@Nullable String other) {
    return new ApiClient(http, base, other, document);
  }

  /** The document. */
  public ApiDocument document() {
    return document;
  }

  /** Asks an operation that needs neither path nor body. */
  public Got call(String operationId) {
    return call(operationId, Map.of(), null);
  }

  /** Asks an operation; what the path does not name goes into the query. */
  public Got call(String operationId, Map<String, String> parameters) {
    return call(operationId, parameters, null);
  }

  /** Asks an operation with a body, under a fresh Idempotency-Key. */
  public Got call(String operationId, Map<String, String> parameters, @Nullable String body) {
    return call(operationId, parameters, body, UUID.randomUUID().toString());
  }

  /** Asks an operation under an Idempotency-Key; null for none. */
  public Got call(
      String operationId,
      Map<String, String> parameters,
      @Nullable String body,
      @Nullable String key) {
    ApiDocument.Described described = document.operation(operationId);
    StringBuilder query = new StringBuilder();
    String path = described.path();
    for (Map.Entry<String, String> each : parameters.entrySet()) {
      String value = URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8).replace("+", "%20");
      if (path.contains("{" + each.getKey() + "}")) {
        path = path.replace("{" + each.getKey() + "}", value);
      } else {
        query.append(query.isEmpty() ? '?' : '&').append(each.getKey()).append('=').append(value);
      }
    }
    Got got =
        send(
            described.method(),
            path + query,
            body,
            described.mutates() ? key : null,
            "application/json");
    document.check(operationId, got);
    return got;
  }

  /** Sends anything at all. */
  public Got send(
      String method,
      String target,
      @Nullable String body,
      @Nullable String key,
      String contentType) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + target))
            .timeout(Duration.ofSeconds(30))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", contentType);
    }
    if (key != null) {
      request.header("Idempotency-Key", key);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode json =
          type.contains("json")
              ? MAPPER.readTree(response.body())
              : MAPPER.getNodeFactory().textNode(response.body());
      return new Got(response.statusCode(), json, type);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON came from " + method + " " + target, e);
    } catch (IOException e) {
      throw new AssertionError(method + " " + target + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

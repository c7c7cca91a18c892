package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tandem.node.http.Answer;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Health, metrics, and the API's own description. */
final class PlatformOperations {
  private static final String OPEN_METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final OperationPorts ports;
  private final JsonNode document = document();

  PlatformOperations(OperationPorts ports) {
    this.ports = ports;
  }

  List<Operation> table() {
    return List.of(
        Operation.get("healthLive", "/health/live", Access.PUBLIC, request -> origin -> live()),
        Operation.get("healthReady", "/health/ready", Access.PUBLIC, request -> origin -> ready()),
        Operation.get(
            "metrics",
            "/metrics",
            Access.MONITOR,
            request -> origin -> Answer.text(OPEN_METRICS, ports.meters().scrape())),
        Operation.get(
            "openApi", "/openapi.json", Access.PUBLIC, request -> origin -> Answer.ok(document)));
  }

  private static Answer live() {
    return Answer.ok(Forms.object().put("live", true));
  }

  private Answer ready() {
    Optional<String> reason = ports.notReady().get();
    ObjectNode json = Forms.object().put("ready", reason.isEmpty());
    json.put("reason", reason.orElse(null));
    return new Answer(reason.isEmpty() ? 200 : 503, Answer.JSON, json, Set.of());
  }

  private static JsonNode document() {
    try (InputStream in = PlatformOperations.class.getResourceAsStream("/openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("openapi.yaml belongs to this build");
      }
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("openapi.yaml", e);
    }
  }
}

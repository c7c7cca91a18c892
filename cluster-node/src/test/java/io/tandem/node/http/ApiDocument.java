package io.tandem.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An OpenAPI 3.1 document, as answers are held against it. */
public final class ApiDocument {

  /** An operation as the document has it. */
  public record Described(String method, String path, String access, JsonNode node) {
    boolean mutates() {
      return !method.equals("GET");
    }
  }

  private final JsonNode root;
  private final Map<String, Described> operations = new TreeMap<>();
  private final Map<String, JsonSchema> schemas = new HashMap<>();
  private final Set<String> succeeded = new TreeSet<>();
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

  ApiDocument(JsonNode root) {
    this.root = root;
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            operations.put(
                                method.getValue().path("operationId").asText(),
                                new Described(
                                    method.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    method.getValue().path("x-access").asText(),
                                    method.getValue()))));
  }

  /** All operations by their id. */
  public Map<String, Described> operations() {
    return operations;
  }

  /** Operations that answered with a yes so far. */
  public Set<String> succeeded() {
    return succeeded;
  }

  Described operation(String id) {
    Described described = operations.get(id);
    if (described == null) {
      throw new AssertionError("the document has no " + id);
    }
    return described;
  }

  /** Fails where an answer is not as the document says. */
  void check(String operationId, ApiClient.Got got) {
    JsonNode responses = operation(operationId).node().path("responses");
    JsonNode response = responses.path(String.valueOf(got.status()));
    if (response.isMissingNode()) {
      if (got.status() < 400) {
        throw new AssertionError(
            operationId + " answered " + got.status() + ", which is not documented");
      }
      response = root.at(responses.path("default").path("$ref").asText().substring(1));
    }
    String type = got.contentType().replaceFirst(";.*", "").strip();
    JsonNode schema = response.path("content").path(type).path("schema");
    if (schema.isMissingNode()) {
      throw new AssertionError(operationId + " answered as " + type + ", which is not documented");
    }
    Set<ValidationMessage> wrong = schema(schema).validate(got.body());
    if (!wrong.isEmpty()) {
      throw new AssertionError(
          operationId + " " + got.status() + ": " + wrong + " in " + got.body());
    }
    if (got.status() < 300) {
      succeeded.add(operationId);
    }
  }

  private JsonSchema schema(JsonNode schema) {
    return schemas.computeIfAbsent(
        schema.toString(),
        key -> {
          ObjectNode whole = JsonNodeFactory.instance.objectNode();
          whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
          whole.setAll((ObjectNode) schema);
          whole.set("components", root.path("components"));
          return factory.getSchema(whole);
        });
  }
}

package io.tandem.ops.house;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The manifests under a directory, loaded strictly: an unknown kind or field is an error.
 *
 * @param documents what Kubernetes gets, by the file it stands in; an overlay's patch is a document
 *     with less in it
 * @param kustomizations kustomize's own files, by path
 */
record Manifests(Map<Path, List<HasMetadata>> documents, Map<Path, JsonNode> kustomizations) {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "v1/ConfigMap", ConfigMap.class,
          "v1/Service", Service.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
          "apps/v1/StatefulSet", StatefulSet.class);

  /** fabric8's classes take any field into a map; without that map an unknown one is refused. */
  private static final YAMLMapper STRICT = new YAMLMapper();

  static {
    STRICT.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          private static final long serialVersionUID = 1;

          @Override
          public Boolean hasAnySetter(Annotated field) {
            return false;
          }
        });
    STRICT.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    STRICT.enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }

  /** Loads every YAML file below a directory. */
  static Manifests load(Path dir) throws IOException {
    var documents = new java.util.TreeMap<Path, List<HasMetadata>>();
    var kustomizations = new java.util.TreeMap<Path, JsonNode>();
    for (Path file : files(dir)) {
      for (JsonNode document : documents(file)) {
        if (document.path("kind").asText().equals("Kustomization")) {
          kustomizations.put(file, document);
        } else {
          documents.computeIfAbsent(file, f -> new ArrayList<>()).add(strictly(document));
        }
      }
    }
    return new Manifests(documents, kustomizations);
  }

  /** One document as its model class. */
  static HasMetadata strictly(JsonNode document) {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    var type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("unknown kind " + kind);
    }
    try {
      return STRICT.treeToValue(document, type);
    } catch (IOException e) {
      throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
    }
  }

  /** The documents of a YAML text. */
  static List<JsonNode> documents(Path file) throws IOException {
    try (var parser = STRICT.createParser(file.toFile())) {
      return STRICT.readValues(parser, JsonNode.class).readAll();
    }
  }

  /** The only document of a type in a file. */
  <T extends HasMetadata> T only(Path file, Class<T> type) {
    var found =
        documents.getOrDefault(file, List.of()).stream()
            .filter(type::isInstance)
            .map(type::cast)
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          file + " holds " + found.size() + " of " + type.getSimpleName());
    }
    return found.getFirst();
  }

  private static List<Path> files(Path dir) {
    try (Stream<Path> walk = Files.walk(dir)) {
      return walk.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

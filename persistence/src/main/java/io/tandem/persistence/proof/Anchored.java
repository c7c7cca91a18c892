package io.tandem.persistence.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What leaves the house: a checkpoint's note, and with it the packed list of what is new in it,
 * where the place takes that. Nothing of it has been checked.
 *
 * <p>Wherever it is kept it is one line of JSON: {@code
 * {"number":12,"note":"…","segment":"base64"}}.
 */
public record Anchored(long number, String note, byte @Nullable [] segment) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As one line, without its end. */
  public String line() {
    var json = JSON.createObjectNode().put("number", number).put("note", note);
    if (segment != null) {
      json.put("segment", Base64.getEncoder().encodeToString(segment));
    }
    return json.toString();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException where it is not whole
   */
  public static Anchored of(String line) {
    try {
      JsonNode json = JSON.readTree(line);
      JsonNode segment = json.get("segment");
      if (!json.path("number").canConvertToLong() || !json.path("note").isTextual()) {
        throw new IllegalArgumentException("not an anchored checkpoint");
      }
      return new Anchored(
          json.path("number").asLong(),
          json.path("note").asText(),
          segment == null ? null : Base64.getDecoder().decode(segment.asText()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not an anchored checkpoint", e);
    }
  }

  @Override
  public String toString() {
    return "checkpoint " + number;
  }
}

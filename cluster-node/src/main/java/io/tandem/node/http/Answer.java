package io.tandem.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is answered.
 *
 * @param body JSON, or a file or text where the content type says so
 * @param shownOnce members at the top of the body that a repetition does not show (ACC-4)
 */
public record Answer(int status, String contentType, JsonNode body, Set<String> shownOnce) {
  /** The content type of answers. */
  public static final String JSON = "application/json";

  /** 200. */
  public static Answer ok(JsonNode body) {
    return new Answer(200, JSON, body, Set.of());
  }

  /** 201. */
  public static Answer created(JsonNode body) {
    return new Answer(201, JSON, body, Set.of());
  }

  /** 201 with members that are shown this one time. */
  public static Answer createdOnce(JsonNode body, String... shownOnce) {
    return new Answer(201, JSON, body, Set.of(shownOnce));
  }

  /**
   * What is no text and may be long: sound. Sent as it is read.
   *
   * @param from waits for a disk; closed by who reads it
   * @param count of octets; empty where it is seen at their end
   */
  public record Octets(InputStream from, OptionalLong count) {}

  /** Octets; who does not send them closes them. */
  public static Answer octets(String contentType, Octets octets) {
    return new Answer(200, contentType, new POJONode(octets), Set.of());
  }

  /** A file, sent as it is read. */
  public static Answer file(String contentType, Path file) {
    return new Answer(200, contentType, new POJONode(file), Set.of());
  }

  /** A text. */
  public static Answer text(String contentType, String text) {
    return new Answer(200, contentType, TextNode.valueOf(text), Set.of());
  }
}

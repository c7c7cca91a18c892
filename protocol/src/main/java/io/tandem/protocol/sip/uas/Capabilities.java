package io.tandem.protocol.sip.uas;

import java.util.List;

/**
 * What a user agent server understands.
 *
 * @param methods that it processes, in the order in which Allow lists them
 * @param extensions option tags that a request may require, lower case
 * @param sessionTypes media types in which a session may be described
 */
public record Capabilities(
    List<String> methods, List<String> extensions, List<String> sessionTypes) {

  public Capabilities {
    methods = List.copyOf(methods);
    extensions = List.copyOf(extensions);
    sessionTypes = List.copyOf(sessionTypes);
  }

  /** The value of an Allow header. */
  public String allow() {
    return String.join(", ", methods);
  }

  /** The value of an Accept header. */
  public String accept() {
    return String.join(", ", sessionTypes);
  }
}

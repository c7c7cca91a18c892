package io.tandem.node.http;

import java.util.Map;

/**
 * A request that found its operation and may ask it.
 *
 * @param path parameters of the path, by name
 * @param body what was sent; empty where the operation takes none
 */
public record ApiRequest(Caller caller, Map<String, String> path, QueryText query, Fields body) {

  /** A parameter of the path. */
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalStateException("the operation's path has no {" + name + "}");
    }
    return value;
  }
}

package io.tandem.persistence.call;

/**
 * The edge that carries a call: a node's name and the start it carries it from. A node that died
 * and came back is another edge.
 *
 * @param incarnation milliseconds since the epoch at which the edge started
 */
public record EdgeRef(String name, long incarnation) {
  @Override
  public String toString() {
    return name + "@" + incarnation;
  }
}

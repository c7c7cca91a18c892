package io.tandem.node.entity;

/**
 * Names one entity of the cluster.
 *
 * @param type the noun, for example {@code wallet}
 * @param id unique among its noun, for example {@code acct_01J…:USD}
 */
public record EntityKey(String type, String id) {
  @Override
  public String toString() {
    return type + "|" + id;
  }
}

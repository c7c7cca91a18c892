package io.tandem.persistence.proof;

/** Told of each thing that is wrong, by entity and position. */
@FunctionalInterface
public interface Findings {

  /**
   * @param entity {@code type|id}; {@code checkpoint} for one of these; an anchor's name
   * @param position among the entity's events, or the checkpoint's number
   */
  void wrong(String entity, long position, String what);
}

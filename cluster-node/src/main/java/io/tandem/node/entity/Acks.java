package io.tandem.node.entity;

import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * Which effects were acknowledged in this life of the entity, by effect id. Kept in memory only:
 * after a recovery it is empty, the effects are sent again, and their receivers answer <em>already
 * done</em>. Later events make it durable by what they say.
 */
public record Acks(PSet<String> effectIds) {

  /** Nothing acknowledged yet. */
  public static final Acks NONE = new Acks(HashTreePSet.empty());

  /** Whether the effect with this id was acknowledged. */
  public boolean has(String effectId) {
    return effectIds.contains(effectId);
  }

  /** With one more. */
  public Acks with(String effectId) {
    return new Acks(effectIds.plus(effectId));
  }
}

package io.tandem.persistence.proof;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store of named objects that are written once: what an object store such as S3 is to an anchor.
 * All methods throw {@link AnchorException}. There is one in a directory ({@link DirectoryStore});
 * the node has one that speaks S3.
 */
public interface ObjectStore {

  /** What to call it in messages. */
  String name();

  /**
   * Stores an object, durably, where there is none of this name yet.
   *
   * @return false where there is one, which stays as it is
   */
  boolean putIfAbsent(String key, byte[] bytes);

  /** An object's bytes. */
  Optional<byte[]> get(String key);

  /** The names there are, in their order; to be closed. */
  Stream<String> keys();

  /** Whether the place itself is there; true where only asking it could tell. */
  default boolean isThere() {
    return true;
  }
}

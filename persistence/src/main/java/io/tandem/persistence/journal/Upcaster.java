package io.tandem.persistence.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Lifts the stored form of one released version to the next (AUD-5).
 *
 * <p>It works on the tree, so the old record class need not be kept. Steps chain: 1 → 2 → 3. Sealed
 * personal values pass as they are.
 */
public interface Upcaster {
  /** The stored name and version it reads. */
  WireName from();

  /** What it makes of it: a registered name, or what another step reads. */
  WireName to();

  /** The tree in the new shape; the given one may be changed and returned. */
  ObjectNode upcast(ObjectNode stored);
}

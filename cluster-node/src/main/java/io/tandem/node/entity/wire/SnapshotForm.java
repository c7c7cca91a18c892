package io.tandem.node.entity.wire;

import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored snapshot: the state sealed under its own name, and what the chain and the command window
 * go on from.
 */
@Wire("host.snapshot/1")
record SnapshotForm(
    String stateName,
    byte[] state,
    long sequence,
    byte[] lastHash,
    @Nullable Instant nextDue,
    List<KnownCommand> window) {

  /** A command id that is known again, with what it said. */
  record KnownCommand(String commandId, byte[] digest) {}
}

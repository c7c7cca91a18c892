package io.tandem.node.http.operation;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.readmodel.JournalRow;
import java.util.List;
import java.util.Optional;

/**
 * A call wherever it is kept: its entity answers, or it has left the journal and is folded from an
 * archive.
 *
 * @param rows its events from the first
 */
record StoredCall(CallState.Begun state, Iterable<JournalRow> rows) {

  /** The call of an id; empty where there is none. */
  static Optional<StoredCall> of(Entities entities, String id, Origin origin) {
    OperationPorts ports = entities.ports();
    if (entities.ask("call", id, new CallCommand.Read(), origin) instanceof CallReply.View view
        && view.state() instanceof CallState.Begun call) {
      return Optional.of(new StoredCall(call, () -> ports.journal().entity("call", id)));
    }
    List<JournalRow> archived =
        ports.archives().map(shelf -> shelf.entity("call", id)).orElse(List.of());
    CallState state = CallState.fresh(id);
    for (JournalRow row : archived) {
      state = ports.codec().read(row.envelope(), CallEvent.class).map(state::apply).orElse(state);
    }
    return state instanceof CallState.Begun call
        ? Optional.of(new StoredCall(call, archived))
        : Optional.empty();
  }
}

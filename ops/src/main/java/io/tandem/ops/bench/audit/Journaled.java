package io.tandem.ops.bench.audit;

import io.tandem.node.entity.Command;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import java.time.Instant;
import java.util.function.Consumer;

/** An entity that decides by its rules and writes its events, with no actor around it. */
final class Journaled<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>> {
  private final EntityType<C, R, E, S> type;
  private final String id;
  private final EventCodec codec;
  private final Consumer<Envelope> journal;
  private S state;
  private long sequence;
  private Hash last = Hash.NONE;

  Journaled(EntityType<C, R, E, S> type, String id, EventCodec codec, Consumer<Envelope> journal) {
    this.type = type;
    this.id = id;
    this.codec = codec;
    this.journal = journal;
    this.state = type.initial().apply(id);
  }

  R tell(C command, String commandId, Instant now) {
    Decision<E, R> decision = type.rules().decide(state, command, now);
    for (E event : decision.events()) {
      state = state.apply(event);
      EventHeader header =
          new EventHeader(
              type.name(),
              id,
              ++sequence,
              codec.nameOf((Record) event),
              commandId,
              CommandDigest.NONE,
              commandId,
              "bench",
              now,
              "bench@1",
              last,
              type.rules().deadline(state));
      Envelope envelope = Envelope.of(header, codec.encode((Record) event));
      last = envelope.hash();
      journal.accept(envelope);
    }
    return decision.reply();
  }
}

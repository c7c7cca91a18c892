package io.tandem.node.entity.wire;

import akka.serialization.SerializerWithStringManifest;
import io.tandem.node.entity.host.CommandWindow;
import io.tandem.node.entity.host.Hosted;
import io.tandem.node.entity.host.Recorded;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.journal.rows.EventRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Stored events and snapshots. An event's bytes are its envelope's bytes and its manifest the
 * event's wire name, so that whoever reads the table without Akka finds the same.
 */
final class EventSerializer extends SerializerWithStringManifest {

  /** In every stored row; never to be changed. */
  static final int IDENTIFIER = EventRow.SERIALIZER;

  private final EntityCodecs codecs;
  private final String snapshotManifest;

  EventSerializer(EntityCodecs codecs) {
    this.codecs = codecs;
    this.snapshotManifest = codecs.sealed().names().nameOf(SnapshotForm.class).toString();
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object value) {
    return value instanceof Recorded recorded
        ? recorded.envelope().header().event().toString()
        : snapshotManifest;
  }

  @Override
  public byte[] toBinary(Object value) {
    return switch (value) {
      case Recorded recorded -> recorded.envelope().bytes();
      case Hosted<?> hosted -> codecs.sealed().encode(formOf(hosted));
      default ->
          throw new JournalException(
              Fault.UNWRITABLE, "not an event: " + value.getClass().getName());
    };
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    if (manifest.equals(snapshotManifest)) {
      WireName name = WireName.parse(manifest);
      return hostedOf(codecs.sealed().decode(name, bytes, SnapshotForm.class));
    }
    Envelope envelope = Envelope.read(bytes);
    return Recorded.read(envelope, codecs.sealed().read(envelope, DomainEvent.class).orElse(null));
  }

  private SnapshotForm formOf(Hosted<?> hosted) {
    Record state = (Record) hosted.state();
    List<SnapshotForm.KnownCommand> window = new ArrayList<>();
    hosted
        .window()
        .forEach((id, digest) -> window.add(new SnapshotForm.KnownCommand(id, digest.toBytes())));
    return new SnapshotForm(
        codecs.sealed().nameOf(state).toString(),
        codecs.sealed().encode(state),
        hosted.sequence(),
        hosted.lastHash().toBytes(),
        hosted.nextDue(),
        window);
  }

  private Hosted<?> hostedOf(SnapshotForm form) {
    CommandWindow window = CommandWindow.EMPTY;
    for (SnapshotForm.KnownCommand each : form.window()) {
      window = window.restored(each.commandId(), CommandDigest.from(each.digest()));
    }
    return new Hosted<>(
        codecs.sealed().decode(WireName.parse(form.stateName()), form.state()),
        form.sequence(),
        Hash.from(form.lastHash()),
        form.nextDue(),
        window);
  }
}

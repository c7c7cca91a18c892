package io.tandem.node.entity.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.host.CommandWindow;
import io.tandem.node.entity.host.HostMessage;
import io.tandem.node.entity.host.HostMessage.Answered;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.node.entity.host.HostNode;
import io.tandem.node.entity.host.Hosted;
import io.tandem.node.entity.host.Recorded;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.node.entity.tally.TallyEvent;
import io.tandem.node.entity.tally.TallyReply;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.TimedId;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Bytes of messages, events and snapshots; hexadecimal, as they are read in years to come. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostWireTest {

  private final HostNode node = HostNode.inMemory(Tally.TYPE);

  @AfterAll
  void close() {
    node.close();
  }

  private SerializerWithStringManifest serializer(Object value) {
    return (SerializerWithStringManifest)
        SerializationExtension.get(node.system()).findSerializerFor(value);
  }

  private Object there_and_back(Object value) {
    SerializerWithStringManifest serializer = serializer(value);
    try {
      return serializer.fromBinary(serializer.toBinary(value), serializer.manifest(value));
    } catch (java.io.NotSerializableException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_command_arrives_as_it_was_sent_with_whom_to_answer() {
    Deliver sent =
        new Deliver(
            Tally.key("a:b"),
            new TallyCommand.Add("x", 5),
            new Origin("cmd", "cause", "actor"),
            node.system().ignoreRef());
    assertThat(there_and_back(sent)).isEqualTo(sent);
    assertThat(serializer(sent).manifest(sent)).isEqualTo("host.deliver/1");
    assertThat(serializer(sent).identifier()).isEqualTo(7_302);
  }

  @Test
  void answers_are_written_as_they_always_were() {
    Answered answered = new Answered("cmd", new TallyReply.Done(5, false));
    assertThat(there_and_back(answered)).isEqualTo(answered);
    assertThat(hex(answered)).isEqualTo(golden("host.answered-1"));
    Refused refused = new Refused("cmd", Why.BUSY);
    assertThat(there_and_back(refused)).isEqualTo(refused);
    assertThat(hex(refused)).isEqualTo(golden("host.refused-1"));
  }

  @Test
  void every_reason_of_a_refusal_keeps_its_name() {
    assertThat(Why.values())
        .extracting(Why::name)
        .containsExactly(
            "BUSY", "CANNOT_STORE", "CANNOT_LOAD", "UNREADABLE", "FENCED", "STOPPED", "FAULT");
  }

  @Test
  void a_stored_event_is_its_envelope_and_nothing_else() {
    Recorded recorded = recorded();
    SerializerWithStringManifest serializer = serializer(recorded);
    assertThat(serializer.identifier()).isEqualTo(7_301);
    assertThat(serializer.manifest(recorded)).isEqualTo("tally.counted/1");
    assertThat(serializer.toBinary(recorded)).isEqualTo(recorded.envelope().bytes());
    Recorded read = (Recorded) there_and_back(recorded);
    assertThat(read.event()).isEqualTo(recorded.event());
    assertThat(read.envelope().hash()).isEqualTo(recorded.envelope().hash());
  }

  @Test
  void a_snapshot_is_read_as_it_was_taken() {
    CommandDigest digest =
        new CommandDigest.Of(Tally.TYPE.types()).digest(new TallyCommand.Label("blue", "nice"));
    Hosted<?> taken =
        new Hosted<>(
            Tally.TYPE.initial().apply("a").apply(new TallyEvent.Counted(7)),
            9,
            Hash.of(new byte[] {1}),
            HostNode.START,
            CommandWindow.EMPTY.restored(TimedId.at("cmd", HostNode.START), digest));
    assertThat(there_and_back(taken)).isEqualTo(taken);
    assertThat(serializer(taken).manifest(taken)).isEqualTo("host.snapshot/1");
  }

  @Test
  void what_the_host_tells_itself_never_leaves_the_node() {
    assertThatThrownBy(() -> serializer(HostMessage.Nudge.FLUSH))
        .hasMessageContaining("Serializer");
  }

  @Test
  void bytes_of_an_unknown_name_are_refused_by_name() {
    assertThatThrownBy(() -> serializer(recorded()).fromBinary(new byte[] {1}, "tally.x/1"))
        .isInstanceOf(JournalException.class);
  }

  private Recorded recorded() {
    TallyEvent event = new TallyEvent.Counted(5);
    var codec = node.ports().codecs().sealed();
    EventHeader header =
        new EventHeader(
            "tally",
            "a",
            1,
            codec.nameOf((Record) event),
            "cmd",
            CommandDigest.NONE,
            "cause",
            "actor",
            HostNode.START,
            "n1@1",
            Hash.NONE,
            null);
    return Recorded.read(Envelope.of(header, codec.encode((Record) event)), event);
  }

  private String hex(Object value) {
    return HexFormat.of().formatHex(serializer(value).toBinary(value));
  }

  private static String golden(String name) {
    try (var in = HostWireTest.class.getResourceAsStream("/golden/host/" + name + ".hex")) {
      return in == null
          ? "no golden file " + name
          : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).strip();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

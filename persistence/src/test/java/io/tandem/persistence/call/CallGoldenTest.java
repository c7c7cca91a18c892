package io.tandem.persistence.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.golden.GoldenFile;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.WireName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stored forms of a call's events and states. */
class CallGoldenTest {

  @Test
  @Tag("rule:AUD-5")
  void an_end_of_before_voices_were_measured_is_read_as_one_without_that() throws IOException {
    TypeNames names = TypeNames.builder().addAll(CallEvent.class).build();
    EventCodec codec = EventCodec.clear(names, List.of(new EndWithoutMedia()));
    byte[] old =
        HexFormat.of()
            .parseHex(
                Files.readString(Path.of("src/test/resources/golden/call/call.ended.1.cbor.hex"))
                    .replaceAll("\\s", ""));

    CallEvent.Ended read = codec.decode(new WireName("call.ended", 1), old, CallEvent.Ended.class);

    assertThat(read.media()).isNull();
    assertThat(read.cause()).isEqualTo("EDGE_LOST");
    assertThat(codec.nameOf(read)).isEqualTo(new WireName("call.ended", 2));
    // what some builds wrote under the old version already
    assertThat(codec.decode(new WireName("call.ended", 1), codec.encode(read))).isEqualTo(read);
  }

  @Test
  void events_and_states_are_written_as_they_always_were() {
    TypeNames names = TypeNames.builder().addAll(CallEvent.class).addAll(CallState.class).build();
    List<Record> samples =
        Stream.concat(CallSamples.events().stream(), CallSamples.states().stream())
            .map(Record.class::cast)
            .toList();
    GoldenFile.stored(names, new EndWithoutMedia())
        .in(Path.of("src/test/resources/golden/call"))
        .check(samples);
  }
}

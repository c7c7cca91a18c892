package io.tandem.persistence.call;

import io.tandem.persistence.golden.GoldenFile;
import io.tandem.persistence.journal.TypeNames;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The stored forms of a call's events and states. */
class CallGoldenTest {

  @Test
  void events_and_states_are_written_as_they_always_were() {
    TypeNames names = TypeNames.builder().addAll(CallEvent.class).addAll(CallState.class).build();
    List<Record> samples =
        Stream.concat(CallSamples.events().stream(), CallSamples.states().stream())
            .map(Record.class::cast)
            .toList();
    GoldenFile.stored(names).in(Path.of("src/test/resources/golden/call")).check(samples);
  }
}

package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.Main;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.journal.Envelope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkedCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  private String ask(int exitCode, String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--directory", directory.toString()));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    int code =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    assertThat(code).as("%s: %s%s", all, out, err).isEqualTo(exitCode);
    return out.toString();
  }

  @Test
  @Tag("rule:AUD-5")
  void an_unreadable_event_stops_its_entity_alone_and_is_tried_again_when_it_can_be_read() {
    List<Envelope> events = MadeUpJournal.in(directory, 20, 2);
    Envelope victim =
        events.stream()
            .filter(e -> e.header().event().name().equals("call.connected"))
            .findFirst()
            .orElseThrow();
    write(victim, new byte[] {1, 2, 3});
    ask(0, "rebuild");

    String listed = ask(1, "parked", "--json");
    assertThat(listed)
        .contains("\"entity\":\"call/" + victim.entityId() + "\"")
        .contains("\"sequence\":" + victim.sequence())
        .contains("UNREADABLE");
    assertThat(listed.lines()).hasSize(1);
    assertThat(ask(1, "reconcile")).as("and it is missed").contains(victim.entityId());
    String again = ask(1, "parked", "--retry", "call/" + victim.entityId());
    assertThat(again).contains(victim.entityId());
    assertThat(err.toString()).contains("stays parked");

    write(victim, victim.bytes());
    ask(0, "parked", "--retry");
    ask(0, "parked");
    ask(0, "reconcile");
  }

  private void write(Envelope event, byte[] bytes) {
    int changed =
        MadeUpJournal.change(
            directory,
            "update \"event_journal\" set \"event_payload\" = X'%s' where \"persistence_id\" = '%s' and \"sequence_number\" = %d"
                .formatted(
                    HexFormat.of().formatHex(bytes), event.persistenceId(), event.sequence()));
    assertThat(changed).isEqualTo(1);
  }
}

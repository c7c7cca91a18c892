package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.Main;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.WireName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A charge that a newer build booked in a form of its own, and that build is gone. */
class RepairCommandTest {
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
  void an_event_nobody_can_read_is_told_repaired_beside_the_journal_and_named_ever_after() {
    List<Envelope> events = MadeUpJournal.in(directory, 40, 2);
    Envelope last = events.stream().filter(e -> isLastCharge(e, events)).findFirst().orElseThrow();
    write(last);
    String wallet = last.entityType() + "/" + last.entityId();
    String before = ask(1, "verify");
    assertThat(before).contains("WRONG  " + last.persistenceId() + "#" + last.sequence());
    ask(1, "show", wallet);
    assertThat(err.toString()).contains("UNKNOWN_TYPE", "audit repair").doesNotContain("\tat ");

    assertThat(ask(1, "repair", wallet, "--json"))
        .contains("\"sequence\":" + last.sequence(), "wallet.captured/9", "\"tip\"");
    String[] mend = {
      "repair",
      wallet,
      "--sequence",
      "" + last.sequence(),
      "--as",
      "wallet.captured/1",
      "--change",
      "{\"tip\":null}",
      "--by",
      "jane",
      "--reason",
      "build 9 was withdrawn"
    };
    String[] tried = java.util.Arrays.copyOf(mend, mend.length + 1);
    tried[mend.length] = "--try";
    assertThat(ask(0, tried)).contains("nothing was stored");
    ask(1, "show", wallet);
    String[] half = mend.clone();
    half[7] = "{\"amount\":null}";
    ask(1, half);
    assertThat(err.toString()).contains("refused: what is to be read in its place: UNREADABLE");
    assertThat(ask(0, mend)).contains("SUPERSEDED  " + last.persistenceId() + "#");

    assertThat(ask(0, "verify"))
        .contains("SUPERSEDED", "by record 1, made", "by jane: build 9 was withdrawn")
        .contains("every chain holds");
    assertThat(ask(0, "verify", "--json"))
        .contains("\"sound\":true", "\"reads\":\"wallet.captured/1\"");
    ask(0, "show", wallet);
    assertThat(err.toString()).contains("SUPERSEDED", "record 1");
    assertThat(ask(0, "replay", wallet, "--json")).contains("\"superseded\":1");
    assertThat(ask(0, "repair", "--format", "csv")).contains("wallet.captured/1", "jane");
    ask(0, "trial-balance");
    ask(0, "what-if");
    ask(0, "rebuild");
    ask(0, "reconcile", "--settle", "0");
    ask(1, mend);
    assertThat(err.toString()).contains("nothing to repair");
  }

  private static boolean isLastCharge(Envelope event, List<Envelope> all) {
    return event.header().event().name().equals("wallet.captured")
        && all.stream()
            .filter(e -> e.persistenceId().equals(event.persistenceId()))
            .allMatch(e -> e.sequence() <= event.sequence());
  }

  private void write(Envelope event) {
    EventHeader was = event.header();
    EventHeader header =
        new EventHeader(
            was.entityType(),
            was.entityId(),
            was.sequence(),
            new WireName("wallet.captured", 9),
            was.commandId(),
            was.commandDigest(),
            was.cause(),
            was.actor(),
            was.at(),
            was.clockId(),
            was.previousHash(),
            was.nextDue());
    byte[] payload =
        EventCodec.clear(TypeNames.builder().build(), List.of())
            .changed(event.payload(), "{\"tip\":5}");
    int changed =
        MadeUpJournal.change(
            directory,
            "update \"event_journal\" set \"event_payload\" = X'%s', \"event_ser_manifest\" = 'wallet.captured/9' where \"persistence_id\" = '%s' and \"sequence_number\" = %d"
                .formatted(
                    HexFormat.of().formatHex(Envelope.of(header, payload).bytes()),
                    event.persistenceId(),
                    event.sequence()));
    assertThat(changed).isEqualTo(1);
  }
}

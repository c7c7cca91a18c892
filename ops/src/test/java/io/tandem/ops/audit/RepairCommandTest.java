package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.WireName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A charge that a newer build booked in a form of its own, and that build is gone. */
class RepairCommandTest {
  private static final WireName NEWER = new WireName("wallet.captured", 9);

  @TempDir private Path directory;

  @Test
  @Tag("rule:AUD-5")
  void an_event_nobody_can_read_is_told_repaired_beside_the_journal_and_named_ever_after() {
    AuditorsDesk desk = AuditorsDesk.in(directory);
    List<Envelope> events = desk.fill(40, 2);
    Envelope last = events.stream().filter(e -> isLastCharge(e, events)).findFirst().orElseThrow();
    desk.overwrite(last, NEWER.toString(), ofNewerBuild(last));
    String wallet = last.entityType() + "/" + last.entityId();
    String before = desk.text(1, "verify");
    assertThat(before).contains("WRONG  " + last.persistenceId() + "#" + last.sequence());
    desk.text(1, "show", wallet);
    assertThat(desk.told()).contains("UNKNOWN_TYPE", "audit repair").doesNotContain("\tat ");

    assertThat(desk.text(1, "repair", wallet, "--json"))
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
    assertThat(desk.text(0, tried)).contains("nothing was stored");
    desk.text(1, "show", wallet);
    String[] half = mend.clone();
    half[7] = "{\"amount\":null}";
    desk.text(1, half);
    assertThat(desk.told()).contains("refused: what is to be read in its place: UNREADABLE");
    assertThat(desk.text(0, mend)).contains("SUPERSEDED  " + last.persistenceId() + "#");

    assertThat(desk.text(0, "verify"))
        .contains("SUPERSEDED", "by record 1, made", "by jane: build 9 was withdrawn")
        .contains("every chain holds");
    assertThat(desk.text(0, "verify", "--json"))
        .contains("\"sound\":true", "\"reads\":\"wallet.captured/1\"");
    desk.text(0, "show", wallet);
    assertThat(desk.told()).contains("SUPERSEDED", "record 1");
    assertThat(desk.text(0, "replay", wallet, "--json")).contains("\"superseded\":1");
    assertThat(desk.text(0, "repair", "--format", "csv")).contains("wallet.captured/1", "jane");
    desk.text(0, "trial-balance");
    desk.text(0, "what-if");
    desk.text(0, "rebuild");
    desk.text(0, "reconcile", "--settle", "0");
    desk.text(1, mend);
    assertThat(desk.told()).contains("nothing to repair");
  }

  private static boolean isLastCharge(Envelope event, List<Envelope> all) {
    return event.header().event().name().equals("wallet.captured")
        && all.stream()
            .filter(e -> e.persistenceId().equals(event.persistenceId()))
            .allMatch(e -> e.sequence() <= event.sequence());
  }

  private static byte[] ofNewerBuild(Envelope event) {
    EventHeader was = event.header();
    EventHeader header =
        new EventHeader(
            was.entityType(),
            was.entityId(),
            was.sequence(),
            NEWER,
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
    return Envelope.of(header, payload).bytes();
  }
}

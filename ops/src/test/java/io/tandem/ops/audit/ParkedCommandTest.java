package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.Envelope;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParkedCommandTest {
  @TempDir private Path directory;

  @Test
  @Tag("rule:AUD-5")
  void an_unreadable_event_stops_its_entity_alone_and_is_tried_again_when_it_can_be_read() {
    AuditorsDesk desk = AuditorsDesk.in(directory);
    List<Envelope> events = desk.fill(20, 2);
    Envelope victim =
        events.stream()
            .filter(e -> e.header().event().name().equals("call.connected"))
            .findFirst()
            .orElseThrow();
    desk.overwrite(victim, "call.connected/1", new byte[] {1, 2, 3});
    desk.text(0, "rebuild");

    String listed = desk.text(1, "parked", "--json");
    assertThat(listed)
        .contains("\"entity\":\"call/" + victim.entityId() + "\"")
        .contains("\"sequence\":" + victim.sequence())
        .contains("UNREADABLE");
    assertThat(listed.lines()).hasSize(1);
    assertThat(desk.text(1, "reconcile")).as("and it is missed").contains(victim.entityId());
    String again = desk.text(1, "parked", "--retry", "call/" + victim.entityId());
    assertThat(again).contains(victim.entityId());
    assertThat(desk.told()).contains("stays parked");

    desk.overwrite(victim, "call.connected/1", victim.bytes());
    desk.text(0, "parked", "--retry");
    desk.text(0, "parked");
    desk.text(0, "reconcile");
  }
}

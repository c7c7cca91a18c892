package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.Envelope;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One call and one wallet have an event that nobody can read; every other answer is given. */
class UnreadableEventsTest {
  @TempDir private Path directory;
  private AuditorsDesk desk;
  private List<Envelope> events;
  private Envelope call;
  private Envelope wallet;

  @BeforeEach
  void fill() {
    desk = AuditorsDesk.in(directory);
    events = desk.fill(20, 2);
    call = broken("call.connected/1");
    wallet = broken("wallet.captured/1");
    desk.sign(); // what is stored, whatever that is
  }

  private Envelope broken(String name) {
    Envelope victim =
        events.stream()
            .filter(each -> each.header().event().toString().equals(name))
            .findFirst()
            .orElseThrow();
    desk.overwrite(victim, name, new byte[] {1, 2, 3});
    return victim;
  }

  @Test
  @Tag("rule:AUD-5")
  void follow_shows_what_cannot_be_read_with_its_fault_and_goes_on() {
    List<String> lines = desk.ask(1, "follow", "--from-start", "--until-end", "--json");
    assertThat(lines).hasSize(events.size());
    assertThat(lines)
        .filteredOn(line -> line.contains("UNREADABLE"))
        .hasSize(2)
        .allMatch(line -> line.contains("\"content\":null"))
        .anyMatch(line -> line.contains("\"entity\":\"call/" + call.entityId() + "\""));
  }

  @Test
  @Tag("rule:AUD-5")
  void the_trial_balance_and_what_if_name_and_count_what_they_leave_out() {
    desk.ask(1, "trial-balance");
    assertThat(desk.told())
        .contains("LEFT OUT  " + wallet.persistenceId() + "#" + wallet.sequence())
        .contains("the rest is zero; 1 cannot be read and are left out");

    desk.ask(1, "what-if");
    assertThat(desk.told())
        .contains("LEFT OUT  " + call.persistenceId() + "#" + call.sequence())
        .contains("LEFT OUT  " + wallet.persistenceId() + "#" + wallet.sequence())
        .contains("2 cannot be read and are left out")
        .contains("19 calls run again");
  }

  @Test
  @Tag("rule:AUD-5")
  void a_proof_is_made_of_what_can_be_read() {
    String other =
        events.stream()
            .filter(each -> each.entityType().equals("call"))
            .map(Envelope::entityId)
            .filter(id -> !id.equals(call.entityId()))
            .findFirst()
            .orElseThrow();
    Path file = directory.resolve("proof");
    String said = desk.text(0, "export", "--proof", "call/" + other, "--out", file.toString());
    assertThat(said).contains("events with their proofs");
    assertThat(desk.told()).contains("2 events elsewhere cannot be read");
  }
}

package io.tandem.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.security.SecurityCommand.NoteDisclosure;
import io.tandem.node.security.SecurityCommand.NoteErasure;
import io.tandem.node.security.SecurityCommand.NoteHold;
import io.tandem.node.security.SecurityCommand.NoteMore;
import io.tandem.persistence.security.SecurityEvent;
import io.tandem.persistence.security.SecurityState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SecurityRulesTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static PlayedEntity<SecurityCommand, SecurityReply, SecurityEvent, SecurityState> played(
      String id) {
    return new PlayedEntity<>(SecurityRules.type(), id);
  }

  @Test
  void a_line_of_another_log_is_taken_once_however_often_it_is_told() {
    var log = played("platform:erasures");
    NoteErasure line = new NoteErasure(7, "person:1", "CONTACT", null, "operator", NOON);
    assertThat(log.ask(line))
        .isEqualTo(new SecurityReply.Noted(new SecurityState("platform:erasures", 1, 7, 0), false));
    assertThat(log.ask(line)).isEqualTo(new SecurityReply.Noted(log.state(), true));
    log.ask(new NoteDisclosure(1, "REQUESTED", 1, "NY 1", "alice", NOON));

    assertThat(log.events()).hasSize(2);
    assertThat(log.state()).isEqualTo(new SecurityState("platform:erasures", 2, 7, 1));
    assertThat(log.replay("platform:erasures")).isEqualTo(log.state());
  }

  @Test
  void a_hold_that_was_put_on_or_taken_off_is_an_event_once() {
    var log = played("platform:holds");
    NoteHold placed = new NoteHold(1, true, "person:1", null, "counsel", NOON);
    NoteHold released = new NoteHold(2, false, "person:1", null, "court", NOON);
    log.ask(placed);
    log.ask(released);
    assertThat(log.ask(placed)).isEqualTo(new SecurityReply.Noted(log.state(), true));
    assertThat(log.ask(released)).isEqualTo(new SecurityReply.Noted(log.state(), true));
    assertThat(log.events())
        .containsExactly(
            new SecurityEvent.HoldNoted(1, true, "person:1", null, "counsel", NOON, log.now()),
            new SecurityEvent.HoldNoted(2, false, "person:1", null, "court", NOON, log.now()));
  }

  @Test
  void nothing_is_no_event_and_a_log_has_an_owner_and_a_day() {
    assertThat(played("acct_1:2026-11-23").ask(new NoteMore("security.banned", 0, NOON, NOON)))
        .isEqualTo(new SecurityReply.Invalid("count", "0", "1 or more"));
    assertThat(played("acct_1").ask(new NoteMore("security.banned", 1, NOON, NOON)))
        .isInstanceOf(SecurityReply.Invalid.class);
    assertThat(SecurityState.account("acct_1:2026-11-23")).contains("acct_1");
    assertThat(SecurityState.account("platform:2026-11-23")).isEmpty();
    assertThat(SecurityRules.log("acct_1", NOON).id()).isEqualTo("acct_1:2026-11-23");
  }
}

package io.tandem.ops.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Note;
import io.tandem.ops.ladder.Entry.Party;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The drawing: order, times, directions. */
class LadderTest {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void entries_are_drawn_in_the_order_of_their_time_with_seconds_since_the_first() {
    List<String> lines =
        Ladder.lines(
            List.of(
                new Message(START.plusMillis(1_500), Party.TANDEM, Party.CALLER, "200 OK"),
                new Message(START, Party.CALLER, Party.TANDEM, "INVITE"),
                new Note(START.plusSeconds(90), "timer reached")));
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).contains("caller", "tandem", "agent phone");
    assertThat(lines.get(1)).contains("+0.000", " INVITE ").endsWith("|");
    assertThat(lines.get(2)).contains("+1.500", " 200 OK ");
    assertThat(lines.get(3)).contains("+90.000", "timer reached");
  }

  @Test
  void an_arrow_points_where_the_message_went() {
    assertThat(only(new Message(START, Party.TANDEM, Party.PHONE, "INVITE")))
        .contains("->|")
        .doesNotContain("|<-");
    assertThat(only(new Message(START, Party.PHONE, Party.TANDEM, "180 Ringing")))
        .contains("|<-")
        .doesNotContain("->|");
  }

  @Test
  void words_that_are_too_long_are_cut_and_the_rails_stay_straight() {
    String line =
        only(new Message(START, Party.CALLER, Party.TANDEM, "481 Call/Transaction Does Not Exist"));
    String plain = only(new Message(START, Party.CALLER, Party.TANDEM, "ACK"));
    assertThat(line).hasSameSizeAs(plain).contains("~");
  }

  @Test
  void nothing_is_drawn_of_nothing() {
    assertThat(Ladder.lines(List.of())).isEmpty();
  }

  private static String only(Message message) {
    return Ladder.lines(List.of(message)).getLast();
  }
}

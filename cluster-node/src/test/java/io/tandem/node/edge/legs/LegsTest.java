package io.tandem.node.edge.legs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.call.CallCommand;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The pure legs of a call, with a clock in the test's hand. */
class LegsTest {
  private static final long TIMER_MILLIS = 90_000;
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private Legs legs = Legs.NEW;
  private long nanos = 17;
  private Instant wall = START;
  private final List<LegOutput> outputs = new ArrayList<>();

  @Test
  void the_first_answer_is_bridged_and_the_other_phone_is_stopped_without_a_charge() {
    on(new LegInput.Ring(offer("o1"), 18_000));
    on(new LegInput.Ring(offer("o2"), 18_000));
    outputs.clear();
    on(new LegInput.PhoneAnswered("o2"));
    assertThat(outputs)
        .startsWith(new LegOutput.AcceptPhone("o2"), new LegOutput.AnswerCaller("o2"))
        .contains(
            new LegOutput.CancelPhone("o1"),
            new LegOutput.AttestBridged("o2", List.of("o1"), START));
    outputs.clear();
    on(new LegInput.PhoneAnswered("o1"));
    assertThat(outputs).containsExactly(new LegOutput.DismissPhone("o1"));
  }

  @Test
  void a_repeated_order_to_ring_rings_once() {
    on(new LegInput.Ring(offer("o1"), 18_000));
    outputs.clear();
    on(new LegInput.Ring(offer("o1"), 18_000));
    assertThat(outputs).isEmpty();
  }

  @Test
  void one_millisecond_before_the_timer_is_not_crossed_whenever_the_timer_fires() {
    connect();
    pass(TIMER_MILLIS - 1);
    on(new LegInput.TimerDue());
    assertThat(outputs)
        .containsExactly(new LegOutput.SetTimer("qualify", 1, new LegInput.TimerDue()));
    outputs.clear();
    pass(1);
    on(new LegInput.TimerDue());
    assertThat(outputs)
        .containsExactly(
            new LegOutput.Attest(
                new CallCommand.Crossed(TIMER_MILLIS, START.plusMillis(TIMER_MILLIS))));
    outputs.clear();
    on(new LegInput.TimerDue());
    assertThat(outputs).isEmpty();
  }

  @Test
  void without_the_callers_ACK_the_timer_is_not_crossed_and_a_late_one_crosses_it() {
    answer();
    pass(TIMER_MILLIS + 20);
    on(new LegInput.TimerDue());
    assertThat(outputs).isEmpty();
    on(new LegInput.CallerAcknowledged());
    assertThat(outputs)
        .containsExactly(
            new LegOutput.Attest(
                new CallCommand.Crossed(TIMER_MILLIS + 20, START.plusMillis(TIMER_MILLIS + 20))));
    outputs.clear();
    on(new LegInput.CallerAcknowledged());
    assertThat(outputs).isEmpty();
  }

  @Test
  void a_caller_who_never_acknowledged_was_connected_for_no_time() {
    answer();
    pass(TIMER_MILLIS + 2_000);
    on(new LegInput.CallerSilent());
    assertThat(outputs)
        .contains(
            new LegOutput.Attest(new CallCommand.LegsEnded(EndedBy.PLATFORM, "NO_ACK", 0, START)));
  }

  @Test
  void a_BYE_of_the_caller_proves_what_its_lost_ACK_would_have() {
    answer();
    pass(1_500);
    on(new LegInput.CallerHungUp());
    assertThat(outputs)
        .contains(
            new LegOutput.Attest(
                new CallCommand.LegsEnded(
                    EndedBy.CALLER, "NORMAL", 1_500, START.plusMillis(1_500))));
  }

  @Test
  void connected_time_follows_the_monotonic_clock_through_a_step_of_the_wall_clock() {
    connect();
    wall = wall.plusSeconds(3_600);
    pass(1_500);
    on(new LegInput.CallerHungUp());
    assertThat(outputs)
        .contains(
            new LegOutput.Attest(
                new CallCommand.LegsEnded(
                    EndedBy.CALLER, "NORMAL", 1_500, START.plusMillis(1_500))));
  }

  @Test
  void a_caller_who_gives_up_stops_every_phone_and_hears_487() {
    on(new LegInput.Ring(offer("o1"), 18_000));
    outputs.clear();
    on(new LegInput.CallerCancelled());
    assertThat(outputs)
        .contains(
            new LegOutput.RejectCaller(487, "Request Terminated"),
            new LegOutput.Attest(new CallCommand.LegsEnded(EndedBy.CALLER, "CANCELLED", 0, START)),
            new LegOutput.CancelPhone("o1"),
            new LegOutput.CloseMedia());
    outputs.clear();
    on(new LegInput.PhoneAnswered("o1"));
    assertThat(outputs).containsExactly(new LegOutput.DismissPhone("o1"));
  }

  @Test
  void a_phone_that_is_told_to_stop_before_it_was_told_to_ring_never_rings() {
    on(new LegInput.StopRinging("o1", "cooldown"));
    assertThat(failures()).containsExactly("o1 WITHDRAWN");
    outputs.clear();
    on(new LegInput.Ring(offer("o1"), 18_000));
    assertThat(outputs).isEmpty();
  }

  @Test
  void ring_time_that_is_over_is_no_answer_and_an_answer_that_was_quicker_counts() {
    on(new LegInput.Ring(offer("o1"), 18_000));
    on(new LegInput.RingTimeOver("o1"));
    outputs.clear();
    on(new LegInput.PhoneAnswered("o1"));
    assertThat(legs.phase()).isEqualTo(Legs.Phase.CONNECTED);

    legs = Legs.NEW;
    outputs.clear();
    on(new LegInput.Ring(offer("o1"), 18_000));
    on(new LegInput.RingTimeOver("o1"));
    on(new LegInput.PhoneRefused("o1", 487));
    assertThat(failures()).containsExactly("o1 NO_ANSWER");
  }

  @Test
  void what_a_phone_says_is_the_reason_it_failed() {
    assertThat(reasonOf(486)).isEqualTo("o1 DECLINED");
    assertThat(reasonOf(603)).isEqualTo("o1 DECLINED");
    assertThat(reasonOf(480)).isEqualTo("o1 UNREACHABLE");
    assertThat(reasonOf(503)).isEqualTo("o1 UNREACHABLE");
    assertThat(reasonOf(408)).isEqualTo("o1 NO_ANSWER");
  }

  @Test
  void an_end_by_the_platform_says_bye_to_both_sides_and_nothing_follows_it() {
    connect();
    pass(10);
    on(new LegInput.HangUp("max duration"));
    assertThat(outputs)
        .startsWith(
            new LegOutput.ByeCaller("max duration"), new LegOutput.ByeAgent("max duration"));
    outputs.clear();
    on(new LegInput.CallerHungUp());
    on(new LegInput.AgentHungUp());
    on(new LegInput.TimerDue());
    on(new LegInput.HangUp("again"));
    assertThat(outputs).isEmpty();
  }

  private String reasonOf(int status) {
    legs = Legs.NEW;
    outputs.clear();
    on(new LegInput.Ring(offer("o1"), 18_000));
    on(new LegInput.PhoneRefused("o1", status));
    return failures().getFirst();
  }

  private List<String> failures() {
    return outputs.stream()
        .filter(o -> o instanceof LegOutput.Attest)
        .map(o -> ((LegOutput.Attest) o).fact())
        .filter(f -> f instanceof CallCommand.PhoneFailed)
        .map(f -> ((CallCommand.PhoneFailed) f).failure())
        .map(f -> f.offerId() + " " + f.reason())
        .toList();
  }

  private void connect() {
    answer();
    on(new LegInput.CallerAcknowledged());
  }

  private void answer() {
    on(new LegInput.Ring(offer("o1"), 18_000));
    on(new LegInput.PhoneAnswered("o1"));
    outputs.clear();
  }

  private void pass(long millis) {
    nanos += millis * 1_000_000;
    wall = wall.plusMillis(millis);
  }

  private void on(LegInput input) {
    Legs.Step step = legs.on(input, new EdgeTime(nanos, wall));
    legs = step.next();
    outputs.addAll(step.outputs());
  }

  private static Offer offer(String id) {
    return new Offer(
        id,
        "agent",
        "acct",
        "phone",
        new Terms("health", 1, Money.ofUnits(25, "USD"), TIMER_MILLIS));
  }
}

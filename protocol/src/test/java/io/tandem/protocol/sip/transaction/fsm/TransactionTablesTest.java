package io.tandem.protocol.sip.transaction.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The figures of RFC 3261 section 17 and RFC 6026 as tables. A row is {@code phase[/interval] input
 * -> phase[/interval] : outputs}; every pair of phase and input that no row names must change
 * nothing and ask for nothing.
 */
class TransactionTablesTest {

  private static final SipTimers T = SipTimers.RFC_3261;

  @Test
  void an_invite_client_over_udp_follows_figure_5_and_rfc_6026() {
    holds(
        new InviteClientMachine(T, false),
        """
        start                      -> CALLING/500   : SEND_REQUEST A=500 B=32000
        CALLING/500 TIMER_A        -> CALLING/1000  : SEND_REQUEST A=1000
        CALLING/16000 TIMER_A      -> CALLING/32000 : SEND_REQUEST A=32000
        CALLING TIMER_B            -> TERMINATED    : TIMED_OUT TERMINATED
        CALLING TRANSPORT_ERROR    -> TERMINATED    : TRANSPORT_FAILED TERMINATED
        CALLING PROVISIONAL        -> PROCEEDING    : -A -B PASS_TO_TU
        CALLING SUCCESS            -> ACCEPTED      : -A -B M=32000 PASS_TO_TU
        CALLING FAILURE            -> COMPLETED     : -A -B SEND_ACK D=32000 PASS_TO_TU
        PROCEEDING PROVISIONAL     -> PROCEEDING    : PASS_TO_TU
        PROCEEDING SUCCESS         -> ACCEPTED      : -A -B M=32000 PASS_TO_TU
        PROCEEDING FAILURE         -> COMPLETED     : -A -B SEND_ACK D=32000 PASS_TO_TU
        PROCEEDING CANCELLED       -> PROCEEDING    : B=32000
        PROCEEDING TIMER_B         -> TERMINATED    : TIMED_OUT TERMINATED
        COMPLETED FAILURE          -> COMPLETED     : SEND_ACK
        COMPLETED TRANSPORT_ERROR  -> TERMINATED    : TRANSPORT_FAILED TERMINATED
        COMPLETED TIMER_D          -> TERMINATED    : TERMINATED
        ACCEPTED SUCCESS           -> ACCEPTED      : PASS_TO_TU
        ACCEPTED TIMER_M           -> TERMINATED    : TERMINATED
        """);
  }

  @Test
  void an_invite_client_over_tcp_never_retransmits_and_has_no_timer_d() {
    holds(
        new InviteClientMachine(T, true),
        """
        start                      -> CALLING       : SEND_REQUEST B=32000
        CALLING/500 TIMER_A        -> CALLING/1000  : SEND_REQUEST A=1000
        CALLING TIMER_B            -> TERMINATED    : TIMED_OUT TERMINATED
        CALLING TRANSPORT_ERROR    -> TERMINATED    : TRANSPORT_FAILED TERMINATED
        CALLING PROVISIONAL        -> PROCEEDING    : -A -B PASS_TO_TU
        CALLING SUCCESS            -> ACCEPTED      : -A -B M=32000 PASS_TO_TU
        CALLING FAILURE            -> TERMINATED    : -B SEND_ACK PASS_TO_TU TERMINATED
        PROCEEDING PROVISIONAL     -> PROCEEDING    : PASS_TO_TU
        PROCEEDING SUCCESS         -> ACCEPTED      : -A -B M=32000 PASS_TO_TU
        PROCEEDING FAILURE         -> TERMINATED    : -B SEND_ACK PASS_TO_TU TERMINATED
        PROCEEDING CANCELLED       -> PROCEEDING    : B=32000
        PROCEEDING TIMER_B         -> TERMINATED    : TIMED_OUT TERMINATED
        COMPLETED FAILURE          -> COMPLETED     : SEND_ACK
        COMPLETED TRANSPORT_ERROR  -> TERMINATED    : TRANSPORT_FAILED TERMINATED
        COMPLETED TIMER_D          -> TERMINATED    : TERMINATED
        ACCEPTED SUCCESS           -> ACCEPTED      : PASS_TO_TU
        ACCEPTED TIMER_M           -> TERMINATED    : TERMINATED
        """);
  }

  @Test
  void a_non_invite_client_over_udp_follows_figure_6() {
    holds(
        new NonInviteClientMachine(T, false),
        """
        start                      -> TRYING/500      : SEND_REQUEST E=500 F=32000
        TRYING/500 TIMER_E         -> TRYING/1000     : SEND_REQUEST E=1000
        TRYING/2000 TIMER_E        -> TRYING/4000     : SEND_REQUEST E=4000
        TRYING/4000 TIMER_E        -> TRYING/4000     : SEND_REQUEST E=4000
        TRYING TIMER_F             -> TERMINATED      : TIMED_OUT TERMINATED
        TRYING TRANSPORT_ERROR     -> TERMINATED      : TRANSPORT_FAILED TERMINATED
        TRYING/500 PROVISIONAL     -> PROCEEDING/500  : PASS_TO_TU
        TRYING SUCCESS             -> COMPLETED       : -E -F K=5000 PASS_TO_TU
        TRYING FAILURE             -> COMPLETED       : -E -F K=5000 PASS_TO_TU
        PROCEEDING/500 TIMER_E     -> PROCEEDING/4000 : SEND_REQUEST E=4000
        PROCEEDING TIMER_F         -> TERMINATED      : TIMED_OUT TERMINATED
        PROCEEDING TRANSPORT_ERROR -> TERMINATED      : TRANSPORT_FAILED TERMINATED
        PROCEEDING PROVISIONAL     -> PROCEEDING      : PASS_TO_TU
        PROCEEDING SUCCESS         -> COMPLETED       : -E -F K=5000 PASS_TO_TU
        PROCEEDING FAILURE         -> COMPLETED       : -E -F K=5000 PASS_TO_TU
        COMPLETED TIMER_K          -> TERMINATED      : TERMINATED
        """);
  }

  @Test
  void a_non_invite_client_over_tcp_ends_with_the_final_response() {
    NonInviteClientMachine machine = new NonInviteClientMachine(T, true);
    assertThat(show(machine.start())).isEqualTo("TRYING : SEND_REQUEST F=32000");
    assertThat(show(machine.step(new State(Phase.TRYING, 0), Input.SUCCESS)))
        .isEqualTo("TERMINATED : -F PASS_TO_TU TERMINATED");
  }

  @Test
  void an_invite_server_over_udp_follows_figure_7_and_rfc_6026() {
    holds(
        new InviteServerMachine(T, false),
        """
        start                      -> PROCEEDING     : TRYING=200 PASS_TO_TU
        PROCEEDING REQUEST         -> PROCEEDING     : RESEND_RESPONSE
        PROCEEDING TIMER_TRYING    -> PROCEEDING     : SEND_TRYING
        PROCEEDING PROVISIONAL     -> PROCEEDING     : -TRYING SEND_RESPONSE
        PROCEEDING SUCCESS         -> ACCEPTED       : -TRYING SEND_RESPONSE L=32000
        PROCEEDING FAILURE         -> COMPLETED/500  : -TRYING SEND_RESPONSE G=500 H=32000
        PROCEEDING TRANSPORT_ERROR -> PROCEEDING     : TRANSPORT_FAILED
        COMPLETED REQUEST          -> COMPLETED      : RESEND_RESPONSE
        COMPLETED/500 TIMER_G      -> COMPLETED/1000 : RESEND_RESPONSE G=1000
        COMPLETED/4000 TIMER_G     -> COMPLETED/4000 : RESEND_RESPONSE G=4000
        COMPLETED TIMER_H          -> TERMINATED     : TIMED_OUT TERMINATED
        COMPLETED ACK              -> CONFIRMED      : -G -H I=5000
        COMPLETED TRANSPORT_ERROR  -> COMPLETED      : TRANSPORT_FAILED
        CONFIRMED TIMER_I          -> TERMINATED     : TERMINATED
        ACCEPTED SUCCESS           -> ACCEPTED       : SEND_RESPONSE
        ACCEPTED ACK               -> ACCEPTED       : PASS_TO_TU
        ACCEPTED TRANSPORT_ERROR   -> ACCEPTED       : TRANSPORT_FAILED
        ACCEPTED TIMER_L           -> TERMINATED     : TERMINATED
        """);
  }

  @Test
  void an_invite_server_over_tcp_waits_for_the_ack_without_retransmitting() {
    InviteServerMachine machine = new InviteServerMachine(T, true);
    assertThat(show(machine.step(State.PROCEEDING, Input.FAILURE)))
        .isEqualTo("COMPLETED : -TRYING SEND_RESPONSE H=32000");
    assertThat(show(machine.step(State.COMPLETED, Input.ACK)))
        .isEqualTo("TERMINATED : -H TERMINATED");
  }

  @Test
  void an_invite_server_told_not_to_wait_sends_100_at_once() {
    InviteServerMachine machine = new InviteServerMachine(new SipTimers(500, 4000, 5000, 0), false);
    assertThat(show(machine.start())).isEqualTo("PROCEEDING : SEND_TRYING PASS_TO_TU");
  }

  @Test
  void a_non_invite_server_over_udp_follows_figure_8() {
    holds(
        new NonInviteServerMachine(T, false),
        """
        start                      -> TRYING     : PASS_TO_TU
        TRYING PROVISIONAL         -> PROCEEDING : SEND_RESPONSE
        TRYING SUCCESS             -> COMPLETED  : SEND_RESPONSE J=32000
        TRYING FAILURE             -> COMPLETED  : SEND_RESPONSE J=32000
        PROCEEDING REQUEST         -> PROCEEDING : RESEND_RESPONSE
        PROCEEDING PROVISIONAL     -> PROCEEDING : SEND_RESPONSE
        PROCEEDING SUCCESS         -> COMPLETED  : SEND_RESPONSE J=32000
        PROCEEDING FAILURE         -> COMPLETED  : SEND_RESPONSE J=32000
        PROCEEDING TRANSPORT_ERROR -> PROCEEDING : TRANSPORT_FAILED
        COMPLETED REQUEST          -> COMPLETED  : RESEND_RESPONSE
        COMPLETED TRANSPORT_ERROR  -> COMPLETED  : TRANSPORT_FAILED
        COMPLETED TIMER_J          -> TERMINATED : TERMINATED
        """);
  }

  @Test
  void a_non_invite_server_over_tcp_ends_with_its_final_response() {
    NonInviteServerMachine machine = new NonInviteServerMachine(T, true);
    assertThat(show(machine.step(new State(Phase.TRYING, 0), Input.FAILURE)))
        .isEqualTo("TERMINATED : SEND_RESPONSE TERMINATED");
  }

  @Test
  void an_unanswered_invite_is_sent_seven_times_in_32_seconds() {
    assertThat(sendsOf(new InviteClientMachine(T, false), TimerId.A))
        .containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 15_500L, 31_500L);
  }

  @Test
  void an_unanswered_bye_is_sent_eleven_times_in_32_seconds() {
    assertThat(sendsOf(new NonInviteClientMachine(T, false), TimerId.E))
        .containsExactly(
            0L, 500L, 1_500L, 3_500L, 7_500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
  }

  @Test
  void an_unacknowledged_2xx_is_sent_again_up_to_t2_apart_and_given_up_after_64_t1() {
    Accepted2xx waiting = Accepted2xx.start(T, 0);
    List<Long> sends = new ArrayList<>();
    long now = 0;
    while (true) {
      now = waiting.nextAtMs();
      Accepted2xx.Wake wake = waiting.wake(now);
      if (wake.duty() == Accepted2xx.Duty.GIVE_UP) {
        break;
      }
      sends.add(now);
      waiting = wake.next();
    }
    assertThat(sends)
        .containsExactly(
            500L, 1_500L, 3_500L, 7_500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
    assertThat(now).isEqualTo(32_000L);
  }

  @Test
  void a_2xx_woken_too_early_waits() {
    Accepted2xx waiting = Accepted2xx.start(T, 0);
    assertThat(waiting.wake(499)).isEqualTo(new Accepted2xx.Wake(waiting, Accepted2xx.Duty.WAIT));
  }

  /** Instants at which a client that never hears anything sends its request. */
  private static List<Long> sendsOf(TransactionMachine machine, TimerId retransmission) {
    List<Long> sends = new ArrayList<>();
    long now = 0;
    Step step = machine.start();
    while (now < T.giveUpMs()) {
      sends.add(now);
      now += step.state().retransmitMs();
      step = machine.step(step.state(), Input.fired(retransmission));
    }
    return sends;
  }

  private static void holds(TransactionMachine machine, String table) {
    Set<String> named = new HashSet<>();
    for (String row : table.strip().split("\n")) {
      String[] sides = row.split("->", 2);
      String[] cause = sides[0].strip().split(" +");
      String expected = sides[1].strip().replaceAll(" +", " ");
      Step step =
          cause.length == 1
              ? machine.start()
              : machine.step(state(cause[0]), Input.valueOf(cause[1]));
      assertThat(show(step)).as(row).isEqualTo(expected);
      if (cause.length == 2) {
        named.add(state(cause[0]).phase() + " " + cause[1]);
      }
    }
    for (Phase phase : Phase.values()) {
      for (Input input : Input.values()) {
        if (!named.contains(phase + " " + input)) {
          Step step = machine.step(new State(phase, 0), input);
          assertThat(step)
              .as(phase + " " + input)
              .isEqualTo(new Step(new State(phase, 0), List.of()));
        }
      }
    }
  }

  private static State state(String text) {
    String[] parts = text.split("/");
    return new State(Phase.valueOf(parts[0]), parts.length == 1 ? 0 : Long.parseLong(parts[1]));
  }

  private static String show(Step step) {
    String interval = step.state().retransmitMs() == 0 ? "" : "/" + step.state().retransmitMs();
    return step.state().phase()
        + interval
        + " : "
        + step.outputs().stream().map(TransactionTablesTest::show).collect(Collectors.joining(" "));
  }

  private static String show(Output output) {
    return switch (output) {
      case Output.Act act -> act.name();
      case Output.SetTimer set -> set.timer() + "=" + set.delayMs();
      case Output.CancelTimer cancel -> "-" + cancel.timer();
    };
  }
}

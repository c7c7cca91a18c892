package io.tandem.protocol.sip.transaction.fsm;

import static io.tandem.protocol.sip.transaction.fsm.Output.Act.PASS_TO_TU;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.SEND_REQUEST;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TERMINATED;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TIMED_OUT;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TRANSPORT_FAILED;

import io.tandem.protocol.sip.transaction.fsm.Output.CancelTimer;
import io.tandem.protocol.sip.transaction.fsm.Output.SetTimer;

/** The non-INVITE client transaction: RFC 3261 17.1.2 (figure 6). */
public final class NonInviteClientMachine implements TransactionMachine {

  private final SipTimers timers;
  private final Step start;
  private final Step completed;
  private final Step unanswered = Step.to(State.TERMINATED, TIMED_OUT, TERMINATED);
  private final Step unsent = Step.to(State.TERMINATED, TRANSPORT_FAILED, TERMINATED);
  private final Step ended = Step.to(State.TERMINATED, TERMINATED);

  /**
   * @param reliable whether the transport is: no retransmissions, and timer K is zero
   */
  public NonInviteClientMachine(SipTimers timers, boolean reliable) {
    this.timers = timers;
    SetTimer f = new SetTimer(TimerId.F, timers.giveUpMs());
    start =
        reliable
            ? Step.to(new State(Phase.TRYING, 0), SEND_REQUEST, f)
            : Step.to(
                new State(Phase.TRYING, timers.t1Ms()),
                SEND_REQUEST,
                new SetTimer(TimerId.E, timers.t1Ms()),
                f);
    CancelTimer noE = new CancelTimer(TimerId.E);
    CancelTimer noF = new CancelTimer(TimerId.F);
    completed =
        reliable
            ? Step.to(State.TERMINATED, noF, PASS_TO_TU, TERMINATED)
            : Step.to(
                State.COMPLETED, noE, noF, new SetTimer(TimerId.K, timers.t4Ms()), PASS_TO_TU);
  }

  @Override
  public Step start() {
    return start;
  }

  @Override
  public Step step(State state, Input input) {
    return switch (state.phase()) {
      case TRYING, PROCEEDING -> waiting(state, input);
      case COMPLETED -> completed(state, input);
      default -> Step.ignored(state);
    };
  }

  private Step waiting(State state, Input input) {
    return switch (input) {
      case TIMER_E -> retransmit(state);
      case TIMER_F -> unanswered;
      case PROVISIONAL -> Step.to(new State(Phase.PROCEEDING, state.retransmitMs()), PASS_TO_TU);
      case SUCCESS, FAILURE -> completed;
      case TRANSPORT_ERROR -> unsent;
      default -> Step.ignored(state);
    };
  }

  /** Timer E doubles up to T2 while Trying, and is T2 once a 1xx came. */
  private Step retransmit(State state) {
    long next =
        state.phase() == Phase.PROCEEDING
            ? timers.t2Ms()
            : Math.min(2 * Math.max(state.retransmitMs(), timers.t1Ms()), timers.t2Ms());
    return Step.to(new State(state.phase(), next), SEND_REQUEST, new SetTimer(TimerId.E, next));
  }

  private Step completed(State state, Input input) {
    return input == Input.TIMER_K ? ended : Step.ignored(state);
  }
}

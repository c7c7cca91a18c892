package io.tandem.protocol.sip.transaction.fsm;

import static io.tandem.protocol.sip.transaction.fsm.Output.Act.PASS_TO_TU;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.SEND_ACK;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.SEND_REQUEST;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TERMINATED;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TIMED_OUT;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TRANSPORT_FAILED;

import io.tandem.protocol.sip.transaction.fsm.Output.CancelTimer;
import io.tandem.protocol.sip.transaction.fsm.Output.SetTimer;

/**
 * The INVITE client transaction: RFC 3261 17.1.1 (figure 5) with RFC 6026 7.2 (Accepted, timer M).
 */
public final class InviteClientMachine implements TransactionMachine {

  private final SipTimers timers;
  private final Step start;
  private final Step firstProvisional;
  private final Step accepted;
  private final Step failed;
  private final Step unanswered = Step.to(State.TERMINATED, TIMED_OUT, TERMINATED);
  private final Step unsent = Step.to(State.TERMINATED, TRANSPORT_FAILED, TERMINATED);
  private final Step ended = Step.to(State.TERMINATED, TERMINATED);
  private final Step provisional = Step.to(State.PROCEEDING, PASS_TO_TU);
  private final Step furtherSuccess = Step.to(State.ACCEPTED, PASS_TO_TU);
  private final Step failureAgain = Step.to(State.COMPLETED, SEND_ACK);
  private final Step cancelled;

  /**
   * @param reliable whether the transport is (TCP, TLS, WS, WSS): no retransmissions, and timer D
   *     is zero
   */
  public InviteClientMachine(SipTimers timers, boolean reliable) {
    this.timers = timers;
    SetTimer b = new SetTimer(TimerId.B, timers.giveUpMs());
    CancelTimer noA = new CancelTimer(TimerId.A);
    CancelTimer noB = new CancelTimer(TimerId.B);
    start =
        reliable
            ? Step.to(new State(Phase.CALLING, 0), SEND_REQUEST, b)
            : Step.to(
                new State(Phase.CALLING, timers.t1Ms()),
                SEND_REQUEST,
                new SetTimer(TimerId.A, timers.t1Ms()),
                b);
    firstProvisional = Step.to(State.PROCEEDING, noA, noB, PASS_TO_TU);
    accepted =
        Step.to(State.ACCEPTED, noA, noB, new SetTimer(TimerId.M, timers.giveUpMs()), PASS_TO_TU);
    failed =
        reliable
            ? Step.to(State.TERMINATED, noB, SEND_ACK, PASS_TO_TU, TERMINATED)
            : Step.to(
                State.COMPLETED,
                noA,
                noB,
                SEND_ACK,
                new SetTimer(TimerId.D, timers.absorbFinalMs()),
                PASS_TO_TU);
    cancelled = Step.to(State.PROCEEDING, b);
  }

  @Override
  public Step start() {
    return start;
  }

  @Override
  public Step step(State state, Input input) {
    return switch (state.phase()) {
      case CALLING -> calling(state, input);
      case PROCEEDING -> proceeding(state, input);
      case COMPLETED -> completed(state, input);
      case ACCEPTED -> accepted(state, input);
      default -> Step.ignored(state);
    };
  }

  private Step calling(State state, Input input) {
    return switch (input) {
      case TIMER_A -> retransmit(state);
      case TIMER_B -> unanswered;
      case PROVISIONAL -> firstProvisional;
      case SUCCESS -> accepted;
      case FAILURE -> failed;
      case TRANSPORT_ERROR -> unsent;
      default -> Step.ignored(state);
    };
  }

  /** Timer A doubles without a ceiling: B ends it after seven sends. */
  private Step retransmit(State state) {
    long next = 2 * Math.max(state.retransmitMs(), timers.t1Ms());
    return Step.to(new State(Phase.CALLING, next), SEND_REQUEST, new SetTimer(TimerId.A, next));
  }

  private Step proceeding(State state, Input input) {
    return switch (input) {
      case PROVISIONAL -> provisional;
      case SUCCESS -> accepted;
      case FAILURE -> failed;
      case CANCELLED -> cancelled;
      case TIMER_B -> unanswered; // only runs after a CANCEL (9.1)
      default -> Step.ignored(state);
    };
  }

  private Step completed(State state, Input input) {
    return switch (input) {
      case FAILURE -> failureAgain;
      case TRANSPORT_ERROR -> unsent;
      case TIMER_D -> ended;
      default -> Step.ignored(state);
    };
  }

  private Step accepted(State state, Input input) {
    return switch (input) {
      case SUCCESS -> furtherSuccess; // the TU answers each with its ACK (13.2.2.4)
      case TIMER_M -> ended;
      default -> Step.ignored(state);
    };
  }
}

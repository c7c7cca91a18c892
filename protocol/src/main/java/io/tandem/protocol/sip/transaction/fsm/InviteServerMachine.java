package io.tandem.protocol.sip.transaction.fsm;

import static io.tandem.protocol.sip.transaction.fsm.Output.Act.PASS_TO_TU;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.RESEND_RESPONSE;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.SEND_RESPONSE;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.SEND_TRYING;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TERMINATED;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TIMED_OUT;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TRANSPORT_FAILED;

import io.tandem.protocol.sip.transaction.fsm.Output.CancelTimer;
import io.tandem.protocol.sip.transaction.fsm.Output.SetTimer;

/**
 * The INVITE server transaction: RFC 3261 17.2.1 (figure 7) with RFC 6026 7.1 (Accepted, timer L).
 * A transport error is told to the TU and changes nothing (RFC 6026 on 17.2.4): the peer's
 * retransmission gets the response again.
 */
public final class InviteServerMachine implements TransactionMachine {

  private final SipTimers timers;
  private final Step start;
  private final Step provisional;
  private final Step accepted;
  private final Step failed;
  private final Step confirmed;
  private final Step trying = Step.to(State.PROCEEDING, SEND_TRYING);
  private final Step successAgain = Step.to(State.ACCEPTED, SEND_RESPONSE);
  private final Step ackOfSuccess = Step.to(State.ACCEPTED, PASS_TO_TU);
  private final Step unacknowledged = Step.to(State.TERMINATED, TIMED_OUT, TERMINATED);
  private final Step ended = Step.to(State.TERMINATED, TERMINATED);

  /**
   * @param reliable whether the transport is: no retransmissions, and timer I is zero
   */
  public InviteServerMachine(SipTimers timers, boolean reliable) {
    this.timers = timers;
    CancelTimer noTrying = new CancelTimer(TimerId.TRYING);
    SetTimer h = new SetTimer(TimerId.H, timers.giveUpMs());
    start =
        timers.tryingAfterMs() == 0
            ? Step.to(State.PROCEEDING, SEND_TRYING, PASS_TO_TU)
            : Step.to(
                State.PROCEEDING, new SetTimer(TimerId.TRYING, timers.tryingAfterMs()), PASS_TO_TU);
    provisional = Step.to(State.PROCEEDING, noTrying, SEND_RESPONSE);
    accepted =
        Step.to(
            State.ACCEPTED, noTrying, SEND_RESPONSE, new SetTimer(TimerId.L, timers.giveUpMs()));
    failed =
        reliable
            ? Step.to(State.COMPLETED, noTrying, SEND_RESPONSE, h)
            : Step.to(
                new State(Phase.COMPLETED, timers.t1Ms()),
                noTrying,
                SEND_RESPONSE,
                new SetTimer(TimerId.G, timers.t1Ms()),
                h);
    CancelTimer noG = new CancelTimer(TimerId.G);
    CancelTimer noH = new CancelTimer(TimerId.H);
    confirmed =
        reliable
            ? Step.to(State.TERMINATED, noH, TERMINATED)
            : Step.to(State.CONFIRMED, noG, noH, new SetTimer(TimerId.I, timers.t4Ms()));
  }

  @Override
  public Step start() {
    return start;
  }

  @Override
  public Step step(State state, Input input) {
    return switch (state.phase()) {
      case PROCEEDING -> proceeding(state, input);
      case COMPLETED -> completed(state, input);
      case CONFIRMED -> confirmed(state, input);
      case ACCEPTED -> accepted(state, input);
      default -> Step.ignored(state);
    };
  }

  private Step proceeding(State state, Input input) {
    return switch (input) {
      case REQUEST -> Step.to(state, RESEND_RESPONSE);
      case TIMER_TRYING -> trying;
      case PROVISIONAL -> provisional;
      case SUCCESS -> accepted;
      case FAILURE -> failed;
      case TRANSPORT_ERROR -> Step.to(state, TRANSPORT_FAILED);
      default -> Step.ignored(state);
    };
  }

  private Step completed(State state, Input input) {
    return switch (input) {
      case REQUEST -> Step.to(state, RESEND_RESPONSE);
      case TIMER_G -> retransmit(state);
      case TIMER_H -> unacknowledged;
      case ACK -> confirmed;
      case TRANSPORT_ERROR -> Step.to(state, TRANSPORT_FAILED);
      default -> Step.ignored(state);
    };
  }

  /** Timer G doubles up to T2. */
  private Step retransmit(State state) {
    long next = Math.min(2 * Math.max(state.retransmitMs(), timers.t1Ms()), timers.t2Ms());
    return Step.to(
        new State(Phase.COMPLETED, next), RESEND_RESPONSE, new SetTimer(TimerId.G, next));
  }

  private Step confirmed(State state, Input input) {
    return input == Input.TIMER_I ? ended : Step.ignored(state);
  }

  private Step accepted(State state, Input input) {
    return switch (input) {
      case SUCCESS -> successAgain; // the TU retransmits its 2xx (13.3.1.4)
      case ACK -> ackOfSuccess;
      case TRANSPORT_ERROR -> Step.to(state, TRANSPORT_FAILED);
      case TIMER_L -> ended;
      default -> Step.ignored(state); // an INVITE again is absorbed
    };
  }
}

package io.tandem.protocol.sip.transaction.fsm;

import static io.tandem.protocol.sip.transaction.fsm.Output.Act.PASS_TO_TU;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.RESEND_RESPONSE;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.SEND_RESPONSE;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TERMINATED;
import static io.tandem.protocol.sip.transaction.fsm.Output.Act.TRANSPORT_FAILED;

import io.tandem.protocol.sip.transaction.fsm.Output.SetTimer;

/**
 * The non-INVITE server transaction: RFC 3261 17.2.2 (figure 8); transport errors as in RFC 6026.
 */
public final class NonInviteServerMachine implements TransactionMachine {

  private final Step start = Step.to(new State(Phase.TRYING, 0), PASS_TO_TU);
  private final Step provisional = Step.to(State.PROCEEDING, SEND_RESPONSE);
  private final Step completed;
  private final Step requestAgain = Step.to(State.COMPLETED, RESEND_RESPONSE);
  private final Step ended = Step.to(State.TERMINATED, TERMINATED);

  /**
   * @param reliable whether the transport is: timer J is zero
   */
  public NonInviteServerMachine(SipTimers timers, boolean reliable) {
    completed =
        reliable
            ? Step.to(State.TERMINATED, SEND_RESPONSE, TERMINATED)
            : Step.to(State.COMPLETED, SEND_RESPONSE, new SetTimer(TimerId.J, timers.giveUpMs()));
  }

  @Override
  public Step start() {
    return start;
  }

  @Override
  public Step step(State state, Input input) {
    return switch (state.phase()) {
      case TRYING -> trying(state, input);
      case PROCEEDING -> proceeding(state, input);
      case COMPLETED -> completed(state, input);
      default -> Step.ignored(state);
    };
  }

  private Step trying(State state, Input input) {
    return switch (input) {
      case PROVISIONAL -> provisional;
      case SUCCESS, FAILURE -> completed;
      default -> Step.ignored(state); // the request again is discarded
    };
  }

  private Step proceeding(State state, Input input) {
    return switch (input) {
      case REQUEST -> Step.to(state, RESEND_RESPONSE);
      case PROVISIONAL -> provisional;
      case SUCCESS, FAILURE -> completed;
      case TRANSPORT_ERROR -> Step.to(state, TRANSPORT_FAILED);
      default -> Step.ignored(state);
    };
  }

  private Step completed(State state, Input input) {
    return switch (input) {
      case REQUEST -> requestAgain;
      case TRANSPORT_ERROR -> Step.to(state, TRANSPORT_FAILED);
      case TIMER_J -> ended;
      default -> Step.ignored(state); // further finals of the TU are discarded
    };
  }
}

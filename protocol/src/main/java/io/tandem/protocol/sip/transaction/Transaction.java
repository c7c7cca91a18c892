package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.transaction.fsm.Input;
import io.tandem.protocol.sip.transaction.fsm.Output;
import io.tandem.protocol.sip.transaction.fsm.Phase;
import io.tandem.protocol.sip.transaction.fsm.State;
import io.tandem.protocol.sip.transaction.fsm.Step;
import io.tandem.protocol.sip.transaction.fsm.TimerId;
import io.tandem.protocol.sip.transaction.fsm.TransactionMachine;
import io.tandem.protocol.sip.transport.SendFailure;
import org.jspecify.annotations.Nullable;

/**
 * A live transaction: its machine's state, its timers, and the carrying out of outputs. What to
 * send and whom to tell is the subclass's.
 */
abstract class Transaction {

  private final TransactionMachine machine;
  private final TimerWheel wheel;
  private @Nullable Running timers; // two at most: a list is a quarter of a place for each
  private State state;

  /** A timer that runs, and those beside it. */
  private final class Running implements Runnable {
    private final TimerId timer;
    private final TimerWheel.Entry entry;
    private @Nullable Running next;

    Running(Output.SetTimer set, @Nullable Running next) {
      this.timer = set.timer();
      this.next = next;
      this.entry = wheel.start(set.delayMs(), this);
    }

    @Override
    public void run() {
      cancelTimer(timer); // nothing to the wheel, where it has run
      step(Input.fired(timer), null);
    }
  }

  Transaction(TransactionMachine machine, TimerWheel wheel) {
    this.machine = machine;
    this.wheel = wheel;
    this.state = machine.start().state();
  }

  /** An output that needs messages. */
  abstract void act(Output.Act act, @Nullable SipMessage message);

  /** The user threw when it was given a message: a mistake of ours. */
  abstract void userFailed(RuntimeException mistake);

  /** Tells the user that the transport failed. */
  abstract void transportFailed(SendFailure failure);

  /** Takes the transaction out of the layer's table. */
  abstract void forget();

  final Phase phase() {
    return state.phase();
  }

  final void start(@Nullable SipMessage message) {
    carryOut(machine.start(), message, null);
  }

  /**
   * One step.
   *
   * @param message the request, response or ACK that the input is, if it is one
   */
  final void step(Input input, @Nullable SipMessage message) {
    carryOut(machine.step(state, input), message, null);
  }

  final void sendFailed(SendFailure failure) {
    carryOut(machine.step(state, Input.TRANSPORT_ERROR), null, failure);
  }

  private void carryOut(Step step, @Nullable SipMessage message, @Nullable SendFailure failure) {
    state = step.state();
    for (Output output : step.outputs()) {
      switch (output) {
        case Output.SetTimer set -> setTimer(set);
        case Output.CancelTimer cancel -> cancelTimer(cancel.timer());
        case Output.Act act -> perform(act, message, failure);
      }
    }
  }

  private void perform(
      Output.Act act, @Nullable SipMessage message, @Nullable SendFailure failure) {
    switch (act) {
      case TERMINATED -> end();
      case TRANSPORT_FAILED -> transportFailed(failure == null ? SendFailure.REFUSED : failure);
      case PASS_TO_TU -> pass(message);
      default -> act(act, message);
    }
  }

  /** A user's mistake ends neither the transaction's own bookkeeping nor the loop. */
  private void pass(@Nullable SipMessage message) {
    try {
      act(Output.Act.PASS_TO_TU, message);
    } catch (RuntimeException mistake) {
      userFailed(mistake);
    }
  }

  private void setTimer(Output.SetTimer set) {
    cancelTimer(set.timer());
    timers = new Running(set, timers);
  }

  private void cancelTimer(TimerId timer) {
    Running before = null;
    for (Running each = timers; each != null; before = each, each = each.next) {
      if (each.timer == timer) {
        wheel.cancel(each.entry);
        if (before == null) {
          timers = each.next;
        } else {
          before.next = each.next;
        }
        return;
      }
    }
  }

  /** Ends without a word to anybody, timers and all: the machine said so, or the layer closes. */
  final void end() {
    for (Running each = timers; each != null; each = each.next) {
      wheel.cancel(each.entry);
    }
    timers = null;
    forget();
  }
}

package io.tandem.protocol.sip.transaction.fsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A client and a server machine joined by a wire that loses, doubles and reorders, under virtual
 * time and a printed seed. Whatever the wire does, each side's user sees an effect once.
 */
class LossyWireTest {

  private static final int RUNS = 4_000;
  private static final SipTimers T = SipTimers.RFC_3261;

  @Test
  void on_a_wire_that_loses_5_percent_an_invite_is_answered_once() {
    int answered = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Wire wire = new Wire(seed, 5, true, Input.FAILURE).run();
      assertOnce(seed, wire);
      answered += wire.finalsSeen;
    }
    assertThat(answered).isGreaterThanOrEqualTo(RUNS * 995 / 1_000);
  }

  @Test
  void on_a_wire_that_loses_5_percent_an_accepted_invite_is_acknowledged_once() {
    int established = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Wire wire = new Wire(seed, 5, true, Input.SUCCESS).run();
      assertOnce(seed, wire);
      assertThat(wire.acksSeen).as("seed %d", seed).isLessThanOrEqualTo(1);
      established += wire.acksSeen;
    }
    assertThat(established).isGreaterThanOrEqualTo(RUNS * 995 / 1_000);
  }

  @Test
  void on_a_wire_that_loses_5_percent_a_bye_is_answered_once() {
    int answered = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Wire wire = new Wire(seed, 5, false, Input.SUCCESS).run();
      assertOnce(seed, wire);
      answered += wire.finalsSeen;
    }
    assertThat(answered).isEqualTo(RUNS);
  }

  @Test
  void on_a_wire_that_loses_half_of_everything_nothing_happens_twice_and_all_ends() {
    for (int seed = 0; seed < RUNS; seed++) {
      assertOnce(seed, new Wire(seed, 50, true, Input.FAILURE).run());
      assertOnce(seed, new Wire(seed, 50, true, Input.SUCCESS).run());
      assertOnce(seed, new Wire(seed, 50, false, Input.SUCCESS).run());
    }
  }

  @Test
  void the_same_seed_gives_the_same_run() {
    assertThat(new Wire(7, 20, true, Input.SUCCESS).run().trace.toString())
        .isEqualTo(new Wire(7, 20, true, Input.SUCCESS).run().trace.toString());
  }

  private static void assertOnce(int seed, Wire wire) {
    assertThat(wire.requestsSeen)
        .as("requests the server's user saw, seed %d", seed)
        .isLessThanOrEqualTo(1);
    assertThat(wire.finalsSeen)
        .as("answers the client's user saw, seed %d", seed)
        .isLessThanOrEqualTo(1);
    assertThat(wire.finalsSeen + wire.timeouts)
        .as("outcome at the client, seed %d", seed)
        .isEqualTo(1);
    assertThat(wire.client.ended()).as("client ended, seed %d", seed).isTrue();
    assertThat(wire.server == null || wire.server.ended())
        .as("server ended, seed %d", seed)
        .isTrue();
    assertThat(wire.now).as("virtual time, seed %d", seed).isLessThan(150_000);
  }

  private enum Side {
    CLIENT,
    SERVER
  }

  private record Happening(long at, int order, Side side, Input input, TimerId timer, int setting)
      implements Comparable<Happening> {
    @Override
    public int compareTo(Happening other) {
      return at != other.at ? Long.compare(at, other.at) : Integer.compare(order, other.order);
    }
  }

  /** One transaction, both its users, and the wire between them. */
  private static final class Wire {
    final Random random;
    final int lossPercent;
    final boolean invite;
    final Input answer;
    final TransactionMachine clientMachine;
    final TransactionMachine serverMachine;
    final PriorityQueue<Happening> queue = new PriorityQueue<>();
    final Map<TimerId, Integer> settings = new EnumMap<>(TimerId.class);
    final StringBuilder trace = new StringBuilder();
    State client = new State(Phase.CALLING, 0);
    State server;
    Input lastResponse;
    Accepted2xx retransmitter;
    long now;
    int order;
    int requestsSeen;
    int finalsSeen;
    int acksSeen;
    int timeouts;

    Wire(int seed, int lossPercent, boolean invite, Input answer) {
      random = new Random(seed);
      this.lossPercent = lossPercent;
      this.invite = invite;
      this.answer = answer;
      clientMachine =
          invite ? new InviteClientMachine(T, false) : new NonInviteClientMachine(T, false);
      serverMachine =
          invite ? new InviteServerMachine(T, false) : new NonInviteServerMachine(T, false);
    }

    Wire run() {
      take(Side.CLIENT, clientMachine.start(), null);
      if (invite) { // the caller loses patience: a lost final response must not keep the client for
        // ever
        queue.add(new Happening(40_000, order++, Side.CLIENT, Input.CANCELLED, null, 0));
      }
      while (!queue.isEmpty()) {
        Happening next = queue.poll();
        now = next.at;
        happen(next);
      }
      return this;
    }

    void happen(Happening next) {
      if (next.timer != null) {
        boolean live = settings.getOrDefault(next.timer, 0) == next.setting;
        if (live) {
          step(next.side, Input.fired(next.timer));
        }
      } else if (next.side == Side.SERVER && next.input == Input.REQUEST && server == null) {
        take(Side.SERVER, serverMachine.start(), Input.REQUEST);
      } else if (next.side == Side.SERVER && next.input == answer) {
        answerOrRepeat();
      } else if (next.side == Side.CLIENT || server != null) {
        step(next.side, next.input);
      }
    }

    void step(Side side, Input input) {
      trace.append(now).append(' ').append(side).append(' ').append(input).append('\n');
      TransactionMachine machine = side == Side.CLIENT ? clientMachine : serverMachine;
      take(side, machine.step(side == Side.CLIENT ? client : server, input), input);
    }

    void take(Side side, Step step, Input input) {
      if (side == Side.CLIENT) {
        client = step.state();
      } else {
        server = step.state();
      }
      for (Output output : step.outputs()) {
        switch (output) {
          case Output.SetTimer set -> {
            int setting = settings.merge(set.timer(), 1, Integer::sum);
            queue.add(
                new Happening(now + set.delayMs(), order++, side, null, set.timer(), setting));
          }
          case Output.CancelTimer cancel -> settings.merge(cancel.timer(), 1, Integer::sum);
          case Output.Act act -> act(side, act, input);
        }
      }
    }

    void act(Side side, Output.Act act, Input input) {
      switch (act) {
        case SEND_REQUEST -> send(Side.SERVER, Input.REQUEST);
        case SEND_ACK -> send(Side.SERVER, Input.ACK);
        case SEND_RESPONSE -> {
          lastResponse = input;
          send(Side.CLIENT, input);
        }
        case SEND_TRYING -> {
          lastResponse = Input.PROVISIONAL;
          send(Side.CLIENT, Input.PROVISIONAL);
        }
        case RESEND_RESPONSE -> {
          if (lastResponse != null) {
            send(Side.CLIENT, lastResponse);
          }
        }
        case PASS_TO_TU -> user(side, input);
        case TIMED_OUT -> timeouts += side == Side.CLIENT ? 1 : 0;
        case TRANSPORT_FAILED, TERMINATED -> {}
      }
    }

    void user(Side side, Input input) {
      if (side == Side.SERVER && input == Input.ACK) {
        acksSeen += retransmitter == null ? 0 : 1;
        retransmitter = null;
      } else if (side == Side.SERVER) {
        requestsSeen++;
        queue.add(
            new Happening(now + random.nextInt(3_000), order++, Side.SERVER, answer, null, 0));
      } else if (input == Input.SUCCESS && invite) {
        finalsSeen = 1; // each 2xx is acknowledged, the first one makes the call
        send(Side.SERVER, Input.ACK);
      } else if (input != Input.PROVISIONAL) {
        finalsSeen++;
      }
    }

    /** The server's user answers, and repeats a 2xx until it is acknowledged (13.3.1.4). */
    void answerOrRepeat() {
      boolean first = lastResponse != answer;
      if (first) {
        step(Side.SERVER, answer);
        if (invite && answer == Input.SUCCESS) {
          retransmitter = Accepted2xx.start(T, now);
        }
      } else if (retransmitter != null) {
        Accepted2xx.Wake wake = retransmitter.wake(now);
        retransmitter = wake.duty() == Accepted2xx.Duty.GIVE_UP ? null : wake.next();
        if (wake.duty() == Accepted2xx.Duty.RESEND) {
          step(Side.SERVER, answer);
        }
      }
      if (retransmitter != null) {
        queue.add(new Happening(retransmitter.nextAtMs(), order++, Side.SERVER, answer, null, 0));
      }
    }

    void send(Side to, Input message) {
      int copies = random.nextInt(100) < 3 ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        if (random.nextInt(100) >= lossPercent) {
          long delay = 1 + random.nextInt(400);
          queue.add(new Happening(now + delay, order++, to, wired(to, message), null, 0));
        }
      }
    }

    /** A response on its way to the client must not be taken for the server user's cue. */
    Input wired(Side to, Input message) {
      trace.append(now).append(" to ").append(to).append(' ').append(message).append('\n');
      return message;
    }
  }
}

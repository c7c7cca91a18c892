package io.tandem.protocol.sip.ua;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole calls, real messages as bytes, virtual time, on a wire that loses one message in twenty,
 * doubles some and brings them in any order.
 */
class LossyCallsTest {
  private static final int CALLER = 5060;
  private static final int CALLED = 5070;
  private static final SipUri TO_BOB = SipUri.sip("bob", "127.0.0.1", CALLED);
  private static final int CALLS = 2_000;
  private static final int LOST_PERCENT = 5;
  private static final int DOUBLED_PERCENT = 3;
  private static final int DELAY_MS_MAX = 300;

  private final VirtualLoop loop = new VirtualLoop();
  private final Map<String, Integer> rang = new HashMap<>();
  private final List<CountedMedia> atBob = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_122, 3_261})
  void of_a_thousand_calls_995_succeed_and_nothing_happens_twice(long seed) {
    SimNetwork network =
        new SimNetwork(loop, seed).worse(LOST_PERCENT, DOUBLED_PERCENT, DELAY_MS_MAX);
    UserAgent alices = agent(network, CALLER, seed);
    UserAgent bobs = agent(network, CALLED, seed);
    UaLine alice = line(alices, "alice", CALLED, CallHandler.UNAVAILABLE);
    CallHandler answers = AnswerPlan.answering(loop, 1_500, this::mediaOfBob);
    UaLine bob =
        line(
            bobs,
            "bob",
            CALLER,
            call -> {
              rang.merge(call.invite().callId(), 1, Integer::sum);
              answers.onCall(call);
            });
    assertThat(bob.identity().user()).isEqualTo("bob");

    List<UaCall> calls = new ArrayList<>();
    List<CountedMedia> atAlice = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      CountedMedia media = new CountedMedia();
      atAlice.add(media);
      UaCall call = alice.call(TO_BOB, media);
      calls.add(call);
      loop.schedule(30_000, call::hangUp);
      loop.advanceMs(10);
    }
    loop.advanceMs(300_000);

    long succeeded =
        calls.stream()
            .filter(call -> call.answered().join())
            .filter(call -> call.ended().join().cause() == CallEnd.Cause.HUNG_UP_HERE)
            .filter(call -> call.ended().join().status() == 200)
            .count();
    System.out.printf(
        "seed %d: %d of %d calls succeeded at %d %% loss, %d messages%n",
        seed, succeeded, CALLS, LOST_PERCENT, network.seen().size());
    assertThat(succeeded).as("seed %d", seed).isGreaterThanOrEqualTo(CALLS * 995L / 1_000);
    assertThat(rang.values()).as("rung once, seed %d", seed).containsOnly(1);
    assertThat(rang).as("each call rang, seed %d", seed).hasSizeBetween((int) succeeded, CALLS);
    for (List<CountedMedia> side : List.of(atAlice, atBob)) {
      assertThat(side).as("ended once, seed %d", seed).allMatch(media -> media.ends == 1);
    }
    assertThat(atBob).as("described once, seed %d", seed).allMatch(media -> media.described <= 1);
    assertThat(alices.calls() + bobs.calls()).as("calls left, seed %d", seed).isZero();
    assertThat(alices.transactions() + bobs.transactions()).as("left, seed %d", seed).isZero();
  }

  private CallMedia mediaOfBob() {
    CountedMedia media = new CountedMedia();
    atBob.add(media);
    return media;
  }

  private UserAgent agent(SimNetwork network, int port, long seed) {
    Tokens tokens = new Tokens(new Random(seed + port));
    UserAgent agent = new UserAgent(loop, network.wire(port), SipTimers.RFC_3261, tokens);
    network.attach(port, agent.listener());
    return agent;
  }

  private static UaLine line(UserAgent agent, String user, int proxy, CallHandler handler) {
    return agent.line(new UaIdentity(user, "127.0.0.1", null, null, SimNetwork.at(proxy)), handler);
  }

  /** Counts what it was told. */
  private static final class CountedMedia implements CallMedia {
    int described;
    int ends;

    @Override
    public AudioSession session() {
      return AudioSession.g711("127.0.0.1", 4_000);
    }

    @Override
    public void described(Sdp remote) {
      described++;
    }

    @Override
    public void ended() {
      ends++;
    }
  }
}

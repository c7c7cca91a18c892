package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.phone.Phones;
import io.tandem.ops.phone.Voice;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.UaLine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** baresip with SRTP on one leg, a phone of ours in clear on the other, a node between them. */
class BaresipCallTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 697;
  private static final int PATIENCE_SECONDS = 30;

  @TempDir Path directory;

  private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(1);
  private NodeProcess node;
  private Phones phones;
  private Voice voice;

  @BeforeEach
  void start() throws Exception {
    Map<String, Object> keys =
        Map.of(
            "node.roles",
            List.of("edge", "control"),
            "sip.port",
            0,
            "rtp.ports",
            "33200-33299",
            "media.security",
            "optional");
    node = NodeProcess.start(directory.resolve("node"), keys, List.of());
    phones = Phones.open(node.sip(), (sent, message) -> {});
  }

  @AfterEach
  void stop() {
    if (voice != null) {
      voice.close();
    }
    phones.close();
    node.close();
    beats.shutdownNow();
  }

  @Test
  @NeedsPeer("baresip")
  void a_caller_with_srtp_and_an_agent_without_hear_each_other() throws Exception {
    Stall stall = Stall.of(1, 30_000);
    node.open(stall);
    voice = Voice.singing(AGENT_HZ, Metronome.of(beats));
    UaLine agent =
        phones.line(
            stall.name(),
            Stall.password(stall.name()),
            AnswerPlan.answering(phones.agent().loop(), 20, () -> voice));
    assertThat(agent.register(600).get(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    try (Baresip caller =
        Baresip.calling(
            directory.resolve("caller"), node.sip(), stall.number(), "srtp-mand", CALLER_HZ)) {
      hearEachOther(caller, CALLER_HZ, AGENT_HZ);
    }
  }

  @Test
  @NeedsPeer("baresip")
  void a_phone_that_takes_the_keys_we_offer_and_a_caller_without_hear_each_other()
      throws Exception {
    Stall stall = Stall.of(2, 30_000);
    node.open(stall);
    voice = Voice.singing(CALLER_HZ, Metronome.of(beats));
    try (Baresip agent =
        Baresip.answering(directory.resolve("agent"), node.sip(), stall, "srtp", AGENT_HZ)) {
      Books.await("it registers", PATIENCE_SECONDS, () -> agent.log().contains("200 OK"));
      UaLine caller = phones.line(Stall.CALLER, null, call -> call.refuse(486));
      var unused =
          caller.call(SipUri.sip(stall.number(), Phones.HOST, node.sip().getPort()), voice);
      hearEachOther(agent, AGENT_HZ, CALLER_HZ);
    }
  }

  private void hearEachOther(Baresip baresip, int itsHz, int ourHz) {
    Books.await("we hear it", PATIENCE_SECONDS, () -> voice.hears(itsHz));
    Books.await("it hears us", PATIENCE_SECONDS, () -> baresip.hears(ourHz));
    assertThat(baresip.log()).contains("SRTP is Enabled");
    System.out.printf("we heard %s, baresip heard %s%n", voice.heard(), baresip.heard());
  }
}

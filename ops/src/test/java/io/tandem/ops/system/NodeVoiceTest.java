package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.phone.Phones;
import io.tandem.ops.phone.Voice;
import io.tandem.ops.system.Baresip.Speech;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.AudioFile;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.media.playout.ToneSource;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.UaLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Telephones that nobody here wrote call through a node; what each hears is judged by Fourier
 * transform. Who is put on hold is a phone of ours: baresip's file of what it hears ends with the
 * first re-INVITE.
 */
class NodeVoiceTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;
  private static final int MUSIC_HZ = 620;
  private static final int PATIENCE_SECONDS = 30;

  @TempDir static Path nodeDirectory;
  private static NodeProcess node;
  private static final ScheduledExecutorService BEATS = Executors.newScheduledThreadPool(1);

  @TempDir Path directory;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  @BeforeAll
  static void start() throws IOException {
    Path music = nodeDirectory.resolve("music.wav");
    byte[] tone = new ToneSource(G711.ULAW, MUSIC_HZ, 0.3).octets(Duration.ofSeconds(2));
    AudioFile.writeWav(music, G711.ULAW, tone);
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("node.roles", List.of("edge", "control"));
    keys.put("sip.port", 0);
    keys.put("rtp.ports", "33300-33399");
    keys.put("media.security", "optional");
    keys.put("media.voice.hold-music", music.toString());
    node = NodeProcess.start(Files.createDirectory(nodeDirectory.resolve("node")), keys, List.of());
  }

  @AfterAll
  static void stop() {
    node.close();
    BEATS.shutdownNow();
  }

  @AfterEach
  void hangUp() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  @Test
  @NeedsPeer("baresip")
  void phones_without_a_common_codec_hear_each_other() throws Exception {
    Stall stall = opened(1);
    Baresip agent = agent(Speech.G722, stall);
    Baresip caller = caller(Speech.PCMU, stall, Baresip.CLEAR);
    hears(agent, CALLER_HZ);
    hears(caller, AGENT_HZ);
    assertThat(agent.log()).contains("Set audio decoder: G722");
    assertThat(caller.log()).contains("Set audio decoder: PCMU");
  }

  @Test
  @NeedsPeer("baresip")
  @Tag("rule:QT-6")
  void an_agent_hears_music_while_a_caller_of_another_codec_holds_and_the_caller_before_and_after()
      throws Exception {
    Stall stall = opened(2);
    Voice agent = voice(AGENT_HZ);
    UaLine line =
        phones()
            .line(
                stall.name(),
                Stall.password(stall.name()),
                AnswerPlan.answering(phones().agent().loop(), 20, () -> agent));
    assertThat(line.register(600).get(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    Baresip caller = caller(Speech.OPUS, stall, "srtp-mand");
    hears(agent, CALLER_HZ);
    hears(caller, AGENT_HZ);
    assertThat(caller.log()).contains("SRTP is Enabled", "Set audio decoder: opus");

    caller.hold();
    hears(agent, MUSIC_HZ);
    caller.resume();
    hears(agent, CALLER_HZ);
  }

  @Test
  @NeedsPeer("baresip")
  @Tag("rule:QT-6")
  void a_relayed_caller_hears_music_while_the_agent_holds_and_the_agent_before_and_after()
      throws Exception {
    Stall stall = opened(3);
    Baresip agent = agent(Speech.PCMU, stall);
    Voice caller = voice(CALLER_HZ);
    UaLine line = phones().line(Stall.CALLER, null, call -> call.refuse(486));
    var call = line.call(SipUri.sip(stall.number(), Phones.HOST, node.sip().getPort()), caller);
    started.push(call::hangUp);
    hears(caller, AGENT_HZ);
    hears(agent, CALLER_HZ);

    agent.hold();
    hears(caller, MUSIC_HZ);
    agent.resume();
    hears(caller, AGENT_HZ);
  }

  private static Stall opened(int number) {
    Stall stall = Stall.of(number, 30_000);
    node.open(stall);
    return stall;
  }

  private Phones phones;

  private Phones phones() {
    if (phones == null) {
      phones = Phones.open(node.sip(), (sent, message) -> {});
      started.push(phones);
    }
    return phones;
  }

  private Voice voice(int hertz) throws IOException {
    Voice voice = Voice.singing(hertz, Metronome.of(BEATS));
    started.push(voice);
    return voice;
  }

  private Baresip agent(Speech speech, Stall stall) throws IOException {
    Path folder = directory.resolve("agent");
    Baresip agent = Baresip.answering(folder, speech, node.sip(), stall, Baresip.CLEAR, AGENT_HZ);
    started.push(agent);
    Books.await("it registers", PATIENCE_SECONDS, () -> agent.log().contains("200 OK"));
    return agent;
  }

  private Baresip caller(Speech speech, Stall stall, String encryption) throws IOException {
    Path folder = directory.resolve("caller");
    Baresip caller =
        Baresip.calling(folder, speech, node.sip(), stall.number(), encryption, CALLER_HZ);
    started.push(caller);
    return caller;
  }

  private static void hears(Baresip phone, int hertz) {
    try {
      Books.await("it hears " + hertz, PATIENCE_SECONDS, () -> phone.hears(hertz));
    } catch (AssertionError never) {
      throw new AssertionError(
          never.getMessage() + ", but " + phone.heard() + '\n' + phone.log() + node.logTail());
    }
  }

  private static void hears(Voice phone, int hertz) {
    try {
      Books.await("we hear " + hertz, PATIENCE_SECONDS, () -> phone.hears(hertz));
    } catch (AssertionError never) {
      throw new AssertionError(
          never.getMessage() + ", but " + phone.heard() + '\n' + node.logTail());
    }
  }
}

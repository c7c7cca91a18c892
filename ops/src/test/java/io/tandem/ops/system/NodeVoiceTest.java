package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.system.Baresip.Speech;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.AudioFile;
import io.tandem.protocol.media.playout.ToneSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two telephones that nobody here wrote call through a node: what each hears is judged by Fourier
 * transform.
 */
class NodeVoiceTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;
  private static final int MUSIC_HZ = 620;
  private static final int PATIENCE_SECONDS = 30;

  @TempDir Path directory;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private NodeProcess node;

  @BeforeEach
  void start() throws Exception {
    Path music = directory.resolve("music.wav");
    byte[] tone = new ToneSource(G711.ULAW, MUSIC_HZ, 0.3).octets(Duration.ofSeconds(2));
    AudioFile.writeWav(music, G711.ULAW, tone);
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("node.roles", List.of("edge", "control"));
    keys.put("sip.port", 0);
    keys.put("rtp.ports", "33300-33399");
    keys.put("media.security", "optional");
    keys.put("media.voice.hold-music", music.toString());
    node = NodeProcess.start(Files.createDirectory(directory.resolve("node")), keys, List.of());
    started.push(node);
  }

  @AfterEach
  void stop() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  @ParameterizedTest(name = "caller {0}, agent {1}, encrypted: {2}")
  @CsvSource({"PCMU, G722, ''", "OPUS, PCMU, srtp-mand"})
  @NeedsPeer("baresip")
  void phones_without_a_common_codec_hear_each_other_and_music_while_one_holds(
      Speech callers, Speech agents, String encryption) throws Exception {
    Stall stall = Stall.of(1, 30_000);
    node.open(stall);
    Baresip agent = agent(agents, stall, Baresip.CLEAR);
    Baresip caller = caller(callers, stall, encryption);
    hears(agent, CALLER_HZ);
    hears(caller, AGENT_HZ);

    caller.hold();
    hears(agent, MUSIC_HZ);
    caller.resume();
    hears(agent, CALLER_HZ);
    caller.forget();
    hears(caller, AGENT_HZ);
  }

  @Test
  @NeedsPeer("baresip")
  @Tag("rule:QT-6")
  void a_relayed_caller_hears_music_while_the_agent_holds_and_the_agent_before_and_after()
      throws Exception {
    Stall stall = Stall.of(2, 30_000);
    node.open(stall);
    Baresip agent = agent(Speech.PCMU, stall, Baresip.CLEAR);
    Baresip caller = caller(Speech.PCMU, stall, Baresip.CLEAR);
    hears(caller, AGENT_HZ);
    hears(agent, CALLER_HZ);

    agent.hold();
    hears(caller, MUSIC_HZ);
    agent.resume();
    hears(caller, AGENT_HZ);
    agent.forget();
    hears(agent, CALLER_HZ);
  }

  private Baresip agent(Speech speech, Stall stall, String encryption) throws IOException {
    Path folder = directory.resolve("agent");
    Baresip agent = Baresip.answering(folder, speech, node.sip(), stall, encryption, AGENT_HZ);
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

  private void hears(Baresip phone, int hertz) {
    try {
      Books.await("it hears " + hertz, PATIENCE_SECONDS, () -> phone.hears(hertz));
    } catch (AssertionError never) {
      throw new AssertionError(
          never.getMessage() + ", but " + phone.heard() + '\n' + phone.log() + node.logTail());
    }
    assertThat(phone.heard().levelDbfs()).isGreaterThan(-40);
  }
}

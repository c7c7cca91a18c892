package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.AudioFile;
import io.tandem.protocol.media.playout.ToneSource;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A greeting of half a minute, which a key ends, and a notice, which none does, both spoken by a
 * provider over HTTP: of tones, so that it can be told who hears what.
 */
class GreetingOverSipTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;
  private static final int GREETING_HZ = 700;
  private static final int NOTICE_HZ = 1300;

  @TempDir static Path directory;

  private static Exchange exchange;
  private static Handset agent;
  private static HttpServer provider;

  @BeforeAll
  static void start() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext("/speech", GreetingOverSipTest::speak);
    provider.start();
    CampaignVoice voice =
        new CampaignVoice("Welcome.", CampaignVoice.Recording.AFTER_NOTICE, "This is recorded.");
    exchange =
        Exchange.open(
            Exchange.settings(
                directory,
                "tandem.media.voice.recording-format = opus",
                "tandem.media.voice.speech.engine = http",
                "tandem.media.voice.speech.url = \"http://127.0.0.1:%d/speech\""
                    .formatted(provider.getAddress().getPort())),
            UnaryOperator.identity(),
            Market.oneByOne().with(voice));
    exchange.market().agent("anna", 100);
    exchange.phones().phone("anna", GreetingOverSipTest::answer);
  }

  private static void speak(HttpExchange asked) throws IOException {
    try (asked) {
      String text = new String(asked.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      boolean notice = text.contains("recorded");
      byte[] tone =
          new ToneSource(G711.ULAW, notice ? NOTICE_HZ : GREETING_HZ, 0.4)
              .octets(Duration.ofSeconds(notice ? 4 : 30));
      Path file = directory.resolve(notice ? "notice.wav" : "greeting.wav");
      AudioFile.writeWav(file, G711.ULAW, tone);
      byte[] wav = Files.readAllBytes(file);
      asked.sendResponseHeaders(200, wav.length);
      asked.getResponseBody().write(wav);
    }
  }

  private static void answer(UaCall call) {
    boolean unused = call.answer(agent);
  }

  @AfterAll
  static void stop() {
    exchange.close();
    provider.stop(0);
  }

  @ParameterizedTest(name = "telephone events: {0}")
  @ValueSource(booleans = {true, false})
  @Tag("rule:TEL-7")
  @Tag("rule:CMP-3")
  void a_key_ends_the_greeting_as_an_event_or_as_a_tone_and_the_notice_is_played(boolean events)
      throws Exception {
    try (Handset caller = new Handset(Codec.PCMU, events, CALLER_HZ);
        Handset annas = new Handset(Codec.PCMU, true, AGENT_HZ)) {
      agent = annas;
      int before = exchange.phones().rung().size();
      UaCall call = exchange.phones().callFrom(Market.CALLER, caller);
      Market.await("it is greeted", () -> caller.hears(GREETING_HZ));
      assertThat(exchange.phones().rung()).as("nobody rings before").hasSize(before);
      caller.press("5");
      Market.await("it is told", () -> caller.hears(NOTICE_HZ));
      caller.press("5"); // which changes nothing: it is recorded because the notice was played
      Exchange.Connected connected = exchange.connected(before, call);
      caller.forget();
      Market.await("it hears the agent", () -> caller.hears(AGENT_HZ));
      Market.await("it is recorded", () -> isRecorded(connected.callId()));
      assertThat(agent.keys()).as("keys of the greeting are not the agent's").isEmpty();
      CallState.Ended ended = exchange.hangUp(call, connected.callId());
      assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.CALLER);
      Market.await("its file is whole", () -> isWhole(connected.callId()));
    }
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(file -> file.toString().endsWith(".opus.sealed"))).isNotEmpty();
    }
  }

  private static boolean isRecorded(String callId) {
    return exchange.market().events("call", callId, CallEvent.RecordingDecided.class).stream()
        .anyMatch(decided -> decided.ground().equals("NOTICE_PLAYED"));
  }

  private static boolean isWhole(String callId) {
    return exchange.market().events("call", callId, CallEvent.RecordingDone.class).stream()
        .anyMatch(done -> done.octets() > 0 && done.failure().isEmpty());
  }
}

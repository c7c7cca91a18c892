package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.phone.Phones;
import io.tandem.ops.phone.Voice;
import io.tandem.ops.system.Baresip.Speech;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.AudioFile;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.media.playout.Prompt;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.playout.ToneSource;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.UaLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded call between a phone of ours and baresip, through a node that is killed in it. */
class NodeRecordingTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;
  private static final int MUSIC_HZ = 620;
  private static final int RATE_HZ = 8_000;
  private static final int WAV_HEADER_OCTETS = 44;
  private static final int PATIENCE_SECONDS = 30;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(1);
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private int httpPort;
  private NodeProcess node;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      httpPort = free.getLocalPort();
    }
    byte[] tone = new ToneSource(G711.ULAW, MUSIC_HZ, 0.3).octets(Duration.ofSeconds(2));
    AudioFile.writeWav(directory.resolve("music.wav"), G711.ULAW, tone);
    node = node();
  }

  private NodeProcess node() {
    Map<String, Object> keys =
        Map.of(
            "node.roles",
            List.of("all"),
            "http.port",
            httpPort,
            "sip.port",
            0,
            "rtp.ports",
            "33400-33499",
            "media.voice.hold-music",
            directory.resolve("music.wav").toString());
    return NodeProcess.start(directory.resolve("node"), keys, List.of());
  }

  @AfterEach
  void stop() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
    node.close();
    beats.shutdownNow();
  }

  @Test
  @NeedsPeer("baresip")
  @Tag("rule:TEL-14")
  @Tag("rule:CMP-3")
  void a_caller_is_told_then_both_are_recorded_sealed_and_a_killed_node_leaves_what_it_heard()
      throws Exception {
    Stall stall = Stall.of(1, 30_000);
    node.open(stall);
    wantRecordings(stall);
    Baresip agent =
        Baresip.answering(
            directory.resolve("agent"), Speech.G722, node.sip(), stall, Baresip.CLEAR, AGENT_HZ);
    started.push(agent);
    Books.await("it registers", PATIENCE_SECONDS, () -> agent.log().contains("200 OK"));

    Voice caller = Voice.singing(CALLER_HZ, Metronome.of(beats));
    started.push(caller);
    call(stall, caller);
    Books.await("it is told", PATIENCE_SECONDS, () -> caller.heard().levelDbfs() > -40);
    assertThat(agent.log()).as("nobody rings before").doesNotContain("answering call");
    Books.await("it hears the agent", PATIENCE_SECONDS, () -> caller.hears(AGENT_HZ));
    String callId = get("/v1/calls").at("/items/0/id").asText();

    Books.await("both are on it", PATIENCE_SECONDS, () -> isOnIt(callId));
    Path file = onlyFile();
    assertThat(Files.readAllBytes(file))
        .startsWith("TANDEM-SEALED-1".getBytes(StandardCharsets.US_ASCII));
    JsonNode running = recording(callId);
    assertThat(running.path("ground").asText()).isEqualTo("NOTICE_PLAYED");
    assertThat(file).endsWith(Path.of(running.path("file").asText()));

    node.kill();
    long octets = Files.size(file);
    node = node();
    Books.await("its end is known", PATIENCE_SECONDS, () -> isCutOff(callId));
    assertThat(isOnIt(callId)).isTrue();
    assertThat(Files.size(file)).isEqualTo(octets);
  }

  /** What the agent hears has been to SIPp and back: transcoded, recorded, mixed each way. */
  @Test
  @NeedsPeer("sipp")
  @Tag("rule:TEL-14")
  void what_sipp_echoes_is_heard_transcoded_and_recorded_before_and_after_it_holds()
      throws Exception {
    Stall stall = Stall.of(2, 30_000);
    node.open(stall);
    wantRecordings(stall);
    Voice agent = Voice.singing(AGENT_HZ, Metronome.of(beats));
    started.push(agent);
    Phones phones = Phones.open(node.sip(), (sent, message) -> {});
    started.push(phones);
    UaLine line =
        phones.line(
            stall.name(),
            Stall.password(stall.name()),
            AnswerPlan.answering(phones.agent().loop(), 20, () -> agent));
    assertThat(line.register(600).get(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    try (Sipp sipp = new Sipp(directory, node.sip(), 41_200)) {
      Process echo = sipp.echo(stall, Duration.ofSeconds(3));
      Books.await("it hears itself", PATIENCE_SECONDS, () -> agent.hears(AGENT_HZ));
      Books.await("it hears music", PATIENCE_SECONDS, () -> agent.hears(MUSIC_HZ));
      Books.await("it hears itself again", PATIENCE_SECONDS, () -> agent.hears(AGENT_HZ));
      String callId = get("/v1/calls").at("/items/0/id").asText();
      Books.await("both are on it", PATIENCE_SECONDS, () -> isOnIt(callId, AGENT_HZ, AGENT_HZ));
      byte[] opus =
          send(
              "/v1/calls/" + callId + "/recording?format=opus",
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(Prompt.read(new ByteArrayInputStream(opus)))
          .isInstanceOf(Prompt.Reading.Read.class);
      sipp.expectSuccess("the call", echo, PATIENCE_SECONDS);
    }
  }

  private void call(Stall stall, Voice voice) {
    Phones phones = Phones.open(node.sip(), (sent, message) -> {});
    started.push(phones);
    UaLine line = phones.line(Stall.CALLER, null, incoming -> incoming.refuse(486));
    var unused = line.call(SipUri.sip(stall.number(), Phones.HOST, node.sip().getPort()), voice);
  }

  private void wantRecordings(Stall stall) throws Exception {
    String terms =
        """
        {"verticalId":"v-%s","ringing":"SEQUENTIAL","schedule":%s,
         "voice":{"recording":"AFTER_NOTICE","greeting":"Welcome."}}
        """
            .formatted(stall.name(), get("/v1/campaigns/c-" + stall.name()).at("/terms/schedule"));
    HttpRequest.Builder put =
        asked("/v1/campaigns/c-" + stall.name() + "/terms")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .PUT(HttpRequest.BodyPublishers.ofString(terms));
    HttpResponse<String> answer = http.send(put.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).at("/terms/voice/notice").asText()).isNotBlank();
    node.know(stall);
  }

  private JsonNode recording(String callId) {
    return get("/v1/calls/" + callId).path("recording");
  }

  private boolean isCutOff(String callId) {
    return recording(callId).path("state").asText().equals("CUT_OFF");
  }

  /** Whether the last second of the recording has the caller left and the agent right. */
  private boolean isOnIt(String callId) {
    return isOnIt(callId, CALLER_HZ, AGENT_HZ);
  }

  private boolean isOnIt(String callId, int leftHz, int rightHz) {
    byte[] wav =
        send("/v1/calls/" + callId + "/recording", HttpResponse.BodyHandlers.ofByteArray());
    int frames = (wav.length - WAV_HEADER_OCTETS) / 4;
    if (wav[0] != 'R' || frames < RATE_HZ) {
      return false;
    }
    int rateHz = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).getInt(24);
    int step = rateHz / RATE_HZ; // the detector counts 8000 samples a second
    int from = WAV_HEADER_OCTETS + 4 * (frames - RATE_HZ);
    ByteBuffer pcm =
        ByteBuffer.wrap(Arrays.copyOfRange(wav, from, from + 4 * RATE_HZ))
            .order(ByteOrder.LITTLE_ENDIAN);
    short[] left = new short[RATE_HZ / step];
    short[] right = new short[RATE_HZ / step];
    for (int i = 0; i < left.length; i++) {
      pcm.position(4 * i * step);
      left[i] = pcm.getShort();
      right[i] = pcm.getShort();
    }
    return ToneDetector.detect(left).is(leftHz, 5) && ToneDetector.detect(right).is(rightHz, 5);
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.walk(directory.resolve("node/recordings"))) {
      List<Path> found = files.filter(Files::isRegularFile).toList();
      assertThat(found).hasSize(1);
      return found.getFirst();
    }
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(send(path, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private <T> T send(String path, HttpResponse.BodyHandler<T> as) {
    try {
      return http.send(asked(path).build(), as).body();
    } catch (IOException e) {
      throw new AssertionError(path + " got no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder asked(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
        .header("Authorization", "Bearer " + NodeProcess.OPERATOR);
  }
}

package io.tandem.protocol.media.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tandem.protocol.media.playout.AudioFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSpeechTest {
  /** What the provider does with a request. */
  private interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  @TempDir Path folder;

  private final List<String> asked = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private Behaviour behaviour = exchange -> reply(exchange, 200, new byte[0]);

  @BeforeEach
  void a_provider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.createContext(
        "/",
        exchange -> {
          synchronized (asked) {
            String key = exchange.getRequestHeaders().getFirst("Authorization");
            byte[] body = exchange.getRequestBody().readAllBytes();
            asked.add(key + " " + new String(body, StandardCharsets.UTF_8));
          }
          behaviour.answer(exchange);
        });
    server.start();
  }

  @AfterEach
  void close() {
    over.countDown();
    server.stop(0);
  }

  private HttpSpeech speech(Duration limit) {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/audio/speech");
    return new HttpSpeech(new HttpSpeech.Provider(url, "sk-secret", "tts-1", "alloy", limit));
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] wav() throws IOException {
    Path file = folder.resolve("spoken.wav");
    AudioFile.writeWav(file, new short[4000]);
    return Files.readAllBytes(file);
  }

  @Test
  void a_text_is_asked_for_with_the_key_and_spoken_once() throws IOException {
    byte[] wav = wav();
    behaviour = exchange -> reply(exchange, 200, wav);
    try (HttpSpeech speech = speech(Duration.ofSeconds(20))) {
      SpokenTexts texts = new SpokenTexts(speech, 10);
      for (int i = 0; i < 2; i++) {
        assertThat(texts.say("Say \"now\"\nand ü\uD83D\uDE00"))
            .isInstanceOfSatisfying(
                Speech.Spoken.Said.class,
                said -> assertThat(said.prompt().seconds()).isEqualTo(0.5));
      }
    }
    assertThat(asked)
        .containsExactly(
            "Bearer sk-secret {\"model\":\"tts-1\",\"voice\":\"alloy\","
                + "\"input\":\"Say \\\"now\\\"\\u000aand ü\\ud83d\\ude00\","
                + "\"response_format\":\"wav\"}");
  }

  @Test
  void a_sound_whose_length_was_not_known_when_it_began_is_taken_as_long_as_it_is()
      throws IOException {
    byte[] wav = wav();
    int data = new String(wav, StandardCharsets.ISO_8859_1).indexOf("data");
    ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN).putInt(4, -1).putInt(data + 4, -1);
    behaviour = exchange -> reply(exchange, 200, wav);
    try (HttpSpeech speech = speech(Duration.ofSeconds(20))) {
      assertThat(speech.speak("x"))
          .isInstanceOfSatisfying(
              Speech.Spoken.Said.class, said -> assertThat(said.prompt().seconds()).isEqualTo(0.5));
    }
  }

  @Test
  void a_refusal_a_redirect_and_what_is_no_sound_are_failures_without_the_text() {
    try (HttpSpeech speech = speech(Duration.ofSeconds(20))) {
      behaviour = exchange -> reply(exchange, 401, octets("your key sk-secret"));
      assertThat(failure(speech)).isEqualTo("the provider of speech answered 401");
      behaviour =
          exchange -> {
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            reply(exchange, 307, new byte[0]);
          };
      assertThat(failure(speech)).isEqualTo("the provider of speech answered 307");
      behaviour = exchange -> reply(exchange, 200, octets("no sound"));
      assertThat(failure(speech)).isEqualTo("the provider of speech: no WAV file");
    }
    assertThat(asked).as("no redirect was followed").hasSize(3);
  }

  @Test
  void a_provider_that_hangs_drips_or_is_gone_is_a_failure_within_the_limit() {
    try (HttpSpeech speech = speech(Duration.ofMillis(300))) {
      behaviour = exchange -> hang();
      assertThat(failure(speech)).contains("took longer than 300 ms");
      behaviour =
          exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            hang();
          };
      assertThat(failure(speech)).contains("took longer than 300 ms");
    }
    server.stop(0);
    try (HttpSpeech speech = speech(Duration.ofSeconds(20))) {
      assertThat(failure(speech)).contains("was not reached");
    }
  }

  private void hang() {
    try {
      over.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_provider_is_checked_and_its_key_is_not_shown() {
    Duration second = Duration.ofSeconds(1);
    URI good = URI.create("https://speech.example/v1");
    assertThat(new HttpSpeech.Provider(good, "sk-secret", "m", "v", second).toString())
        .doesNotContain("sk-secret");
    assertThatThrownBy(() -> new HttpSpeech.Provider(good, "a\nb", "m", "v", second))
        .hasMessageContaining("header");
    assertThatThrownBy(
            () -> new HttpSpeech.Provider(URI.create("file:///etc"), "", "m", "v", second))
        .hasMessageContaining("URL");
  }

  private static String failure(Speech speech) {
    Speech.Spoken spoken = speech.speak("a text that nobody is to read");
    assertThat(spoken).isInstanceOf(Speech.Spoken.Failed.class);
    String reason = ((Speech.Spoken.Failed) spoken).reason();
    assertThat(reason).doesNotContain("nobody", "sk-secret");
    return reason;
  }
}

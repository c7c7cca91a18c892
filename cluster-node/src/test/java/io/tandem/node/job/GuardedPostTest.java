package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.sun.net.httpserver.HttpServer;
import io.tandem.node.system.Receiver;
import io.tandem.node.webhook.PublicAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedPostTest {
  private static final ActorTestKit ACTORS = ActorTestKit.create("guarded-post");
  private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  @AfterAll
  static void stop() {
    ACTORS.shutdownTestKit();
  }

  private static GuardedPost post(String... allowed) {
    return new GuardedPost(ACTORS.system(), new PublicAddresses(Set.of(allowed)));
  }

  @Test
  void an_allowed_address_gets_body_and_headers_and_its_status_comes_back() throws IOException {
    GuardedPost post = post("127.0.0.1");
    assertThat(
            post.send(
                URI.create(receiver.url()),
                Map.of("webhook-id", "e1", "webhook-timestamp", "7"),
                BODY))
        .isEqualTo(200);
    assertThat(receiver.told().getFirst().id()).isEqualTo("e1");
    assertThat(receiver.told().getFirst().bytes()).isEqualTo(BODY);
    receiver.answers(302);
    assertThat(post.send(URI.create(receiver.url()), Map.of(), BODY)).isEqualTo(302);
    assertThat(receiver.told()).as("a redirection is not followed").hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:%d/",
        "http://localhost:%d/",
        "http://[::1]:%d/",
        "http://2130706433:%d/",
        "http://0.0.0.0:%d/",
        "http://[::ffff:127.0.0.1]:%d/",
        "http://169.254.169.254:%d/latest"
      })
  void a_name_that_leads_to_this_machine_or_its_network_is_refused(String url) {
    assertThatIOException()
        .isThrownBy(() -> post().send(URI.create(url.formatted(receiver.port())), Map.of(), BODY))
        .withMessage("ADDRESS_NOT_PUBLIC");
    assertThat(receiver.told()).isEmpty();
  }

  @Test
  void what_is_got_is_whole_and_short_and_comes_in_time_or_not_at_all() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      server.setExecutor(each);
      var drips =
          server.createContext(
              "/drips",
              exchange -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('a');
                exchange.getResponseBody().flush();
                try {
                  assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                exchange.close();
              });
      var body =
          server.createContext(
              "/body",
              exchange -> {
                exchange.sendResponseHeaders(200, BODY.length);
                exchange.getResponseBody().write(BODY);
                exchange.close();
              });
      server.start();
      String at = "http://127.0.0.1:" + server.getAddress().getPort();
      GuardedPost allowed = post("127.0.0.1");
      Duration ample = Duration.ofSeconds(20);
      assertThat(allowed.get(URI.create(at + body.getPath()), ample, BODY.length)).isEqualTo(BODY);
      assertThatIOException()
          .isThrownBy(() -> allowed.get(URI.create(at + body.getPath()), ample, BODY.length - 1));
      assertThatIOException()
          .isThrownBy(() -> allowed.get(URI.create(at + "/none"), ample, BODY.length));
      assertThatIOException()
          .isThrownBy(
              () -> allowed.get(URI.create(at + drips.getPath()), Duration.ofMillis(300), 100));
      assertThatIOException()
          .isThrownBy(() -> post().get(URI.create(at + body.getPath()), ample, BODY.length))
          .withMessage("ADDRESS_NOT_PUBLIC");
      over.countDown();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void nobody_there_is_a_word_for_the_log() {
    receiver.close();
    assertThatIOException()
        .isThrownBy(() -> post("127.0.0.1").send(URI.create(receiver.url()), Map.of(), BODY))
        .withMessage("NO_CONNECTION");
  }
}

package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.tandem.node.system.Receiver;
import io.tandem.node.webhook.PublicAddresses;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
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
  void nobody_there_is_a_word_for_the_log() {
    receiver.close();
    assertThatIOException()
        .isThrownBy(() -> post("127.0.0.1").send(URI.create(receiver.url()), Map.of(), BODY))
        .withMessage("NO_CONNECTION");
  }
}

package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.AnchorException;
import io.tandem.persistence.proof.Anchored;
import io.tandem.persistence.proof.Anchors;
import io.tandem.protocol.media.store.AccessKey;
import io.tandem.protocol.media.store.SigV4;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints in a bucket whose service checks every signature, lists a few names at once, and
 * keeps what was written first.
 */
class S3ObjectsTest {
  private static final AccessKey KEY = new AccessKey("id", "secret");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
  private static final int NAMES_A_PAGE = 3;

  private final SortedMap<String, byte[]> objects = new TreeMap<>();
  private HttpServer server;
  private int refused;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Anchor anchor(AccessKey key) {
    return Anchors.of(
        "s3:http://127.0.0.1:" + server.getAddress().getPort() + "/proofs/node/a?region=eu-west-9",
        Path.of(""),
        address -> S3Objects.of(address, key, CLOCK));
  }

  private static Anchored checkpoint(long number) {
    return new Anchored(number, "note " + number + "\n\nsigned\n", new byte[] {1, (byte) number});
  }

  private static List<Long> numbers(Anchor anchor) {
    try (Stream<Anchored> all = anchor.all()) {
      return all.map(Anchored::number).toList();
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void checkpoints_are_kept_in_order_also_for_who_comes_later() {
    Anchor anchor = anchor(KEY);
    assertThat(anchor.newest()).isZero();
    for (long number = 1; number <= 7; number++) {
      anchor.add(checkpoint(number));
    }

    assertThat(anchor(KEY).newest()).isEqualTo(7);
    assertThat(numbers(anchor(KEY))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(objects.firstKey()).isEqualTo("/proofs/node/a/checkpoint-000000000001.json");
    assertThat(refused).isZero();
  }

  @Test
  @Tag("rule:AUD-2")
  void what_was_written_first_stays_and_another_of_the_same_number_is_refused() {
    anchor(KEY).add(checkpoint(1));
    anchor(KEY).add(checkpoint(1));

    assertThatExceptionOfType(AnchorException.class)
        .isThrownBy(() -> anchor(KEY).add(new Anchored(1, "another", null)))
        .withMessageContaining("has another");
    assertThat(new String(objects.get(objects.firstKey()), StandardCharsets.UTF_8))
        .contains("note 1");
  }

  @Test
  void another_key_is_told_without_secrets_and_so_is_a_service_that_is_away() {
    assertThatExceptionOfType(AnchorException.class)
        .isThrownBy(() -> anchor(new AccessKey("id", "other")).newest())
        .withMessageContaining("403")
        .withMessageNotContaining("other");
    Anchor away = anchor(KEY);
    server.stop(0);
    assertThatExceptionOfType(AnchorException.class).isThrownBy(() -> away.add(checkpoint(1)));
  }

  @Test
  void an_address_without_bucket_or_region_is_refused() {
    for (String words :
        List.of("s3:https://host", "s3:https://host/bucket", "s3:https:/b?region=x")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Anchors.of(words, Path.of(""), S3Objects.FROM_ENVIRONMENT));
    }
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getRawPath();
    String query = String.valueOf(exchange.getRequestURI().getRawQuery());
    byte[] answer = new byte[0];
    int status;
    if (!isAuthentic(exchange, path, query, body)) {
      refused++;
      status = 403;
    } else if (exchange.getRequestMethod().equals("PUT")) {
      boolean once = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
      status = once && objects.containsKey(path) ? 412 : 200;
      if (status == 200) {
        objects.put(path, body);
      }
    } else if (query.startsWith("list-type=2")) {
      answer = list(query).getBytes(StandardCharsets.UTF_8);
      status = 200;
    } else {
      answer = objects.getOrDefault(path, answer);
      status = objects.containsKey(path) ? 200 : 404;
    }
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private String list(String query) {
    assertThat(query).contains("prefix=node%2Fa%2F");
    int at = query.indexOf("start-after=");
    String after = at < 0 ? "" : query.substring(at + 12).replace("%2F", "/");
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    objects.keySet().stream()
        .map(key -> key.substring("/proofs/".length()))
        .filter(key -> key.compareTo(after) > 0)
        .limit(NAMES_A_PAGE)
        .forEach(key -> xml.append("<Contents><Key>").append(key).append("</Key></Contents>"));
    return xml.append("</ListBucketResult>").toString();
  }

  private static boolean isAuthentic(
      HttpExchange exchange, String path, String query, byte[] body) {
    String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    String hash = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
    int names = given.indexOf("SignedHeaders=");
    if (names < 0 || !SigV4.sha256(body).equals(hash)) {
      return false;
    }
    TreeMap<String, String> signed = new TreeMap<>();
    for (String name : given.substring(names + 14, given.indexOf(',', names)).split(";", -1)) {
      signed.put(name, String.valueOf(exchange.getRequestHeaders().getFirst(name)));
    }
    return new SigV4(KEY, "eu-west-9", "s3")
        .authorization(
            new SigV4.Request(
                exchange.getRequestMethod(), path, query.equals("null") ? "" : query, signed, hash))
        .equals(given);
  }
}

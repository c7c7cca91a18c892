package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.ReadModels;
import io.tandem.node.boot.Settings;
import io.tandem.node.edge.Edge;
import io.tandem.node.http.ApiClient;
import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.auth.DigestSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that trusts nobody, not even its own machine, and what strangers get out of it. */
@Tag("rule:ACC-8")
class StrangersOverSipTest {
  @TempDir Path directory;

  private Node node;
  private Market market;
  private RawSip stranger;

  @BeforeEach
  void start() {
    Settings settings =
        Settings.of(
            ConfigFactory.parseString("tandem.sip.defence.trusted = []\ntandem.sip.t1 = 50 ms")
                .withFallback(
                    ConfigFactory.parseString(
                        """
                        tandem.node.directory = "%s"
                        tandem.sip.port = 0
                        tandem.rtp.ports = "30100-30199"
                        tandem.http.port = 0
                        tandem.http.operator-token = "%s"
                        """
                            .formatted(directory, HttpMarket.OPERATOR))));
    node = Node.start(settings, NodeParts.REAL);
    market = new Market(node, 90_000, Money.ofUnits(25, "USD"));
    market.endpoint("anna", List.of("MD5"));
    stranger = new RawSip(node.edge().orElseThrow().sipAddress());
  }

  @AfterEach
  void stop() {
    stranger.close();
    node.close();
  }

  private static String[] request(
      RawSip from, String method, String to, String id, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                method + " sip:" + to + "@127.0.0.1 SIP/2.0",
                from.via(id),
                "Max-Forwards: 70",
                "From: <sip:" + to + "@127.0.0.1>;tag=a" + id,
                "To: <sip:" + to + "@127.0.0.1>",
                "Call-ID: " + id,
                "CSeq: 1 " + method,
                "Contact: <sip:" + to + "@127.0.0.1:" + from.port() + ">"));
    lines.addAll(List.of(more));
    return lines.toArray(String[]::new);
  }

  @Test
  void nothing_is_answered_with_more_octets_than_were_sent_repetitions_included() {
    int sent = 0;
    int n = 0;
    for (String to : new String[] {"19995550000", "anna", "nobody", Market.NUMBER}) {
      for (String method :
          new String[] {"INVITE", "REGISTER", "OPTIONS", "BYE", "SUBSCRIBE", "X"}) {
        sent += stranger.send("", request(stranger, method, to, "amp" + n++));
      }
    }
    sent += stranger.send("", "INVITE sip:a SIP/2.0", stranger.via("short"), "CSeq: 1 INVITE");
    int heard = 0;
    // an INVITE that nobody acknowledges is answered for 64 T1, which is 3.2 s here
    for (String answer : stranger.hear(4_000)) {
      heard += answer.getBytes(StandardCharsets.UTF_8).length;
    }
    assertThat(heard).isPositive().isLessThanOrEqualTo(sent);
  }

  @Test
  void a_name_that_is_there_and_one_that_is_not_are_answered_alike() {
    for (String method : new String[] {"REGISTER", "INVITE", "OPTIONS", "SUBSCRIBE"}) {
      String known = firstAnswer(method, "anna", "k" + method);
      String unknown = firstAnswer(method, "emma", "u" + method);
      assertThat(shape(known)).as(method).isEqualTo(shape(unknown));
    }
    assertThat(shape(wrongPassword("anna", "kw"))).isEqualTo(shape(wrongPassword("emma", "uw")));
  }

  @Test
  void what_anybody_can_be_told_leaves_nothing_behind() {
    Edge edge = node.edge().orElseThrow().edge();
    for (int i = 0; i < 60; i++) {
      for (String method : new String[] {"OPTIONS", "X", "PUBLISH", "UPDATE", "CANCEL"}) {
        stranger.send("", request(stranger, method, "anna", "all" + method + i));
      }
      for (String method : new String[] {"BYE", "INVITE", "OPTIONS"}) {
        String[] within = request(stranger, method, "anna", "in" + method + i);
        within[4] += ";tag=made-up-" + i;
        stranger.send("", within);
      }
    }
    // an answered transaction lives for 64 T1, which is 3.2 s here
    assertThat(firstAnswer("OPTIONS", "anna", "last")).startsWith("SIP/2.0 200 ");
    CompletableFuture<Integer> left = new CompletableFuture<>();
    edge.onLoop(() -> left.complete(edge.layer().live()));
    assertThat(left.orTimeout(10, TimeUnit.SECONDS).join()).isZero();
    assertThat(edge.layer().counters().opened()).isGreaterThan(300);
  }

  /** Sent again until there is an answer: a stranger's first may be too short for one. */
  private String firstAnswer(String method, String user, String id, String... more) {
    String[] lines = request(stranger, method, user, id, more);
    for (int i = 0; i < 10; i++) {
      stranger.send("", lines);
      for (String heard : stranger.hear(400)) {
        if (heard.contains("Call-ID: " + id + "\r\n") && !heard.startsWith("SIP/2.0 1")) {
          return heard;
        }
      }
    }
    throw new AssertionError("no answer to " + method);
  }

  private String wrongPassword(String user, String id) {
    String challenge = firstAnswer("REGISTER", user, id);
    String header =
        challenge
            .lines()
            .filter(line -> line.startsWith("WWW-Authenticate: "))
            .findFirst()
            .orElseThrow()
            .substring("WWW-Authenticate: ".length());
    DigestSession session = new DigestSession(user, "wrong", () -> "c" + id);
    assertThat(session.challenged(List.of(header), false)).isTrue();
    String answer = session.answer("REGISTER", "sip:" + user + "@127.0.0.1").orElseThrow();
    return firstAnswer("REGISTER", user, id + "x", "Authorization: " + answer);
  }

  /** What differs between any two answers is taken out: names, tags, nonces, ids. */
  private static String shape(String answer) {
    return answer
        .replaceAll("anna|emma", "NAME")
        .replaceAll("nonce=\"[^\"]*\"", "nonce=N")
        .replaceAll("tag=[^;\\r\\n]*", "tag=T")
        .replaceAll("branch=[^;\\r\\n]*", "branch=B")
        .replaceAll("Call-ID: [^\\r\\n]*", "Call-ID: C");
  }

  @Test
  @Tag("rule:AUD-1")
  void
      who_guesses_passwords_is_banned_where_the_operator_sees_it_and_heard_again_when_it_is_lifted() {
    ApiClient operator = ApiClient.of(node.http().orElseThrow().address(), HttpMarket.OPERATOR);
    for (int i = 0; i <= 20; i++) {
      assertThat(wrongPassword("user" + i, "guess" + i)).startsWith("SIP/2.0 403 ");
    }
    stranger.send("", request(stranger, "OPTIONS", "anna", "banned"));
    assertThat(stranger.hear(600)).isEmpty();
    Market.await(
        "the ban is seen",
        () ->
            operator
                .call("listBans")
                .ok()
                .path("items")
                .findValuesAsText("subject")
                .contains("127.0.0.1"));
    String id = operator.call("listBans").ok().at("/items/0/id").asText();
    operator.call("liftBan", Map.of("banId", id)).ok();
    Market.await(
        "it is heard again",
        () -> {
          stranger.send("", request(stranger, "OPTIONS", "anna", "lifted"));
          return !stranger.hear(300).isEmpty();
        });
    whatHappenedIsInTheJournal(operator, id);
  }

  private void whatHappenedIsInTheJournal(ApiClient operator, String banId) {
    Market.await(
        "all of it is listed",
        () ->
            operator
                .call("listSecurityEvents")
                .ok()
                .path("items")
                .findValuesAsText("type")
                .containsAll(
                    List.of("security.logins-failed", "security.banned", "security.ban-lifted")));
    JsonNode ban = event(operator, "security.banned");
    assertThat(ban.at("/data/banId").asText()).isEqualTo(banId);
    assertThat(ban.at("/data/subject").asText()).isEqualTo("127.0.0.1");
    assertThat(ban.at("/data/offence").asText()).isEqualTo("WRONG_PASSWORD");
    assertThat(ban.path("accountId").isNull()).isTrue();
    JsonNode lifted = event(operator, "security.ban-lifted");
    assertThat(lifted.path("by").asText()).isEqualTo("operator");
    assertThat(lifted.at("/data/banId").asText()).isEqualTo(banId);
    JsonNode failed = event(operator, "security.logins-failed");
    assertThat(failed.at("/data/door").asText()).isEqualTo("SIP");
    assertThat(failed.at("/data/count").asLong()).isGreaterThanOrEqualTo(5);
    assertThat(failed.at("/data/login").isNull()).as("nobody has that name").isTrue();
    assertThat(
            new Reconciliation(
                    node.stores().journal(),
                    node.codecs().sealed(),
                    ReadModels.projector(node.stores().journal(), node.codecs(), (row, why) -> {}))
                .page("security", 100)
                .differences())
        .isEmpty();
  }

  private static JsonNode event(ApiClient operator, String type) {
    return operator.call("listSecurityEvents", Map.of("type", type)).ok().at("/items/0");
  }
}

package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Settings;
import io.tandem.node.intercept.CaseStore;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.privacy.Disclosure;
import io.tandem.persistence.privacy.Disclosure.Step;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.Interception;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two officers order a running node to listen in on a number; its tenants see nothing of it. */
@Tag("rule:CMP-7")
class InterceptionTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;
  private static final int RATE_HZ = 8_000;
  private static final String OTHER = "12125550177";

  @TempDir Path directory;

  private final SigningKey alice = officer("alice", 1);
  private final SigningKey bob = officer("bob", 2);
  private Exchange exchange;
  private DisclosureLog log;
  private Blinder blinder;
  private CaseStore store;
  private Handset agent;

  private static SigningKey officer(String name, int seed) {
    byte[] secret = new byte[SigningKey.BYTES];
    Arrays.fill(secret, (byte) seed);
    return new SigningKey(name, secret);
  }

  @BeforeEach
  void start() {
    Settings settings =
        Exchange.settings(
            directory,
            "tandem.privacy.officers = [\"%s\", \"%s\"]"
                .formatted(alice.verifying(), bob.verifying()));
    exchange = Exchange.open(settings, UnaryOperator.identity(), Market.oneByOne());
    NodeSecrets secrets = NodeSecrets.of(settings);
    log =
        new DisclosureLog(
            exchange.node().stores().journal(),
            secrets.signing().verifying(),
            settings.privacy().officers());
    blinder = secrets.blinder();
    store = new CaseStore(directory, exchange.node().stores().keys(), InstantSource.system());
    agent = new Handset(Codec.PCMU, true, AGENT_HZ);
    exchange.market().agent("anna", 500);
    exchange.phones().phone("anna", this::answer);
  }

  private void answer(UaCall call) {
    boolean unused = call.answer(agent);
  }

  @AfterEach
  void stop() {
    agent.close();
    exchange.close();
  }

  private void order(String number, Instant to) {
    Instant now = Instant.now();
    String about = Interception.about(blinder.person(number), now.minusSeconds(60), to);
    assertThat(log.request(alice, "NY 2026/118", about, "order of 20 November", now))
        .isInstanceOf(DisclosureLog.Outcome.Noted.class);
  }

  private List<Disclosure> trail() {
    return log.genuine(
        (what, number, wrong) -> {
          throw new AssertionError(what + number + wrong);
        });
  }

  private List<Disclosure> steps(Step step) {
    return trail().stream().filter(each -> each.step() == step).toList();
  }

  private static List<Class<?>> kinds(List<DomainEvent> events) {
    return events.stream().<Class<?>>map(Object::getClass).toList();
  }

  @Test
  void a_call_is_recorded_for_the_case_while_the_order_stands_and_nobody_else_learns_of_it()
      throws IOException {
    String callId;
    try (Handset caller = new Handset(Codec.PCMU, true, CALLER_HZ)) {
      Exchange.Connected call = exchange.connect(caller);
      callId = call.callId();
      order(Market.CALLER, Instant.now().plusSeconds(3_600));
      assertThat(steps(Step.STARTED)).as("one officer is not enough").isEmpty();
      assertThat(log.approve(bob, 1, "read it", Instant.now()))
          .isInstanceOf(DisclosureLog.Outcome.Noted.class);
      Market.await("the running call is under the order", () -> steps(Step.STARTED).size() == 1);
      Market.await("it is recorded", () -> octetsOnDisk() > 2 * 4 * RATE_HZ);
      caller.forget();
      Market.await("they hear each other as before", () -> caller.hears(AGENT_HZ));
      assertThat(log.withdraw(alice, 1, "closed", Instant.now()))
          .isInstanceOf(DisclosureLog.Outcome.Noted.class);
      Market.await("that ends it", () -> steps(Step.STOPPED).size() == 1);
      caller.forget();
      Market.await("the call goes on", () -> caller.hears(AGENT_HZ));
      exchange.hangUp(call.caller(), callId);
    }
    String stopped = steps(Step.STOPPED).getFirst().about();
    assertThat(stopped).startsWith("call " + callId + " sha256 ");
    assertThat(steps(Step.STOPPED).getFirst().reason()).isEqualTo("the order has ended");
    assertThat(trail().toString()).doesNotContain(Market.CALLER);

    whatIsInTheCase(callId);
    List<DomainEvent> heard = exchange.market().events("call", callId);
    exchange.market().awaitNothingHeld("anna");
    String other = calledBy(OTHER);
    assertThat(kinds(heard)).isEqualTo(kinds(exchange.market().events("call", other)));
    assertThat(steps(Step.STARTED)).as("of another, and after the end").hasSize(1);
    assertThat(directory.resolve("recordings")).as("what tenants have").doesNotExist();
  }

  /** A whole call of that number. */
  private String calledBy(String number) {
    try (Handset caller = new Handset(Codec.PCMU, true, CALLER_HZ)) {
      Market.await(
          "the agent is free",
          () ->
              exchange
                  .node()
                  .directory()
                  .agent("anna")
                  .filter(each -> each.reservations().isEmpty())
                  .isPresent());
      int before = exchange.phones().rung().size();
      Exchange.Connected call =
          exchange.connected(before, exchange.phones().callFrom(number, caller));
      exchange.hangUp(call.caller(), call.callId());
      return call.callId();
    }
  }

  private void whatIsInTheCase(String callId) throws IOException {
    int destroyed =
        exchange.node().stores().keys().destroy(blinder.person(Market.CALLER), DataClass.CONTENT);
    assertThat(destroyed).as("of the caller's own there is none").isZero();
    Map<String, byte[]> files = new HashMap<>();
    store.open(1, (name, octets) -> files.put(name, octets.readAllBytes()));
    assertThat(files)
        .containsOnlyKeys(callId + ".began.json", callId + ".ended.json", callId + ".wav");
    files.forEach(
        (name, octets) -> {
          if (name.endsWith(".json")) {
            assertThat(new String(octets, StandardCharsets.UTF_8))
                .contains(Market.CALLER, Market.NUMBER, "anna", "NY 2026/118");
          } else {
            assertThat(hertz(octets, 0)).as("left: the caller").isBetween(400, 480);
            assertThat(hertz(octets, 1)).as("right: what it hears").isBetween(940, 1060);
          }
        });
    try (Stream<Path> sealed = Files.walk(directory.resolve("cases"))) {
      for (Path file : sealed.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(Market.CALLER)
            .doesNotContain("RIFF");
      }
    }
  }

  private long octetsOnDisk() {
    Path folder = directory.resolve("cases").resolve("request-1");
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      return files
          .filter(file -> file.toString().contains(".wav."))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** How often a channel's sound goes up through nothing in its second second. */
  private static int hertz(byte[] wav, int channel) {
    ByteBuffer pcm = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    int crossings = 0;
    short before = 0;
    for (int i = RATE_HZ / 2; i < RATE_HZ * 3 / 2; i++) {
      short now = pcm.getShort(44 + 4 * i + 2 * channel);
      crossings += before < 0 && now >= 0 ? 1 : 0;
      before = now;
    }
    return crossings;
  }

  @Test
  void a_period_that_is_over_orders_nothing_and_a_call_of_the_order_is_noted_from_start_to_end() {
    order(Market.CALLER, Instant.now().minusSeconds(1));
    log.approve(bob, 1, "read it", Instant.now());
    order(Market.NUMBER, Instant.now().plusSeconds(3_600));
    log.approve(bob, 3, "read it", Instant.now());
    Market.await(
        "the edge has looked",
        () -> {
          calledBy(OTHER);
          return !steps(Step.STOPPED).isEmpty();
        });
    assertThat(steps(Step.STARTED)).extracting(Disclosure::request).containsOnly(3L);
    assertThat(steps(Step.STOPPED).getFirst().reason()).isEqualTo("the call has ended");
    assertThat(log.withdraw(officer("mallory", 3), 3, "no", Instant.now()))
        .isInstanceOf(DisclosureLog.Outcome.Refused.class);
    assertThat(log.withdraw(alice, 3, "closed", Instant.now()))
        .isInstanceOf(DisclosureLog.Outcome.Noted.class);
    assertThat(log.withdraw(bob, 3, "closed", Instant.now()))
        .isEqualTo(new DisclosureLog.Outcome.Refused("it is withdrawn already"));
  }
}

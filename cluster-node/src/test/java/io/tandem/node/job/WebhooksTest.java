package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.node.webhook.Signature;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.readmodel.TestJournal;
import io.tandem.persistence.security.SecurityEvent;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.webhook.Deliveries;
import io.tandem.persistence.webhook.Delivery;
import io.tandem.persistence.webhook.FanOut;
import io.tandem.persistence.webhook.WebhookEvent;
import io.tandem.persistence.webhook.WebhookState;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** From the journal to whoever wants to be told, by a clock of the test's. */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_MEMORY", "POSTGRESQL"})
class WebhooksTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /** A request as it went out. */
  private record Sent(URI url, String id, Map<String, String> headers, String body) {}

  @Parameter Databases kind;
  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final Set<String> refusing = new HashSet<>();
  private Instant now = NOON;
  private Database database;
  private TestJournal journal;
  private Projector projector;
  private FanOut fanOut;
  private WebhookSender sender;
  private Deliveries deliveries;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    EventCodec codec =
        EventCodec.sealed(
            TypeNames.builder()
                .addAll(WalletEvent.class)
                .addAll(WebhookEvent.class)
                .addAll(SecurityEvent.class)
                .add(WebhookState.class)
                .build(),
            List.of(),
            new AesGcmSealer(new MemoryKeyStore(), () -> now));
    journal = new TestJournal(database, codec);
    projector =
        Projector.builder(database, codec)
            .view(
                new EntityKind<>("webhook", WebhookEvent.class, WebhookState::initial),
                state -> Optional.ofNullable(state.target()).map(WebhookState.Target::accountId))
            .build();
    fanOut = new FanOut(database, codec, () -> now);
    deliveries = new Deliveries(database);
    sender =
        new WebhookSender(
            deliveries,
            new EntityViews(database, codec),
            new WebhookBody(new JournalReader(database), codec),
            this::post,
            () -> now,
            new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private int post(URI url, Map<String, String> headers, byte[] body) throws IOException {
    String id = String.valueOf(headers.get("webhook-id"));
    sent.add(new Sent(url, id, headers, new String(body, StandardCharsets.UTF_8)));
    if (refusing.contains(id)) {
      throw new IOException("NO_CONNECTION");
    }
    return 200;
  }

  private void hook(String id, String account, String... events) {
    var unused =
        journal.append(
            "webhook",
            id,
            new WebhookEvent.Created(
                account,
                "https://hooks.example.org/" + id,
                List.of(events),
                Personal.of("person:" + id, DataClass.SECRET, SECRET),
                now),
            now,
            null);
    pump();
  }

  private void deposit(String wallet) {
    var unused =
        journal.append(
            "wallet",
            wallet,
            new WalletEvent.Deposited(
                "dep_1", Money.ofUnits(5, "USD"), "bank", "top-up", now, new Balances(1, 0)),
            now,
            null);
  }

  /** What a node's jobs do until nothing is left to do at this moment. */
  private void pump() {
    pumpNotes();
    while (sender.step().isZero()) {
      // until nothing is due
    }
  }

  private void pumpNotes() {
    long unused = projector.catchUp();
    while (fanOut.step() > 0) {
      // until it has all
    }
  }

  private List<String> ids() {
    return sent.stream().map(Sent::id).toList();
  }

  @Test
  void security_events_are_told_to_whose_they_are_and_the_platforms_to_nobody() {
    hook("hook_1", "acct_1", "security.*");
    hook("hook_2", "acct_2", "*");
    for (String log : List.of("acct_1:2026-11-22", "platform:2026-11-22")) {
      var unused =
          journal.append(
              "security",
              log,
              new SecurityEvent.MoreSeen("security.banned", 2, now, now, now),
              now,
              null);
    }
    pump();

    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().url()).hasPath("/hook_1");
    assertThat(sent.getFirst().body()).contains("\"type\":\"security.more-seen\"");
  }

  @Test
  void an_account_is_told_of_its_own_events_alone_signed_and_from_its_creation_on() {
    deposit("acct_1:USD");
    now = now.plusSeconds(1);
    hook("hook_1", "acct_1", "wallet.deposited");
    hook("hook_2", "acct_2", "*");
    hook("hook_3", "acct_1", "call.*");
    deposit("acct_1:USD");
    deposit("acct_2:EUR");
    pump();

    assertThat(ids()).containsExactlyInAnyOrder("wallet/acct_1:USD/2", "wallet/acct_2:EUR/1");
    Sent own = sent.stream().filter(each -> each.id().contains("acct_1")).findFirst().orElseThrow();
    assertThat(own.url()).hasToString("https://hooks.example.org/hook_1");
    assertThat(own.body())
        .contains("\"type\":\"wallet.deposited\"", "\"sequence\":2", "\"amount\":\"5.00\"");
    assertThat(own.headers().get("webhook-signature"))
        .isEqualTo(
            Signature.of(
                SECRET,
                own.id(),
                now.getEpochSecond(),
                own.body().getBytes(StandardCharsets.UTF_8)));
    pump();
    assertThat(sent).as("and once").hasSize(2);
  }

  @Test
  void what_is_refused_is_told_again_under_the_same_id_and_what_happened_later_waits_for_it() {
    hook("hook_1", "acct_1", "wallet.*");
    refusing.add("wallet/acct_1:USD/1");
    deposit("acct_1:USD");
    deposit("acct_1:USD");
    deposit("acct_1:EUR");
    pump();
    assertThat(ids())
        .as("of another object it goes on")
        .containsExactlyInAnyOrder("wallet/acct_1:USD/1", "wallet/acct_1:EUR/1");

    now = now.plusSeconds(5);
    pump();
    assertThat(ids()).hasSize(3).endsWith("wallet/acct_1:USD/1");
    refusing.clear();
    now = now.plusSeconds(30);
    pump();
    assertThat(ids().subList(3, 5)).containsExactly("wallet/acct_1:USD/1", "wallet/acct_1:USD/2");
    assertThat(deliveries.log("hook_1", null, 10))
        .extracting(Delivery::state)
        .containsOnly(Delivery.State.DELIVERED);
  }

  @Test
  void a_webhook_that_does_not_answer_takes_a_few_places_at_once_and_then_none() {
    hook("hook_1", "acct_1", "wallet.*");
    hook("hook_2", "acct_2", "wallet.*");
    for (int i = 0; i < 40; i++) {
      deposit("acct_1:C" + i);
      refusing.add("wallet/acct_1:C" + i + "/1");
    }
    now = now.plusMillis(1);
    deposit("acct_2:USD");
    pumpNotes();
    assertThat(sender.step()).isZero();
    assertThat(ids())
        .as("the other one does not wait behind forty")
        .hasSize(5)
        .contains("wallet/acct_2:USD/1");
    assertThat(sender.step()).as("and it rests").isPositive();
    assertThat(sent).hasSize(5);

    refusing.clear();
    now = now.plusSeconds(60);
    pump();
    assertThat(deliveries.log("hook_1", null, 100))
        .hasSize(40)
        .extracting(Delivery::state)
        .containsOnly(Delivery.State.DELIVERED);
  }

  @Test
  void after_three_days_it_is_given_up_and_told_again_when_asked_for() {
    hook("hook_1", "acct_1", "wallet.*");
    refusing.add("wallet/acct_1:USD/1");
    deposit("acct_1:USD");
    deposit("acct_1:USD");
    for (int hour = 0; hour <= 73; hour++) {
      pump();
      now = now.plus(Duration.ofHours(1));
    }
    assertThat(deliveries.log("hook_1", null, 10))
        .extracting(Delivery::state)
        .containsExactly(Delivery.State.FAILED, Delivery.State.DELIVERED);
    assertThat(deliveries.log("hook_1", null, 10).getFirst().lastError())
        .isEqualTo("NO_CONNECTION");

    refusing.clear();
    sent.clear();
    var unused =
        journal.append(
            "webhook", "hook_1", new WebhookEvent.ReplayAsked(null, NOON, now, now), now, null);
    pump();
    assertThat(ids()).containsExactly("wallet/acct_1:USD/1", "wallet/acct_1:USD/2");
  }

  @Test
  void one_that_rests_is_told_when_it_is_back_of_what_was_noted_before() {
    hook("hook_1", "acct_1", "wallet.*");
    deposit("acct_1:USD");
    long unused = projector.catchUp();
    assertThat(fanOut.step()).isPositive();
    change(false);
    pump();
    assertThat(sent).isEmpty();

    change(true);
    now = now.plusSeconds(60);
    pump();
    assertThat(ids()).containsExactly("wallet/acct_1:USD/1");
  }

  private void change(boolean enabled) {
    var unused =
        journal.append(
            "webhook",
            "hook_1",
            new WebhookEvent.Changed(
                "https://hooks.example.org/x", List.of("wallet.*"), enabled, now),
            now,
            null);
  }
}

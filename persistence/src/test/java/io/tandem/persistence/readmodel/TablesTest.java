package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.readmodel.EdgeHeartbeats.Beat;
import io.tandem.persistence.readmodel.IdempotencyKeys.Answer;
import io.tandem.persistence.readmodel.IdempotencyKeys.Begun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Databases.class)
class TablesTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.000001Z");

  @Parameter Databases kind;
  private Database database;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_new_run_of_an_edge_does_not_wipe_out_what_the_last_one_proved() {
    EdgeHeartbeats beats = new EdgeHeartbeats(database);
    beats.beat(new Beat("edge-1", "run-1", NOON, new byte[] {1}));
    beats.beat(new Beat("edge-1", "run-1", NOON.plusSeconds(1), new byte[] {2}));
    beats.beat(new Beat("edge-1", "run-2", NOON.plusSeconds(9), new byte[] {}));

    assertThat(beats.all())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(
            new Beat("edge-1", "run-1", NOON.plusSeconds(1), new byte[] {2}),
            new Beat("edge-1", "run-2", NOON.plusSeconds(9), new byte[] {}));

    beats.forget("edge-1", "run-1");
    assertThat(beats.all()).extracting(Beat::incarnation).containsExactly("run-2");
  }

  @Test
  void a_ban_is_seen_by_all_until_its_end_and_lifting_it_is_seen_too() {
    SipBans bans = new SipBans(database);
    SipBan first = ban("ban_1", 0, 60);
    SipBan second = ban("ban_2", 1, 30);
    bans.add(List.of(first, second));
    bans.add(List.of());
    assertThat(bans.running(NOON)).containsExactly(second, first);
    assertThat(bans.running(NOON.plusSeconds(31))).containsExactly(first);

    assertThat(bans.lift("ban_1", "operator", NOON.plusSeconds(2)))
        .map(SipBan::liftedAt)
        .hasValue(NOON.plusSeconds(2));
    assertThat(bans.lift("ban_1", "operator", NOON.plusSeconds(3)))
        .as("again changes nothing")
        .map(SipBan::liftedAt)
        .hasValue(NOON.plusSeconds(2));
    assertThat(bans.lift("ban_2", "operator", NOON.plusSeconds(40))).as("over").isEmpty();
    assertThat(bans.forget(NOON.plusSeconds(86_400 + 45))).isEqualTo(1);
  }

  private static SipBan ban(String id, int from, int until) {
    return new SipBan(
        id,
        "address 192.0.2.1",
        "FLOOD",
        "edge-1",
        NOON.plusSeconds(from),
        NOON.plusSeconds(until),
        null);
  }

  private static SipBinding binding(String contact, long cseq, int seconds) {
    return new SipBinding(
        "sip:alice@example.com",
        contact,
        "",
        0,
        "call-id",
        cseq,
        NOON.plusSeconds(seconds),
        "edge-1",
        "udp 127.0.0.1:5060",
        "",
        "");
  }

  private static SipBinding flow(int regId, int seconds) {
    return new SipBinding(
        "sip:bob@example.com",
        "sip:bob@df7jal23ls0d.invalid;transport=ws",
        "urn:uuid:00000000-0000-1000-8000-000a95a0e128",
        regId,
        "call-" + regId,
        1,
        NOON.plusSeconds(seconds),
        "edge-1",
        "WS 127.0.0.1 " + (40_000 + regId),
        "<sip:ep1.example;lr;ob>",
        "");
  }

  @Test
  void bindings_of_an_address_change_as_a_whole_and_expire() {
    SipBindings bindings = new SipBindings(database);
    String aor = "sip:alice@example.com";
    SipBinding desk = binding("sip:desk", 1, 60);
    SipBinding soft = binding("sip:soft", 1, 30);
    assertThat(bindings.update(aor, NOON, none -> List.of(desk, soft))).containsExactly(desk, soft);
    assertThat(bindings.find(aor, NOON)).containsExactly(desk, soft);
    assertThat(bindings.find(aor, NOON.plusSeconds(30))).containsExactly(desk);

    SipBinding one = flow(1, 600);
    SipBinding two = flow(2, 700);
    assertThat(bindings.update("sip:bob@example.com", NOON, none -> List.of(one, two)))
        .as("two flows of a device show the same contact")
        .containsExactly(one, two);
    assertThat(bindings.find("sip:bob@example.com", NOON)).containsExactly(two, one);
    assertThat(bindings.update("sip:bob@example.com", NOON, held -> List.of(two)))
        .containsExactly(two);
    assertThat(bindings.find("sip:bob@example.com", NOON)).containsExactly(two);

    SipBinding renewed = binding("sip:desk", 2, 120);
    List<SipBinding> seen = new ArrayList<>();
    bindings.update(
        aor,
        NOON.plusSeconds(31),
        holding -> {
          seen.addAll(holding);
          return List.of(renewed);
        });

    assertThat(seen).containsExactly(desk); // the expired one is not shown
    assertThat(bindings.find(aor, NOON)).containsExactly(renewed); // and is gone
    assertThat(bindings.update(aor, NOON, all -> List.of())).isEmpty();
    assertThat(bindings.find(aor, NOON)).isEmpty();
    bindings.update(aor, NOON, none -> List.of(soft));
    assertThat(bindings.expire(NOON.plusSeconds(30))).isEqualTo(1);
  }

  @Test
  void a_request_is_done_once_and_its_answer_given_again() {
    IdempotencyKeys keys = new IdempotencyKeys(database);
    assertThat(keys.begin("acct_1", "k", "digest", NOON)).isEqualTo(new Begun.First(NOON));
    assertThat(keys.begin("acct_2", "k", "other", NOON)).isEqualTo(new Begun.First(NOON));
    assertThat(keys.begin("acct_1", "k", "digest", NOON.plusSeconds(1)))
        .isEqualTo(new Begun.InProgress(NOON));
    assertThat(keys.begin("acct_1", "k", "other", NOON)).isEqualTo(new Begun.Conflict());

    keys.complete("acct_1", "k", new Answer(201, "application/json", new byte[] {7}));

    assertThat(keys.begin("acct_1", "k", "digest", NOON))
        .isInstanceOfSatisfying(
            Begun.Done.class,
            done -> {
              assertThat(done.answer().status()).isEqualTo(201);
              assertThat(done.answer().body()).containsExactly(7);
            });
    keys.drop("acct_1", "k"); // what was answered stays
    assertThat(keys.begin("acct_1", "k", "digest", NOON)).isInstanceOf(Begun.Done.class);
    assertThat(keys.forget(NOON.plusSeconds(1))).isEqualTo(2);
  }

  @Test
  void a_request_whose_node_was_lost_can_be_taken_over_by_one_other() {
    IdempotencyKeys keys = new IdempotencyKeys(database);
    keys.begin("acct_1", "k", "digest", NOON);
    Instant later = NOON.plus(IdempotencyKeys.ABANDONED_AFTER);

    assertThat(keys.begin("acct_1", "k", "digest", later)).isEqualTo(new Begun.First(NOON));
    assertThat(keys.begin("acct_1", "k", "digest", later)).isEqualTo(new Begun.InProgress(later));
  }
}

package io.tandem.persistence.journal.keys;

import static io.tandem.persistence.journal.DataClass.CALL_NUMBER;
import static io.tandem.persistence.journal.DataClass.CONTACT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.KeyAssignments;
import io.tandem.persistence.readmodel.TestJournal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Databases.class)
class JdbcKeyStoreTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String PERSON = "person:1";

  @Parameter Databases kind;
  private DatabaseSettings settings;
  private Database database;
  private JdbcKeyStore store;

  @BeforeEach
  void open() {
    settings = kind.fresh();
    database = Database.open(settings, Database.Contents.KEYS);
    store = start(1);
  }

  @AfterEach
  void close() {
    store.close();
    database.close();
  }

  private JdbcKeyStore start(int master) {
    byte[] secret = new byte[32];
    secret[0] = (byte) master;
    return JdbcKeyStore.start(database, new MasterKey(secret), "node-1", () -> NOW);
  }

  @Test
  void a_person_has_one_key_a_class_and_period_and_it_is_found_again_after_a_restart() {
    DataKey key = store.keyFor(PERSON, CALL_NUMBER, "2026-11");
    assertThat(store.keyFor(PERSON, CALL_NUMBER, "2026-11")).isEqualTo(key);
    assertThat(store.keyFor(PERSON, CONTACT, "2026-11").id()).isNotEqualTo(key.id());
    assertThat(store.keyFor(PERSON, CALL_NUMBER, "2026-12").id()).isNotEqualTo(key.id());
    store.close();

    store = start(1);
    assertThat(store.find(key.id())).contains(key);
  }

  @Test
  void more_keys_than_a_block_are_taken_without_a_repeat() {
    Set<KeyId> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(seen.add(store.keyFor("person:" + i, CALL_NUMBER, "2026-11").id())).isTrue();
    }
  }

  @Test
  void a_destroyed_key_is_gone_for_every_store_and_told_from_one_that_never_was() {
    DataKey contact = store.keyFor(PERSON, CONTACT, "2026-11");
    DataKey november = store.keyFor(PERSON, CALL_NUMBER, "2026-11");
    DataKey december = store.keyFor(PERSON, CALL_NUMBER, "2026-12");
    JdbcKeyStore other = start(1);
    assertThat(other.find(november.id())).isPresent();

    assertThat(store.destroy(PERSON, CALL_NUMBER)).isEqualTo(2);
    other.sweep();

    for (KeyStore each : List.of(store, other)) {
      assertThat(each.find(november.id())).isEmpty();
      assertThat(each.find(december.id())).isEmpty();
      assertThat(each.find(contact.id())).isPresent();
      assertThatExceptionOfType(JournalException.class)
          .isThrownBy(() -> each.find(KeyId.random()))
          .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNKNOWN_KEY));
    }
    assertThat(store.keyFor(PERSON, CALL_NUMBER, "2026-11").id())
        .as("what comes after the erasure has a key of its own")
        .isNotEqualTo(november.id());
    other.close();
  }

  @Test
  void one_period_can_be_destroyed_alone() {
    DataKey november = store.keyFor(PERSON, CALL_NUMBER, "2026-11");
    DataKey december = store.keyFor(PERSON, CALL_NUMBER, "2026-12");

    assertThat(store.destroy(PERSON, CALL_NUMBER, "2026-11")).isEqualTo(1);

    assertThat(store.find(november.id())).isEmpty();
    assertThat(store.find(december.id())).isPresent();
  }

  @Test
  void another_master_key_is_refused_at_the_start() {
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> start(2))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNKNOWN_KEY))
        .withMessageContaining("master key");
  }

  @Test
  void no_key_lies_in_the_database_in_the_clear() {
    DataKey key = store.keyFor(PERSON, CONTACT, "2026-11");
    List<byte[]> wrapped =
        database.run(c -> Sql.list(c, "select wrapped from data_key", row -> row.getBytes(1)));

    assertThat(wrapped).hasSize(256);
    String secret = latin(key.key().getEncoded());
    assertThat(wrapped).noneMatch(bytes -> latin(bytes).contains(secret));
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Wire("test.called/1")
  record Called(Personal<String> number) implements io.tandem.persistence.journal.DomainEvent {}

  @Test
  void assignments_that_were_lost_are_rebuilt_from_the_journal() {
    TypeNames names = TypeNames.builder().add(Called.class).build();
    EventCodec codec = EventCodec.sealed(names, List.of(), new AesGcmSealer(store, () -> NOW));
    try (Database main = kind.open(Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(main, codec);
      journal.append("call", "c1", new Called(Personal.of(PERSON, CALL_NUMBER, "+12125550199")));
      store.flush();
      database.update("update data_key set subject = null, data_class = null, period = null");

      // the feed holds an event back while any transaction of the server is still open, such as
      // one that makes keys in the background
      JournalFeed feed = new JournalFeed(main);
      long until = System.nanoTime() + java.time.Duration.ofSeconds(20).toNanos();
      while (feed.read(FeedPosition.START, 1).rows().isEmpty() && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      KeyAssignments.rebuild(feed, store, FeedPosition.START);

      assertThat(store.destroy(PERSON, CALL_NUMBER)).isEqualTo(1);
      Called read =
          (Called)
              codec.decode(
                  names.nameOf(Called.class),
                  new JournalFeed(main)
                      .read(FeedPosition.START, 1)
                      .rows()
                      .getFirst()
                      .envelope()
                      .payload());
      assertThat(read.number().value()).isEmpty();
    }
  }
}

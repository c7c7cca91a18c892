package io.tandem.persistence.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.FullVerification;
import io.tandem.persistence.audit.FullVerification.Outcome;
import io.tandem.persistence.audit.SnapshotReader;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.JdbcKeyStore;
import io.tandem.persistence.journal.keys.MasterKey;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.ProofMaker;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.IdempotencyKeys;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.readmodel.TestJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A person is erased: no byte is left anywhere, and everything stays provable. */
@ParameterizedClass
@EnumSource(names = {"H2_FILE", "POSTGRESQL"})
class ErasureTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final SigningKey SIGNING = new SigningKey("tandem", new byte[32]);
  private static final String NUMBER = "+12125550147";
  private static final String NAME = "Wilhelmina Quackenbush";
  private static final String PERSON = "person:aa01";
  private static final String OTHER = "person:bb02";

  @Wire("guest.called/1")
  record Called(Personal<String> number, Personal<String> name, Money fee)
      implements DomainEvent, Posted {
    @Override
    public List<Posting> postings() {
      return Posting.move(LedgerAccount.CUSTOMER_FUNDS, LedgerAccount.HOLDS, fee);
    }
  }

  @Wire("guest.state/1")
  record Guest(@Nullable Personal<String> number, @Nullable Personal<String> name, long calls)
      implements DomainState<Guest, Called> {
    @Override
    public Guest apply(Called event) {
      return new Guest(event.number(), event.name(), calls + 1);
    }
  }

  @Wire("guest.snapshot/1")
  record Snap(Guest state, long sequence, byte[] lastHash) {}

  private static final EntityKind<Guest, Called> GUEST =
      new EntityKind<>("guest", Called.class, id -> new Guest(null, null, 0));

  @Parameter Databases kind;
  private DatabaseSettings settings;
  private Database journal;
  private Database keyDatabase;
  private JdbcKeyStore keys;
  private EventCodec codec;
  private Erasures erasures;

  @BeforeEach
  void open() {
    settings = kind.fresh();
    journal = Database.open(settings, Database.Contents.JOURNAL);
    keyDatabase = kind.open(Database.Contents.KEYS);
    keys = JdbcKeyStore.start(keyDatabase, new MasterKey(new byte[32]), "test", () -> NOON);
    codec =
        EventCodec.sealed(
            TypeNames.builder().add(Called.class).add(Guest.class).add(Snap.class).build(),
            List.of(),
            new AesGcmSealer(keys, () -> NOON));
    erasures = new Erasures(journal, keyDatabase, keys, KeptByLaw.NOTHING);
    fill();
  }

  @AfterEach
  void close() {
    keys.close();
    keyDatabase.close();
    journal.close();
  }

  /** Two guests in journal, snapshot, view, kept answer, and a signed checkpoint over all. */
  private void fill() {
    TestJournal write = new TestJournal(journal, codec);
    for (int i = 1; i <= 3; i++) {
      Envelope stored = write.append("guest", "g1", called(PERSON, NUMBER, NAME), NOON, null);
      write.append("guest", "g2", called(OTHER, "+13035550188", "Otto Other"), NOON, null);
      if (i == 2) {
        snapshot(stored);
      }
    }
    await(
        () -> {
          long unused = projector().catchUp();
          return new EntityViews(journal, codec)
              .byId("guest", "g2")
              .filter(view -> view.sequence() == 3)
              .isPresent();
        });
    IdempotencyKeys answers = new IdempotencyKeys(journal);
    IdempotencyKeys.Begun unused = answers.begin("acct", "k1", "digest", NOON);
    answers.complete(
        "acct",
        "k1",
        new IdempotencyKeys.Answer(
            201,
            "application/json",
            ("{\"name\":\"" + NAME + "\"}").getBytes(StandardCharsets.UTF_8)));
    await(() -> new CheckpointMaker(journal, SIGNING, () -> NOON).make().isPresent());
  }

  /**
   * The feed waits for any transaction of the server that is still open, such as the key store's.
   */
  private static void await(java.util.function.BooleanSupplier done) {
    long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private static Called called(String subject, String number, String name) {
    return new Called(
        Personal.of(subject, DataClass.CALL_NUMBER, number),
        Personal.of(subject, DataClass.CONTACT, name),
        new Money(1_500_000, "USD"));
  }

  private void snapshot(Envelope after) {
    Guest state = GUEST.fold(GUEST.fold(GUEST.initial().apply("g1"), after, codec), after, codec);
    insert(new Snap(state, 2, after.hash().toBytes()));
  }

  private void insert(Snap says) {
    Object unused =
        journal.run(
            c ->
                Sql.batch(
                    c,
                    "insert into \"snapshot\" (\"persistence_id\", \"sequence_number\","
                        + " \"created\", \"snapshot_ser_id\", \"snapshot_ser_manifest\","
                        + " \"snapshot_payload\") values ('guest|g1', ?, ?, 7301, ?, ?)",
                    List.<@Nullable Object[]>of(
                        new Object[] {
                          says.sequence(),
                          NOON.toEpochMilli(),
                          "guest.snapshot/1",
                          codec.encode(says)
                        })));
  }

  private Projector projector() {
    return Projector.builder(journal, codec).view(GUEST, guest -> Optional.empty()).build();
  }

  private Map<DataClass, Erasures.Outcome> erase() {
    return erasures.erase(
        PERSON,
        List.of(DataClass.CALL_NUMBER, DataClass.CONTACT),
        Set.of(NUMBER, NAME),
        NOON,
        "operator",
        "asked by the person");
  }

  private Outcome verify() {
    return new FullVerification(
            journal,
            codec,
            List.of(GUEST),
            new SnapshotReader() {
              @Override
              public Snapshot read(String manifest, byte[] payload) {
                Snap snap = codec.decode(WireName.parse(manifest), payload, Snap.class);
                return new Snapshot(
                    snap.state(), snap.sequence(), Hash.from(snap.lastHash()), null, Map.of());
              }

              @Override
              public Duration window() {
                return Duration.ofHours(1);
              }
            })
        .run(SIGNING.verifying(), List.of(), (what, done) -> {});
  }

  @Test
  @Tag("rule:PRV-2")
  void after_an_erasure_the_person_reads_as_erased_everywhere_and_others_as_before() {
    assertThat(erase().get(DataClass.CONTACT))
        .isEqualTo(new Erasures.Outcome(new Precedence.Verdict.Erase(), 1));
    Audit audit = new Audit(journal, codec, List.of(GUEST));

    Guest guest = (Guest) audit.show("guest", "g1", Instant.MAX).orElseThrow().state();
    assertThat(guest.number().value()).isEmpty();
    assertThat(guest.name().value()).isEmpty();
    Guest view = (Guest) new EntityViews(journal, codec).byId("guest", "g1").orElseThrow().state();
    assertThat(view.name().value()).isEmpty();
    Guest other = (Guest) audit.show("guest", "g2", Instant.MAX).orElseThrow().state();
    assertThat(other.name().value()).contains("Otto Other");
  }

  @Test
  @Tag("rule:PRV-2")
  @Tag("rule:AUD-2")
  void after_an_erasure_chains_snapshots_checkpoints_money_and_proofs_still_hold() {
    assertThat(verify().verification().problems()).isEmpty();
    var before = new Audit(journal, codec, List.of(GUEST)).trialBalance(null).sums();

    var unused = erase();

    Outcome outcome = verify();
    assertThat(outcome.verification().problems()).isEmpty();
    assertThat(outcome.checkpoints().covered()).isEqualTo(6);
    assertThat(outcome.snapshots()).isEqualTo(1);
    var after = new Audit(journal, codec, List.of(GUEST)).trialBalance(null);
    assertThat(after.isZero()).isTrue();
    assertThat(after.sums()).isEqualTo(before);
    assertThat(
            new ProofMaker(journal, SIGNING.verifying())
                .make("guest/g1", "guest|g1", e -> false, null, done -> {})
                .events())
        .isEqualTo(3);
  }

  @Test
  @Tag("rule:AUD-2")
  void a_later_snapshot_with_another_persons_name_or_an_older_value_is_named_also_once_erased() {
    Hash last =
        new Audit(journal, codec, List.of(GUEST))
            .show("guest", "g1", Instant.MAX)
            .orElseThrow()
            .envelope()
            .hash();
    Personal<String> number = Personal.of(PERSON, DataClass.CALL_NUMBER, NUMBER);
    Personal<String> name = Personal.of(PERSON, DataClass.CONTACT, NAME);
    List<Guest> forged =
        List.of(
            new Guest(number, Personal.of(OTHER, DataClass.CONTACT, NAME), 3),
            new Guest(number, Personal.of(PERSON, DataClass.CONTACT, "Otto Other"), 3),
            new Guest(Personal.of(PERSON, DataClass.CONTACT, NUMBER), name, 3));
    for (Guest each : forged) {
      forge(new Snap(each, 3, last.toBytes()));
      assertThat(verify().verification().problems())
          .singleElement()
          .asString()
          .isEqualTo("guest|g1#3: its snapshot is not what the events come to");
    }
    forge(new Snap(new Guest(number, name, 3), 3, last.toBytes()));
    assertThat(verify().verification().problems()).isEmpty();

    var unused = erase();

    assertThat(verify().verification().problems()).isEmpty();
    forge(new Snap(forged.getFirst(), 3, last.toBytes()));
    assertThat(verify().verification().problems()).hasSize(1);
  }

  private void forge(Snap says) {
    Object unused = journal.update("delete from \"snapshot\" where \"sequence_number\" = 3");
    insert(says);
  }

  @Test
  @Tag("rule:PRV-2")
  void after_an_erasure_no_byte_of_number_or_name_is_in_any_file_table_or_proof()
      throws IOException {
    var unused = erase();
    projector().rebuild();
    assertThat(projector().catchUp()).isEqualTo(6);
    String proof =
        new ProofMaker(journal, SIGNING.verifying())
            .make("guest/g1", "guest|g1", e -> false, null, done -> {})
            .text();
    assertThat(holdsPerson(proof.getBytes(StandardCharsets.ISO_8859_1))).isFalse();
    for (String row : dump()) {
      assertThat(holdsPerson(row.getBytes(StandardCharsets.UTF_8))).as(row).isFalse();
    }
    assertThat(filesWithPerson(kind == Databases.POSTGRESQL ? emptiedPages() : compacted()))
        .isEmpty();
  }

  /** Every column of every table, bytes as text where they are text. */
  private List<String> dump() {
    List<String> rows = new ArrayList<>();
    for (String table :
        List.of(
            "\"event_journal\"",
            "\"snapshot\"",
            "entity_view",
            "call_index",
            "dispute_index",
            "checkpoint",
            "erasure",
            "http_idempotency",
            "due_index",
            "sip_binding")) {
      rows.addAll(
          journal.run(
              c ->
                  Sql.list(
                      c,
                      "select * from " + table,
                      row -> {
                        StringBuilder all = new StringBuilder(table);
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                          Object value = row.getObject(i);
                          boolean plain = value instanceof Number || value instanceof Boolean;
                          byte[] bytes = plain ? null : row.getBytes(i);
                          all.append('|')
                              .append(
                                  bytes == null
                                      ? String.valueOf(value)
                                      : new String(bytes, StandardCharsets.ISO_8859_1));
                        }
                        return all.toString();
                      })));
    }
    assertThat(rows).hasSizeGreaterThan(10);
    return rows;
  }

  /** H2: the file as it is once the pages nobody uses are given back. */
  private Path compacted() {
    try (Connection own =
        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password())) {
      Sql.execute(own, "shutdown compact");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Path.of(settings.url().substring("jdbc:h2:file:".length())).getParent();
  }

  /** PostgreSQL: the tables' files once what was overwritten is vacuumed away. */
  private Path emptiedPages() {
    return journal.run(
        c -> {
          Sql.execute(c, "vacuum full http_idempotency");
          Sql.execute(c, "checkpoint");
          return Path.of(Sql.list(c, "show data_directory", row -> row.getString(1)).getFirst())
              .resolve("base")
              .resolve(
                  Sql.list(
                          c,
                          "select oid::text from pg_database where datname = current_database()",
                          row -> row.getString(1))
                      .getFirst());
        });
  }

  private static List<Path> filesWithPerson(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (holdsPerson(Files.readAllBytes(file))) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static boolean holdsPerson(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.contains(NUMBER)
        || text.contains(NUMBER.substring(1))
        || text.contains(NAME)
        || text.contains("Quackenbush");
  }

  @Test
  @Tag("rule:PRV-2")
  void a_restored_copy_of_the_keys_is_brought_up_to_date_before_anything_is_read_with_it() {
    keys.flush();
    record Key(String id, byte[] wrapped, String subject) {}
    List<Key> backup =
        keyDatabase.run(
            c ->
                Sql.list(
                    c,
                    "select key_id, wrapped, subject from data_key where subject is not null",
                    row -> new Key(row.getString(1), row.getBytes(2), row.getString(3))));
    var unused = erase();
    // the copy comes back: keys as they were, and no word of the erasure
    backup.forEach(
        key ->
            assertThat(
                    keyDatabase.update(
                        "update data_key set wrapped = ?, destroyed_at = null where key_id = ?",
                        key.wrapped(),
                        key.id()))
                .isEqualTo(1));
    assertThat(keyDatabase.update("delete from erasure_applied")).isEqualTo(2);
    try (JdbcKeyStore restored =
        JdbcKeyStore.start(keyDatabase, new MasterKey(new byte[32]), "restored", () -> NOON)) {
      assertThat(new Erasures(journal, keyDatabase, restored, KeptByLaw.NOTHING).replay())
          .isEqualTo(2);
      assertThat(new Erasures(journal, keyDatabase, restored, KeptByLaw.NOTHING).replay()).isZero();
    }
    Audit audit = new Audit(journal, codec, List.of(GUEST));
    Guest guest = (Guest) audit.show("guest", "g1", Instant.MAX).orElseThrow().state();
    assertThat(guest.number().value()).isEmpty();
    Guest other = (Guest) audit.show("guest", "g2", Instant.MAX).orElseThrow().state();
    assertThat(other.number().value()).isPresent();
  }

  @Test
  @Tag("rule:PRV-9")
  void a_hold_keeps_what_it_covers_a_statutory_period_its_class_and_the_rest_goes() {
    ErasureLog log = new ErasureLog(journal);
    log.hold(new Precedence.Hold(PERSON, DataClass.CALL_NUMBER), NOON, "counsel", "case 12");

    Duration month = Duration.ofDays(30);
    Instant until = Instant.parse("2026-12-31T00:00:00Z"); // November's end and thirty days
    Erasures lawful =
        new Erasures(
            journal,
            keyDatabase,
            keys,
            new KeptByLaw(Map.of(DataClass.CONTACT, month, DataClass.CALL_NUMBER, month)));

    Map<DataClass, Erasures.Outcome> outcomes =
        lawful.erase(PERSON, List.of(DataClass.values()), Set.of(), NOON, "operator", "asked");

    assertThat(outcomes.get(DataClass.CALL_NUMBER).verdict())
        .as("a hold goes before a period")
        .isEqualTo(new Precedence.Verdict.Held());
    assertThat(outcomes.get(DataClass.CONTACT).verdict())
        .isEqualTo(new Precedence.Verdict.Statutory(until));
    assertThat(outcomes.get(DataClass.CONTENT).verdict()).isEqualTo(new Precedence.Verdict.Erase());
    assertThat(log.waiting())
        .extracting(ErasureLog.Asked::dataClass)
        .containsExactly(DataClass.CONTACT, DataClass.CALL_NUMBER);
    assertThat(guest().number().value()).contains(NUMBER);
    assertThat(guest().name().value()).contains(NAME);

    Precedence.Hold hold = new Precedence.Hold(PERSON, DataClass.CALL_NUMBER);
    assertThat(log.release(hold, NOON, "court", "over")).isTrue();
    assertThat(lawful.finish(until.minusMillis(1))).as("the law still keeps both").isZero();
    assertThat(lawful.finish(until)).as("nothing keeps them any more").isEqualTo(2);
    assertThat(log.waiting()).isEmpty();
    assertThat(guest().number().value()).isEmpty();
    assertThat(guest().name().value()).isEmpty();
  }

  private Guest guest() {
    return (Guest)
        new Audit(journal, codec, List.of(GUEST))
            .show("guest", "g1", Instant.MAX)
            .orElseThrow()
            .state();
  }
}

package io.tandem.persistence.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.FullVerification;
import io.tandem.persistence.audit.FullVerification.Outcome;
import io.tandem.persistence.audit.SnapshotReader;
import io.tandem.persistence.audit.Verification.Problem;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.FileAnchor;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import io.tandem.persistence.repair.Repair.Outcome.Made;
import io.tandem.persistence.repair.Repair.Outcome.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A tally whose second event was written by a build that nobody has any more, repaired; and all
 * that an owner of the database without the key may do to the record of it.
 */
@ParameterizedClass
@EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
class RepairTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final SigningKey KEY = new SigningKey("tandem", secret(1));
  private static final SigningKey OTHER = new SigningKey("tandem", secret(2));
  private static final WireName LOST = new WireName("tally.counted", 7);
  private static final WireName COUNTED = new WireName("tally.counted", 1);

  @Parameter Databases kind;
  @TempDir Path folder;
  private final EventCodec plain = EventCodec.clear(Tally.names(), List.of());
  private final List<Envelope> stored = new ArrayList<>();
  private Database database;
  private Anchor anchor;
  private CheckpointMaker maker;
  private SupersessionLog log;

  @BeforeEach
  void fill() {
    database = kind.open(Database.Contents.JOURNAL);
    anchor = new FileAnchor(folder.resolve("anchor"));
    maker = new CheckpointMaker(database, KEY, () -> NOON);
    log = new SupersessionLog(database, KEY.verifying());
    event(COUNTED, plain.encode(new Tally.Event.Counted(1)));
    event(LOST, plain.changed(new byte[0], "{\"by\":20,\"colour\":\"red\"}"));
    event(COUNTED, plain.encode(new Tally.Event.Counted(300)));
    Object unused =
        database.inTransaction(
            connection -> {
              TestJournal.store(connection, stored);
              return stored;
            });
    checkpoint();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static byte[] secret(int first) {
    byte[] secret = new byte[SigningKey.BYTES];
    secret[0] = (byte) first;
    return secret;
  }

  private void event(WireName name, byte[] payload) {
    Envelope last = stored.isEmpty() ? null : stored.getLast();
    stored.add(
        Envelope.of(
            new EventHeader(
                "tally",
                "a",
                stored.size() + 1L,
                name,
                "cmd_" + stored.size(),
                CommandDigest.NONE,
                "test",
                "tester",
                NOON,
                "clock-1",
                last == null ? Hash.NONE : last.hash(),
                null),
            payload));
  }

  private void checkpoint() {
    maker.make();
    while (maker.anchor(anchor) > 0) {
      // until it has all
    }
  }

  private EventCodec reading() {
    return plain.consulting(SignedSupersessions.open(database, KEY.verifying()));
  }

  private Repair repair(EventCodec codec) {
    return new Repair(database, codec, Map.of("tally", Tally.KIND), new NoSnapshots());
  }

  private Repair.Outcome repair(long sequence, @Nullable WireName as, String change) {
    byte[] payload = as == null ? new byte[0] : plain.changed(stored.get(1).payload(), change);
    return repair(reading())
        .repair(
            new Repair.Wish("tally", "a", sequence, as, payload, "jane", "case 7\n100 %"),
            NOON,
            KEY,
            log);
  }

  private long total(EventCodec codec) {
    Tally[] last = new Tally[1];
    new Audit(database, codec, List.of(Tally.KIND))
        .replay("tally", "a", step -> last[0] = (Tally) step.state());
    return last[0].total();
  }

  private Outcome verify() {
    return new FullVerification(database, reading(), List.of(Tally.KIND), new NoSnapshots())
        .run(KEY.verifying(), List.of(anchor), (what, done) -> {});
  }

  private List<String> wrong() {
    return verify().verification().problems().stream().map(Problem::toString).toList();
  }

  @Test
  @Tag("rule:AUD-5")
  void an_event_that_cannot_be_read_is_read_by_a_record_beside_it_and_stays_as_it_is() {
    assertThat(wrong()).singleElement().asString().contains("tally|a#2", "UNKNOWN_TYPE");

    Repair.Outcome outcome = repair(2, COUNTED, "{\"colour\":null}");

    assertThat(outcome).isInstanceOf(Made.class);
    assertThat(total(reading())).isEqualTo(321);
    Outcome verified = verify();
    assertThat(verified.verification().problems()).isEmpty();
    assertThat(verified.superseded())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.toString()).isEqualTo("supersession 1 of tally|a#2");
              assertThat(record.says()).isEqualTo("tally.counted/1");
              assertThat(record.by()).isEqualTo("jane");
              assertThat(record.reason()).isEqualTo("case 7\n100 %");
            });
    // nothing is rewritten: who does not consult the record finds the event as it was
    assertThatExceptionOfType(JournalException.class).isThrownBy(() -> total(plain));
  }

  @Test
  void where_nothing_is_read_in_its_place_the_entity_is_as_it_was_before() {
    assertThat(repair(2, null, "")).isInstanceOf(Made.class);

    assertThat(total(reading())).isEqualTo(301);
    assertThat(wrong()).isEmpty();
  }

  @Test
  void a_reader_that_was_there_before_the_repair_notices_it_when_it_needs_it() {
    EventCodec running = reading();
    assertThatExceptionOfType(JournalException.class).isThrownBy(() -> total(running));

    Repair.Outcome unused = repair(2, COUNTED, "{\"colour\":null}");

    assertThat(total(running)).isEqualTo(321);
  }

  @Test
  void what_can_be_read_is_history_and_what_cannot_be_read_either_is_no_repair() {
    assertThat(repair(2, COUNTED, "{}"))
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.why()).contains("in its place", "colour"));
    assertThat(repair(3, COUNTED, "{\"colour\":null}"))
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.why()).contains("cannot be read is #2"));
    assertThat(repair(2, COUNTED, "{\"colour\":null}")).isInstanceOf(Made.class);
    assertThat(repair(2, COUNTED, "{\"colour\":null,\"by\":1}"))
        .isInstanceOfSatisfying(
            Refused.class, it -> assertThat(it.why()).contains("nothing to repair"));
    assertThat(wrong()).isEmpty();
  }

  @Test
  void to_try_it_stores_nothing() {
    Repair.Outcome tried =
        repair(reading())
            .repair(
                new Repair.Wish("tally", "a", 2, null, new byte[0], "jane", "why"),
                NOON,
                null,
                log);

    assertThat(tried).isInstanceOf(Made.class);
    assertThat(log.newest()).isZero();
  }

  @Test
  @Tag("rule:AUD-5")
  @Tag("rule:AUD-2")
  void whatever_is_done_to_the_record_is_named_and_a_changed_one_is_not_read_by() {
    Repair.Outcome unused = repair(2, COUNTED, "{\"colour\":null}");
    checkpoint();
    assertThat(wrong()).isEmpty();
    String note = note();

    set(note.replace("jane", "john"));
    assertThat(wrong())
        .anyMatch(it -> it.startsWith("supersession#1: its signature does not hold"))
        .anyMatch(it -> it.startsWith("supersession#1: was changed since checkpoint 2"))
        .anyMatch(it -> it.startsWith("tally|a#2: UNKNOWN_TYPE"));

    set(null);
    assertThat(wrong())
        .anyMatch(it -> it.startsWith("supersession#1: was removed since checkpoint 2"));

    // signed with another key, and genuine but another than the one that was noted
    set(forged(OTHER));
    assertThat(wrong()).anyMatch(it -> it.startsWith("supersession#1: it is signed with another"));
    set(forged(KEY));
    assertThat(wrong())
        .containsExactly("supersession#1: was changed since checkpoint 2 was signed");

    set(note);
    assertThat(wrong()).isEmpty();
    assertThat(total(reading())).isEqualTo(321);
  }

  @Test
  void a_record_for_another_event_than_the_one_stored_is_named_and_not_read_by() {
    Repair.Outcome unused = repair(2, COUNTED, "{\"colour\":null}");
    Envelope changed =
        Envelope.of(
            stored.get(1).header(), plain.changed(new byte[0], "{\"by\":2,\"colour\":\"red\"}"));
    assertThat(
            database.update(
                "update \"event_journal\" set \"event_payload\" = ? where \"sequence_number\" = 2",
                (Object) changed.bytes()))
        .isEqualTo(1);

    assertThat(wrong())
        .anyMatch(it -> it.contains("tally|a#2: is not the event that supersession 1 was made for"))
        .anyMatch(it -> it.startsWith("tally|a#2: was changed since checkpoint 1"));
    assertThatExceptionOfType(JournalException.class).isThrownBy(() -> total(reading()));
  }

  private String note() {
    return database.run(
        c ->
            io.tandem.persistence.database.Sql.list(
                    c, "select note from supersession", row -> row.getString(1))
                .getFirst());
  }

  private void set(@Nullable String note) {
    int unused = database.update("delete from supersession");
    if (note != null) {
      unused =
          database.update(
              "insert into supersession (number, note, made_at) values (1, ?, 0)", note);
    }
  }

  private String forged(SigningKey key) {
    return SupersessionNote.sign(
            new io.tandem.persistence.journal.Supersession(
                1, "tally|a", 2, stored.get(1).hash(), null, new byte[0], NOON, "jane", "forged"),
            Hash.NONE,
            key)
        .note();
  }

  private static final class NoSnapshots implements SnapshotReader {
    @Override
    public Snapshot read(String manifest, byte[] payload) {
      throw new AssertionError("there is none");
    }

    @Override
    public Duration window() {
      return Duration.ofHours(1);
    }
  }
}

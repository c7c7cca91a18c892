package io.tandem.persistence.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.PersonalSealer.Sealed;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.JdbcKeyStore;
import io.tandem.persistence.journal.keys.MasterKey;
import io.tandem.persistence.privacy.Precedence.Hold;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Months of a class go when they have been kept for long enough. */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_MEMORY", "POSTGRESQL"})
class RetentionTest {
  private static final Duration YEAR = Duration.ofDays(366);
  private static final byte[] CLEAR = "+12125550147".getBytes(StandardCharsets.UTF_8);

  @Parameter Databases kind;
  private Instant now = Instant.parse("2025-10-15T12:00:00Z");
  private Database journal;
  private Database keyDatabase;
  private JdbcKeyStore keys;
  private AesGcmSealer sealer;
  private Retention retention;

  @BeforeEach
  void open() {
    journal = kind.open(Database.Contents.JOURNAL);
    keyDatabase = kind.open(Database.Contents.KEYS);
    keys = JdbcKeyStore.start(keyDatabase, new MasterKey(new byte[32]), "test", () -> now);
    sealer = new AesGcmSealer(keys, () -> now);
    retention = retention(KeptByLaw.NOTHING);
  }

  private Retention retention(KeptByLaw law) {
    return new Retention(journal, keyDatabase, keys, Map.of(DataClass.CALL_NUMBER, YEAR), law);
  }

  @AfterEach
  void close() {
    keys.close();
    keyDatabase.close();
    journal.close();
  }

  private Sealed seal(String subject, DataClass dataClass) {
    return sealer.seal(subject, dataClass, null, CLEAR).orElseThrow();
  }

  private boolean isReadable(String subject, DataClass dataClass, Sealed sealed) {
    return sealer.open(subject, dataClass, sealed).isPresent();
  }

  @Test
  @Tag("rule:PRV-1")
  void a_month_goes_when_all_of_it_has_been_kept_for_long_enough() {
    Sealed october = seal("person:a", DataClass.CALL_NUMBER);
    Sealed contact = seal("person:a", DataClass.CONTACT);
    now = Instant.parse("2025-11-20T12:00:00Z");
    Sealed november = seal("person:a", DataClass.CALL_NUMBER);

    now = Instant.parse("2026-10-31T12:00:00Z"); // the end of October is not a year ago
    assertThat(retention.enforce(now).keys()).isZero();
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, october)).isTrue();

    now = Instant.parse("2026-11-03T12:00:00Z");
    assertThat(retention.enforce(now)).isEqualTo(new Retention.Result(1, 0));
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, october)).isFalse();
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, november)).isTrue();
    assertThat(isReadable("person:a", DataClass.CONTACT, contact)).as("no term of it").isTrue();
    assertThat(new ErasureLog(journal).after(0, 10))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.period()).isEqualTo("2025-10");
              assertThat(line.by()).isEqualTo("retention");
            });
    assertThat(retention.enforce(now)).as("once").isEqualTo(new Retention.Result(0, 0));
  }

  @Test
  @Tag("rule:PRV-9")
  void what_a_legal_hold_covers_stays_until_it_is_released() {
    Sealed held = seal("person:a", DataClass.CALL_NUMBER);
    Sealed other = seal("person:b", DataClass.CALL_NUMBER);
    Hold hold = new Hold("person:a", null);
    new ErasureLog(journal).hold(hold, now, "counsel", "case 12");
    now = Instant.parse("2027-01-01T00:00:00Z");

    assertThat(retention.enforce(now)).isEqualTo(new Retention.Result(1, 1));
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, held)).isTrue();
    assertThat(isReadable("person:b", DataClass.CALL_NUMBER, other)).isFalse();

    ErasureLog log = new ErasureLog(journal);
    assertThat(log.release(hold, now, "court", "over")).isTrue();
    assertThat(log.release(hold, now, "court", "again")).isFalse();
    assertThat(log.holdsAfter(0, 10))
        .as("nothing of it is forgotten")
        .extracting(line -> line.number() + " " + line.placed() + " " + line.by())
        .containsExactly("1 true counsel", "2 false court");
    assertThat(retention.enforce(now)).isEqualTo(new Retention.Result(1, 0));
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, held)).isFalse();
  }

  @Test
  @Tag("rule:PRV-9")
  void what_the_law_keeps_for_longer_stays_for_as_long_and_what_was_asked_for_goes_then() {
    Sealed kept = seal("person:a", DataClass.CALL_NUMBER);
    Sealed contact = seal("person:a", DataClass.CONTACT);
    Duration twoYears = Duration.ofDays(730);
    KeptByLaw law = new KeptByLaw(Map.of(DataClass.CALL_NUMBER, twoYears, DataClass.CONTACT, YEAR));
    Retention lawful = retention(law);
    Map<DataClass, Erasures.Outcome> unused =
        new Erasures(journal, keyDatabase, keys, law)
            .erase("person:a", List.of(DataClass.CONTACT), Set.of(), now, "operator", "asked");

    now = Instant.parse("2026-11-03T12:00:00Z"); // October's end and a year
    assertThat(lawful.enforce(now)).isEqualTo(new Retention.Result(1, 1));
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, kept)).isTrue();
    assertThat(isReadable("person:a", DataClass.CONTACT, contact)).as("asked for").isFalse();

    now = Instant.parse("2027-11-03T12:00:00Z");
    assertThat(lawful.enforce(now)).isEqualTo(new Retention.Result(1, 0));
    assertThat(isReadable("person:a", DataClass.CALL_NUMBER, kept)).isFalse();
  }
}

package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.PersonalScan;
import io.tandem.persistence.journal.PersonalScan.Found;
import io.tandem.persistence.privacy.Erasures;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What verify makes of keys that are gone, and of keys that are not. */
@ParameterizedClass
@EnumSource(names = {"H2_FILE", "POSTGRESQL"})
@Tag("rule:PRV-2")
@Tag("rule:AUD-2")
class ErasuresVerifiedTest {
  @Parameter Databases kind;
  @TempDir Path directory;

  private AuditorsDesk desk;
  private Found one;
  private Found other;

  @BeforeEach
  void fill() {
    desk =
        kind == Databases.POSTGRESQL
            ? AuditorsDesk.onPostgresAlone(directory)
            : AuditorsDesk.in(directory);
    List<Envelope> events = desk.fill(12, 2);
    List<Found> callers =
        events.stream()
            .flatMap(event -> PersonalScan.of(event).stream())
            .filter(found -> found.dataClass() == DataClass.CALL_NUMBER)
            .distinct()
            .toList();
    one = callers.getFirst();
    other =
        callers.stream()
            .filter(found -> !found.subject().equals(one.subject()))
            .findFirst()
            .orElseThrow();
    assertThat(desk.text(0, "verify"))
        .containsPattern("[1-9][0-9]* values about persons were held against the keys");
  }

  private void erase(Found person) {
    var outcomes =
        desk.with(
            stores ->
                new Erasures(
                        stores.journal(),
                        stores.keyDatabase(),
                        stores.keys(),
                        desk.settings().privacy().law())
                    .erase(
                        person.subject(),
                        List.of(person.dataClass()),
                        List.of(),
                        Instant.now(),
                        "jane",
                        "case 7"));
    assertThat(outcomes.get(person.dataClass()).keys()).isPositive();
  }

  private static String of(Found person) {
    return person.dataClass() + " of " + person.subject() + " under key " + person.key();
  }

  private static String where(Found person) {
    return " where key_id = '" + person.key() + "'";
  }

  @Test
  void a_key_that_is_gone_is_explained_by_a_recorded_erasure_or_named() {
    erase(one);
    assertThat(desk.text(0, "verify")).contains("every chain holds");

    assertThat(
            desk.changeKeys(
                "update data_key set wrapped = null, destroyed_at = 1900000000000000"
                    + where(other)))
        .isEqualTo(1);
    assertThat(desk.text(1, "verify").lines().filter(line -> line.startsWith("WRONG")))
        .singleElement()
        .asString()
        .contains("WRONG  call|", of(other), "no erasure is recorded: the key was destroyed at");
    assertThat(desk.text(1, "verify", "--json")).contains("\"sound\":false", of(other));

    assertThat(desk.changeKeys("delete from data_key" + where(other))).isEqualTo(1);
    assertThat(desk.text(1, "verify", "--format", "csv"))
        .contains(of(other), "this key store does not have the key");

    // and an erasure whose line was taken out of the log explains nothing
    assertThat(desk.change("delete from erasure")).isEqualTo(1);
    assertThat(desk.text(1, "verify")).contains(of(one), of(other), "2 problems");
  }

  @Test
  void a_recorded_erasure_whose_key_is_still_there_is_named_until_a_node_does_it_again() {
    assertThat(desk.changeKeys("create table copied as select * from data_key")).isNotNegative();
    erase(one);
    assertThat(desk.text(0, "verify")).contains("every chain holds");

    // the copy is put back
    assertThat(desk.changeKeys("delete from data_key")).isPositive();
    assertThat(desk.changeKeys("insert into data_key select * from copied")).isPositive();
    assertThat(desk.changeKeys("delete from erasure_applied")).isPositive();
    assertThat(desk.text(1, "verify").lines().filter(line -> line.startsWith("WRONG")))
        .singleElement()
        .asString()
        .contains(of(one), "is still there, although erasure 1 of", "older copy");

    boolean started = desk.with(stores -> true);
    assertThat(started).as("a node has looked at its log").isTrue();
    assertThat(desk.text(0, "verify")).contains("every chain holds");
  }

  @Test
  void a_key_that_was_written_over_is_named_and_without_the_key_store_nothing_is_claimed() {
    String junk = kind == Databases.POSTGRESQL ? "'\\x00112233'::bytea" : "X'00112233'";
    assertThat(desk.changeKeys("update data_key set wrapped = " + junk + where(one))).isEqualTo(1);
    assertThat(desk.text(1, "verify")).contains(of(one), "the master key does not open");

    assertThat(desk.text(0, "verify", "--without-keys"))
        .contains("every chain holds", "The key store was not asked", "is not known")
        .doesNotContain("values about persons");
    assertThat(desk.text(0, "verify", "--without-keys", "--json")).contains("\"keysAsked\":false");
  }
}

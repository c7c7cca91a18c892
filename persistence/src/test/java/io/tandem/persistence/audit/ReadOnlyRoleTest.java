package io.tandem.persistence.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an auditor can do with a role that may only read. */
class ReadOnlyRoleTest {
  private static final String ROLE = "auditor_" + ProcessHandle.current().pid();

  @Test
  @Tag("rule:AUD-3")
  void a_role_that_may_only_read_is_enough_and_cannot_write() {
    DatabaseSettings owner = Databases.POSTGRESQL.fresh();
    EventCodec codec = EventCodec.clear(Tally.names(), List.of());
    try (Database own = Database.open(owner, Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(own, codec);
      for (int i = 0; i < 50; i++) {
        var unused = journal.append("tally", "t" + i % 5, new Tally.Event.Counted(i));
      }
      long projected =
          Projector.builder(own, codec).view(Tally.KIND, Tally::account).build().catchUp();
      assertThat(projected).isEqualTo(50);
      boolean granted =
          own.run(
              connection -> {
                Sql.execute(connection, "create role " + ROLE + " login password 'only-reads'");
                Sql.execute(connection, "grant usage on schema public to " + ROLE);
                Sql.execute(connection, "grant select on all tables in schema public to " + ROLE);
                return true;
              });
      assertThat(granted).isTrue();

      DatabaseSettings reading =
          new DatabaseSettings(owner.url(), ROLE, "only-reads", 4, owner.schema());
      try (Database database = Database.openUnchanged(reading, Database.Contents.JOURNAL)) {
        Audit audit = new Audit(database, codec, List.of(Tally.KIND));
        Projector shown =
            Projector.builder(database, codec).view(Tally.KIND, Tally::account).build();

        assertThat(audit.verify().isSound()).isTrue();
        assertThat(audit.verify().events()).isEqualTo(50);
        assertThat(audit.trialBalance(null).isZero()).isTrue();
        assertThat(audit.list("tally", "", 10)).hasSize(5);
        assertThat(audit.show("tally", "t1", Instant.MAX)).isPresent();
        Reconciliation reconciliation = new Reconciliation(database, codec, shown);
        assertThat(reconciliation.page("", 10).differences()).isEmpty();
        assertThat(reconciliation.orphans(10)).isEmpty();
        assertThatExceptionOfType(JournalException.class)
            .isThrownBy(() -> database.update("delete from event_journal"))
            .withMessageContaining("42501");
      }
      assertThat(own.update("drop owned by " + ROLE)).isZero();
      assertThat(own.update("drop role " + ROLE)).isZero();
    }
  }
}

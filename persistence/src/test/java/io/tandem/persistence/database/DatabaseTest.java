package io.tandem.persistence.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.persistence.database.Database.Contents;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Databases.class)
class DatabaseTest {

  @Parameter Databases kind;

  @Test
  void a_database_is_migrated_once_and_opens_again() {
    DatabaseSettings settings = kind.fresh();
    Database.open(settings, Contents.JOURNAL).close();
    try (Database again = Database.openUnchanged(settings, Contents.JOURNAL)) {
      assertThat(again.update("delete from due_index")).isZero();
    }
  }

  @Test
  void a_database_of_a_newer_schema_is_refused_by_name_and_left_alone() {
    DatabaseSettings settings = kind.fresh();
    try (Database database = Database.open(settings, Contents.JOURNAL)) {
      database.update(
          """
          insert into "flyway_schema_history" ("installed_rank", "version", "description", "type", "script",
            "checksum", "installed_by", "execution_time", "success")
          values (99, '99', 'from the future', 'SQL', 'V99__future.sql', 0, 'test', 0, true)\
          """);
    }
    for (boolean migrate : List.of(true, false)) {
      assertThatExceptionOfType(JournalException.class)
          .isThrownBy(
              () -> {
                Database unused =
                    migrate
                        ? Database.open(settings, Contents.JOURNAL)
                        : Database.openUnchanged(settings, Contents.JOURNAL);
              })
          .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.NEWER_SCHEMA))
          .withMessageContaining("99")
          .withMessageContaining("newer build");
    }
  }

  @Test
  @Tag("rule:OPS-8")
  void a_newer_schema_that_says_so_is_gone_on_with_and_one_that_contracted_is_not() {
    DatabaseSettings settings = kind.fresh();
    try (Database database = Database.open(settings, Contents.JOURNAL)) {
      for (int version : List.of(98, 99)) {
        database.update(
            """
            insert into "flyway_schema_history" ("installed_rank", "version", "description", "type",
              "script", "checksum", "installed_by", "execution_time", "success")
            values (?, ?, 'from the future', 'SQL', 'V99__future.sql', 0, 'test', 0, true)\
            """,
            version,
            Integer.toString(version));
        database.update("insert into schema_reach (version, oldest) values (?, 10)", version);
      }
    }
    for (boolean migrate : List.of(true, false)) {
      try (Database open =
          migrate
              ? Database.open(settings, Contents.JOURNAL)
              : Database.openUnchanged(settings, Contents.JOURNAL)) {
        assertThat(open.update("delete from due_index")).isZero();
      }
    }
    try (Database database = Database.open(settings, Contents.JOURNAL)) {
      database.update("update schema_reach set oldest = 98 where version = 99");
    }
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> Database.open(settings, Contents.JOURNAL))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.NEWER_SCHEMA))
        .withMessageContaining("schema version 99");
  }

  @Test
  void a_tool_does_not_migrate_an_empty_database() {
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> Database.openUnchanged(kind.fresh(), Contents.JOURNAL))
        .withMessageContaining("older schema, or none");
  }

  @Test
  void a_transaction_that_fails_leaves_nothing() {
    try (Database database = kind.open(Contents.JOURNAL)) {
      assertThatExceptionOfType(JournalException.class)
          .isThrownBy(
              () ->
                  database.inTransaction(
                      connection -> {
                        Sql.batch(
                            connection,
                            "insert into due_index values (?, ?, ?)",
                            List.<Object[]>of(new Object[] {"wallet|1", 1L, 1L}));
                        return Sql.list(connection, "select nonsense", row -> row);
                      }))
          .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE));
      assertThat(database.update("delete from due_index")).isZero();
    }
  }

  @Test
  void settings_say_what_is_wrong_and_never_show_the_password() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DatabaseSettings("jdbc:mysql://x", "u", "p"))
        .withMessageContaining("jdbc:mysql:");
    assertThat(new DatabaseSettings("jdbc:postgresql://h/db?password=geheim", "u", "geheim"))
        .hasToString("jdbc:postgresql://h/db as u");
    assertThat(new DatabaseSettings("jdbc:h2:file:/x", "u", "p").jdbcUrl())
        .isEqualTo("jdbc:h2:file:/x;WRITE_DELAY=0;AUTO_SERVER=TRUE");
  }
}

package io.tandem.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.tandem.node.entity.wire.LaneJournal;
import io.tandem.node.entity.wire.LaneSnapshots;
import io.tandem.persistence.database.DatabaseSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What must never be otherwise in Akka's configuration, whatever a later version's defaults are.
 */
class AkkaConfigTest {

  private static final String SLICK = "akka-persistence-jdbc.shared-databases.slick";

  private static final String H2 = "jdbc:h2:mem:x";
  private static final String POSTGRESQL = "jdbc:postgresql://db/tandem";

  private static Config journalOf(Config config) {
    assertThat(config.getStringList("akka.persistence.journal.auto-start-journals"))
        .containsExactly(config.getString("akka.persistence.journal.plugin"));
    return config.getConfig(config.getString("akka.persistence.journal.plugin"));
  }

  private static Config snapshotsOf(Config config) {
    return config.getConfig(config.getString("akka.persistence.snapshot-store.plugin"));
  }

  private static Config config(String url) {
    return new AkkaConfig(
            "tandem",
            "127.0.0.2",
            2551,
            List.of("127.0.0.1:2551"),
            Set.of("control"),
            Duration.ofMinutes(7),
            new DatabaseSettings(url, "me", "secret"))
        .config();
  }

  @Test
  void nothing_is_written_with_java_serialization() {
    assertThat(config(H2).getBoolean("akka.actor.allow-java-serialization")).isFalse();
  }

  @Test
  void two_writers_in_one_history_are_an_error_and_never_repaired() {
    for (String url : List.of(H2, POSTGRESQL)) {
      assertThat(journalOf(config(url)).getString("replay-filter.mode")).isEqualTo("fail");
    }
  }

  @Test
  void a_split_is_resolved_and_the_database_coming_back_is_noticed_soon() {
    assertThat(config(H2).getString("akka.cluster.downing-provider-class"))
        .isEqualTo("akka.cluster.sbr.SplitBrainResolverProvider");
    for (String url : List.of(H2, POSTGRESQL)) {
      Config config = config(url);
      String soon = "circuit-breaker.reset-timeout";
      assertThat(journalOf(config).getDuration(soon)).hasSeconds(2);
      assertThat(snapshotsOf(config).getDuration(soon)).hasSeconds(2);
    }
  }

  @Test
  void a_snapshot_is_never_needed() {
    for (String url : List.of(H2, POSTGRESQL)) {
      assertThat(snapshotsOf(config(url)).getBoolean("snapshot-is-optional")).isTrue();
    }
  }

  @Test
  void h2_has_one_writing_connection_and_its_commits_are_on_disk() {
    Config config = config("jdbc:h2:file:/var/lib/tandem/db");
    assertThat(config.getString(SLICK + ".profile")).isEqualTo("slick.jdbc.H2Profile$");
    assertThat(config.getInt(SLICK + ".db.maxConnections")).isEqualTo(1);
    assertThat(config.getInt(SLICK + ".db.numThreads")).isEqualTo(1);
    assertThat(config.getString(SLICK + ".db.url")).contains("WRITE_DELAY=0");
  }

  @Test
  void postgresql_has_as_many_threads_as_connections_and_takes_batches_as_one_statement() {
    Config config = config(POSTGRESQL);
    assertThat(config.getInt(SLICK + ".db.maxConnections")).isEqualTo(4);
    assertThat(config.getInt(SLICK + ".db.numThreads")).isEqualTo(4);
    assertThat(config.getString(SLICK + ".db.url")).contains("reWriteBatchedInserts=true");
  }

  @Test
  void an_entity_that_nobody_asks_for_leaves_memory_when_the_operator_said() {
    assertThat(
            config(H2)
                .getDuration(
                    "akka.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout"))
        .hasMinutes(7);
  }

  @Test
  void postgresql_has_a_journal_of_our_own_and_h2_the_plugin_as_it_comes() {
    Config postgresql = config(POSTGRESQL);
    assertThat(journalOf(postgresql).getString("class")).isEqualTo(LaneJournal.class.getName());
    assertThat(snapshotsOf(postgresql).getString("class")).isEqualTo(LaneSnapshots.class.getName());
    assertThat(postgresql.getString("tandem-journal.url")).startsWith(POSTGRESQL);
    assertThat(journalOf(config(H2)).getString("dao"))
        .isEqualTo("akka.persistence.jdbc.journal.dao.DefaultJournalDao");
  }

  @Test
  void seeds_are_named_with_the_system_and_the_node_by_its_own_address() {
    Config config = config(H2);
    assertThat(config.getStringList("akka.cluster.seed-nodes"))
        .containsExactly("akka://tandem@127.0.0.1:2551");
    assertThat(config.getString("akka.remote.artery.canonical.hostname")).isEqualTo("127.0.0.2");
  }
}

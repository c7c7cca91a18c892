package io.tandem.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
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
    assertThat(config("jdbc:h2:mem:x").getBoolean("akka.actor.allow-java-serialization")).isFalse();
  }

  @Test
  void two_writers_in_one_history_are_an_error_and_never_repaired() {
    assertThat(config("jdbc:h2:mem:x").getString("jdbc-journal.replay-filter.mode"))
        .isEqualTo("fail");
  }

  @Test
  void a_split_is_resolved_and_the_database_coming_back_is_noticed_soon() {
    Config config = config("jdbc:h2:mem:x");
    assertThat(config.getString("akka.cluster.downing-provider-class"))
        .isEqualTo("akka.cluster.sbr.SplitBrainResolverProvider");
    assertThat(config.getDuration("jdbc-journal.circuit-breaker.reset-timeout")).hasSeconds(2);
    assertThat(config.getDuration("jdbc-snapshot-store.circuit-breaker.reset-timeout"))
        .hasSeconds(2);
  }

  @Test
  void a_snapshot_is_never_needed() {
    assertThat(config("jdbc:h2:mem:x").getBoolean("jdbc-snapshot-store.snapshot-is-optional"))
        .isTrue();
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
    Config config = config("jdbc:postgresql://db/tandem");
    assertThat(config.getInt(SLICK + ".db.maxConnections")).isEqualTo(4);
    assertThat(config.getInt(SLICK + ".db.numThreads")).isEqualTo(4);
    assertThat(config.getString(SLICK + ".db.url")).contains("reWriteBatchedInserts=true");
  }

  @Test
  void an_entity_that_nobody_asks_for_leaves_memory_when_the_operator_said() {
    assertThat(
            config("jdbc:h2:mem:x")
                .getDuration(
                    "akka.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout"))
        .hasMinutes(7);
  }

  @Test
  void postgresql_is_written_by_our_lanes_and_h2_as_the_plugin_comes() {
    Config config = config("jdbc:postgresql://db/tandem");
    assertThat(config.getString("jdbc-journal.dao")).endsWith(".ArrayJournalDao");
    assertThat(config.getString("jdbc-snapshot-store.dao")).endsWith(".ArraySnapshotDao");
    assertThat(config.getString("tandem-journal.url")).startsWith("jdbc:postgresql://db/tandem");
    assertThat(config("jdbc:h2:mem:x").getString("jdbc-journal.dao"))
        .isEqualTo("akka.persistence.jdbc.journal.dao.DefaultJournalDao");
  }

  @Test
  void seeds_are_named_with_the_system_and_the_node_by_its_own_address() {
    Config config = config("jdbc:h2:mem:x");
    assertThat(config.getStringList("akka.cluster.seed-nodes"))
        .containsExactly("akka://tandem@127.0.0.1:2551");
    assertThat(config.getString("akka.remote.artery.canonical.hostname")).isEqualTo("127.0.0.2");
  }
}

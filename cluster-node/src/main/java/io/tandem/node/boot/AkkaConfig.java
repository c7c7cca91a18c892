package io.tandem.node.boot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Dialect;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the actor system is started with: where this node listens for other nodes, and where its
 * journal is. All else is fixed in {@code tandem-akka.conf}.
 *
 * @param system name of the actor system, the same on all nodes of a cluster
 * @param host address that other nodes reach this one at
 * @param port for other nodes; 0 for any that is free
 * @param seeds {@code host:port} of the nodes to join; empty where the node joins by itself
 * @param roles of this node in the cluster
 * @param idle how long an entity that nobody asks for stays in memory
 * @param database where journal and snapshots are
 */
public record AkkaConfig(
    String system,
    String host,
    int port,
    List<String> seeds,
    Set<String> roles,
    Duration idle,
    DatabaseSettings database) {

  /** More connections than this make the journal slower, not faster. */
  private static final int POSTGRESQL_CONNECTIONS = 4;

  /** One connection writes: with it the order of commits is the order of the feed. */
  private static final int H2_CONNECTIONS = 1;

  /** Akka's whole configuration; no file but those in the jars is read. */
  public Config config() {
    Map<String, Object> own = new HashMap<>();
    own.put("akka.remote.artery.canonical.hostname", host);
    own.put("akka.remote.artery.canonical.port", port);
    own.put("akka.cluster.roles", List.copyOf(roles));
    own.put(
        "akka.cluster.seed-nodes",
        seeds.stream().map(seed -> "akka://" + system + "@" + seed).toList());
    own.put(
        "akka.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout",
        idle.toMillis() + " ms");
    boolean h2 = database.dialect() == Dialect.H2;
    int connections = h2 ? H2_CONNECTIONS : POSTGRESQL_CONNECTIONS;
    String slick = "akka-persistence-jdbc.shared-databases.slick.";
    own.put(slick + "profile", h2 ? "slick.jdbc.H2Profile$" : "slick.jdbc.PostgresProfile$");
    String db = slick + "db.";
    own.put(db + "driver", h2 ? "org.h2.Driver" : "org.postgresql.Driver");
    own.put(db + "url", database.jdbcUrl());
    own.put(db + "user", database.user());
    own.put(db + "password", database.password());
    own.put(db + "numThreads", connections);
    own.put(db + "maxConnections", connections);
    own.put(db + "minConnections", connections);
    own.put(db + "queueSize", 20_000);
    own.put(db + "connectionTimeout", 5_000);
    own.put(db + "validationTimeout", 2_000);
    String schema = database.schema();
    if (schema != null) {
      own.put(db + "schema", schema);
    }
    if (!h2) {
      own.put("tandem-store.journal", "tandem-journal");
      own.put("tandem-store.snapshots", "tandem-snapshots");
      own.put("tandem-journal.url", database.jdbcUrl());
      own.put("tandem-journal.user", database.user());
      own.put("tandem-journal.password", database.password());
      own.put("tandem-journal.schema", schema == null ? "" : schema);
    }
    Config values = ConfigFactory.empty();
    for (Map.Entry<String, Object> each : own.entrySet()) {
      values = values.withValue(each.getKey(), ConfigValueFactory.fromAnyRef(each.getValue()));
    }
    ClassLoader loader = AkkaConfig.class.getClassLoader();
    return values
        .withFallback(ConfigFactory.parseResources(loader, "tandem-akka.conf"))
        .withFallback(ConfigFactory.defaultReference(loader))
        .resolve();
  }
}

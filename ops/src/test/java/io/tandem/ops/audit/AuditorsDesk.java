package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.ops.Main;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A made-up journal whose node is gone, and an auditor who asks it by the commands. */
final class AuditorsDesk {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path config;
  private final Settings settings;
  private final Dialect dialect;

  private AuditorsDesk(Path directory, Map<String, Object> keys, Dialect dialect) {
    this.dialect = dialect;
    this.config = directory.resolve("node.conf");
    Map<String, Object> all = new java.util.TreeMap<>(keys);
    all.put("tandem.node.directory", directory.toString());
    try {
      Files.writeString(
          config, ConfigFactory.parseMap(all).root().render(ConfigRenderOptions.concise()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.settings = Settings.load(config.toFile());
  }

  /** With its journal in a file of that directory. */
  static AuditorsDesk in(Path directory) {
    return new AuditorsDesk(directory, Map.of(), Dialect.H2);
  }

  /** The same with more in its node's configuration. */
  static AuditorsDesk in(Path directory, Map<String, Object> more) {
    return new AuditorsDesk(directory, more, Dialect.H2);
  }

  /** Says something else, or more, in its node's configuration from now on. */
  void configure(String key, String value) {
    try {
      Files.writeString(
          config,
          ConfigFactory.parseFile(config.toFile())
              .withValue(key, ConfigValueFactory.fromAnyRef(value))
              .root()
              .render(ConfigRenderOptions.concise()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its node is configured by. */
  Settings settings() {
    return settings;
  }

  /** With its journal in a database of its own, and its keys in files of that directory. */
  static AuditorsDesk in(Path directory, Databases kind) {
    if (kind != Databases.POSTGRESQL) {
      return in(directory);
    }
    DatabaseSettings fresh = kind.fresh();
    return new AuditorsDesk(
        directory,
        Map.of(
            "tandem.database.url", fresh.jdbcUrl(),
            "tandem.database.user", fresh.user(),
            "tandem.database.password", fresh.password()),
        Dialect.POSTGRESQL);
  }

  /** With journal and keys in two databases of PostgreSQL. */
  static AuditorsDesk onPostgresAlone(Path directory) {
    DatabaseSettings journal = Databases.POSTGRESQL.fresh();
    DatabaseSettings keys = Databases.POSTGRESQL.fresh();
    return new AuditorsDesk(
        directory,
        Map.of(
            "tandem.database.url", journal.jdbcUrl(),
            "tandem.database.user", journal.user(),
            "tandem.database.password", journal.password(),
            "tandem.keys.url", keys.jdbcUrl(),
            "tandem.keys.user", keys.user(),
            "tandem.keys.password", keys.password()),
        Dialect.POSTGRESQL);
  }

  /** Fills the journal, as nodes would have done; gives its events. */
  List<Envelope> fill(int calls, int agents) {
    return MadeUpJournal.in(settings, calls, agents);
  }

  /** Signs what is there and tells a file beside it. */
  void sign() {
    boolean unused =
        with(
            stores -> {
              CheckpointMaker maker =
                  new CheckpointMaker(
                      stores.journal(), NodeSecrets.of(settings).signing(), InstantSource.system());
              assertThat(maker.make()).isPresent();
              assertThat(maker.anchor(Anchors.of("file:checkpoints.anchor", settings.directory())))
                  .isEqualTo(1);
              return true;
            });
  }

  /** Reads and writes what is in its journal. */
  EventCodec codec(Stores stores) {
    return EntityCodecs.of(
            Nouns.of(settings),
            Nouns.upcasters(),
            new AesGcmSealer(stores.keys(), InstantSource.system()))
        .sealed();
  }

  /** What its checkpoints are signed with. */
  SigningKey signing() {
    return NodeSecrets.of(settings).signing();
  }

  /** Asks; what is answered, in lines. */
  List<String> ask(int exitCode, String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    int code =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    assertThat(code).as("%s: %s%s", all, out, err).isEqualTo(exitCode);
    return out.toString().lines().toList();
  }

  /** Does something with persons' data; gives the exit code. */
  int privacy(String... arguments) {
    List<String> all = new ArrayList<>(List.of("privacy"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  /** The same as one text. */
  String text(int exitCode, String... arguments) {
    List<String> unused = ask(exitCode, arguments);
    return out.toString();
  }

  /** What was told beside the last answer. */
  String told() {
    return err.toString();
  }

  /** Changes the journal behind its back. */
  int change(String sql) {
    return with(stores -> stores.journal().update(sql));
  }

  /** Does something to the database of its keys, unlike a node, which would erase again first. */
  int changeKeys(String sql) {
    try (Database keys = Database.openUnchanged(Stores.keysOf(settings), Database.Contents.KEYS)) {
      return keys.update(sql);
    }
  }

  /** Puts other bytes in the place of an event's, under a name of their own. */
  void overwrite(Envelope event, String manifest, byte[] bytes) {
    String hex = HexFormat.of().formatHex(bytes);
    String literal = dialect == Dialect.POSTGRESQL ? "'\\x" + hex + "'::bytea" : "X'" + hex + "'";
    int changed =
        change(
            "update \"event_journal\" set \"event_payload\" = %s, \"event_ser_manifest\" = '%s' where \"persistence_id\" = '%s' and \"sequence_number\" = %d"
                .formatted(literal, manifest, event.persistenceId(), event.sequence()));
    assertThat(changed).isEqualTo(1);
  }

  /** Works on its databases, as a node does. */
  <T> T with(Function<Stores, T> work) {
    try (Stores stores =
        Stores.open(settings, NodeSecrets.of(settings), "desk", InstantSource.system())) {
      return work.apply(stores);
    }
  }
}

package io.tandem.ops.bench.audit;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A node's directory with a journal in it: a month that the rules decided, and no node. */
public final class MadeUpJournal {
  /** When the first call is offered. */
  public static final Instant BEGIN = MadeUpMonth.BEGIN;

  /** After the last call. */
  public static final Instant END = MadeUpMonth.END;

  private static final String INSERT =
      """
      insert into "event_journal" ("persistence_id", "sequence_number", "deleted", "writer",
        "write_timestamp", "adapter_manifest", "event_ser_id", "event_ser_manifest", "event_payload")
      values (?, ?, false, 'test', 0, '', 7301, ?, ?)\
      """;

  private MadeUpJournal() {}

  /**
   * Makes it on H2.
   *
   * @return its events in the order in which they were decided
   */
  public static List<Envelope> in(Path directory, int calls, int agents) {
    return in(of(directory), calls, agents);
  }

  private static Settings of(Path directory) {
    return Settings.of(
        ConfigFactory.empty()
            .withValue(
                "tandem.node.directory", ConfigValueFactory.fromAnyRef(directory.toString())));
  }

  /** The same where settings say that it is. */
  public static List<Envelope> in(Settings settings, int calls, int agents) {
    InstantSource clock = InstantSource.system();
    List<Envelope> events = new ArrayList<>();
    try (Stores stores = Stores.open(settings, NodeSecrets.of(settings), "maker", clock)) {
      EntityCodecs codecs =
          EntityCodecs.of(Nouns.of(settings), List.of(), new AesGcmSealer(stores.keys(), clock));
      MadeUpMonth month = new MadeUpMonth(codecs.sealed(), events::add, 0, agents);
      Duration length = Duration.between(BEGIN, END);
      for (int call = 0; call < calls; call++) {
        month.call(BEGIN.plusMillis(length.toMillis() * call / calls));
      }
      int[] stored =
          stores
              .journal()
              .inTransaction(
                  connection -> {
                    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                      for (Envelope event : events) {
                        insert.setString(1, event.persistenceId());
                        insert.setLong(2, event.sequence());
                        insert.setString(3, event.header().event().toString());
                        insert.setBytes(4, event.bytes());
                        insert.addBatch();
                      }
                      return insert.executeBatch();
                    }
                  });
      if (stored.length != events.size()) {
        throw new AssertionError("stored " + stored.length);
      }
    }
    return events;
  }

  /** Changes the journal behind its back. */
  public static int change(Path directory, String sql) {
    Settings settings = of(directory);
    try (Stores stores =
        Stores.open(settings, NodeSecrets.of(settings), "forger", InstantSource.system())) {
      return stores.journal().update(sql);
    }
  }
}

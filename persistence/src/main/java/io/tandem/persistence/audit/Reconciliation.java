package io.tandem.persistence.audit;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.wallet.WalletEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Compares what is read from the tables with what the journal comes to (WAL-12): each entity's view
 * and the record of each call and dispute with its events, rows of nothing, and what calls say they
 * cost with what wallets booked. Works beside a running node. All methods throw {@link
 * io.tandem.persistence.journal.JournalException} UNAVAILABLE.
 */
public final class Reconciliation {

  private static final String ENTITIES =
      """
      select "persistence_id" from "event_journal"
      where "persistence_id" > ? and "sequence_number" = 1 and not "deleted"
      order by "persistence_id" limit ?\
      """;

  private static final String ORPHANS =
      """
      select entity from (
        select entity_type || '|' || entity_id as entity from entity_view
        union all select 'call|' || call_id from call_index
        union all select 'dispute|' || dispute_id from dispute_index
        union all select entity from security_event) shown
      where not exists (select 1 from "event_journal" where "persistence_id" = entity)
        and not exists (select 1 from archived_entity a where a.entity = shown.entity)
      order by entity limit ?\
      """;

  private static final String CHARGED =
      """
      select account_id, currency, count(*) as calls, sum(charged_micros) as micros from call_index
      where call_id < ? and billable and charged_micros <> 0
      group by account_id, currency\
      """;

  private final Database database;
  private final JournalReader reader;
  private final EventCodec codec;
  private final Projector projector;

  /**
   * @param projector what the tables are made by; it is not stepped
   */
  public Reconciliation(Database database, EventCodec codec, Projector projector) {
    this.database = database;
    this.reader = new JournalReader(database);
    this.codec = codec.closed();
    this.projector = projector;
  }

  /**
   * Something that is not as it should be.
   *
   * @param entity {@code type|id}, or an account with its currency
   */
  public record Difference(String entity, String what) {}

  /**
   * Some entities that were compared.
   *
   * @param last the last of them; where the next page starts
   */
  public record Page(int entities, String last, List<Difference> differences) {}

  /**
   * Compares entities by name.
   *
   * @param after the last of the page before, empty for the first
   */
  public Page page(String after, int limit) {
    List<String> entities =
        database.run(
            connection -> Sql.list(connection, ENTITIES, row -> row.getString(1), after, limit));
    List<Difference> differences = new ArrayList<>();
    for (String entity : entities) {
      projector.difference(entity).ifPresent(what -> differences.add(new Difference(entity, what)));
    }
    return new Page(entities.size(), entities.isEmpty() ? after : entities.getLast(), differences);
  }

  /** Rows of entities that have no events, at most {@code limit}. */
  public List<Difference> orphans(int limit) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                ORPHANS,
                row -> new Difference(row.getString(1), "is shown, and has no event"),
                limit));
  }

  /** What came together of an account in a currency. */
  private record Sum(long calls, long micros) {
    Sum plus(Sum other) {
      return new Sum(Math.addExact(calls, other.calls), Math.addExact(micros, other.micros));
    }

    @Override
    public String toString() {
      return micros + " micros of " + calls + " calls";
    }
  }

  /**
   * What the records of calls say was charged against what the wallets booked for them, account by
   * account.
   *
   * @param before calls offered before it, so that their charges have arrived
   */
  public List<Difference> charges(Instant before) {
    String bound = TimedId.bound("call", before);
    Map<String, Sum> booked = new TreeMap<>();
    reader
        .anyOrder("wallet", "wallet.captured", () -> new Booked(bound))
        .forEach(part -> part.sums.forEach((of, sum) -> booked.merge(of, sum, Sum::plus)));
    Map<String, Sum> charged = new TreeMap<>();
    for (Map.Entry<String, Sum> each :
        database.run(
            connection ->
                Sql.list(
                    connection,
                    CHARGED,
                    row ->
                        Map.entry(
                            row.getString("account_id") + ':' + row.getString("currency"),
                            new Sum(row.getLong("calls"), row.getLong("micros"))),
                    bound))) {
      charged.put(each.getKey(), each.getValue());
    }
    List<Difference> differences = new ArrayList<>();
    Map<String, Sum> all = new TreeMap<>(booked);
    all.putAll(charged);
    Sum nothing = new Sum(0, 0);
    for (String of : all.keySet()) {
      Sum says = charged.getOrDefault(of, nothing);
      Sum has = booked.getOrDefault(of, nothing);
      if (!says.equals(has)) {
        differences.add(
            new Difference(of, "its calls say " + says + ", its wallet has booked " + has));
      }
    }
    return differences;
  }

  /** Adds up what one thread reads. */
  private final class Booked implements Consumer<JournalRow> {
    private final String bound;
    final Map<String, Sum> sums = new TreeMap<>();

    Booked(String bound) {
      this.bound = bound;
    }

    @Override
    public void accept(JournalRow row) {
      Envelope envelope = row.envelope();
      if (codec.read(envelope, WalletEvent.class).orElse(null)
              instanceof WalletEvent.Captured captured
          && captured.callId().compareTo(bound) < 0) {
        Sum unused =
            sums.merge(envelope.entityId(), new Sum(1, captured.amount().micros()), Sum::plus);
      }
    }
  }
}

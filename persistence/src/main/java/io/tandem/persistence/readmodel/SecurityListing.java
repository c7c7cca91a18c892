package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.security.SecurityState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which events are shown as security events, written to {@code security_event}: all of the noun
 * {@code security} but what is done by law, and an account's tokens made and revoked. Only headers
 * are looked at, so that nothing an event says can stop it.
 */
final class SecurityListing {
  private static final String NOUN = "security";

  /** Of accounts, which have more to tell than that. */
  private static final Set<String> OF_ACCOUNTS =
      Set.of("account.token-issued", "account.token-revoked");

  /** What is done by law is shown to nobody over HTTP (CMP-7): it is in the journal alone. */
  private static final Set<String> BY_LAW =
      Set.of("security.disclosure-noted", "security.hold-noted");

  private final Tables tables;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  SecurityListing(Tables tables) {
    this.tables = tables;
  }

  private static boolean lists(Envelope envelope) {
    String event = envelope.header().event().name();
    return envelope.entityType().equals(NOUN)
        ? !BY_LAW.contains(event)
        : OF_ACCOUNTS.contains(event);
  }

  /** Takes an event, to be written with the page. */
  void note(JournalRow row, Envelope envelope) {
    if (lists(envelope)) {
      rows.add(
          new @Nullable Object[] {
            row.persistenceId(),
            row.sequence(),
            account(envelope).orElse(null),
            envelope.header().event().name(),
            envelope.header().at()
          });
    }
  }

  private static Optional<String> account(Envelope envelope) {
    return envelope.entityType().equals(NOUN)
        ? SecurityState.account(envelope.entityId())
        : Optional.of(envelope.entityId());
  }

  void write(Connection connection, Dialect dialect) throws SQLException {
    tables.securityEvent().write(connection, dialect, rows);
    rows.clear();
  }

  void forget() {
    rows.clear();
  }

  /** What the table says of an entity, by sequence. */
  Map<Long, List<Object>> shown(Connection connection, String entity) throws SQLException {
    Map<Long, List<Object>> shown = new TreeMap<>();
    for (Map.Entry<Long, List<Object>> each :
        Sql.list(
            connection,
            "select sequence, account_id, event_name, at from "
                + tables.named("security_event")
                + " where entity = ?",
            row ->
                Map.entry(
                    row.getLong("sequence"),
                    content(
                        row.getString("account_id"),
                        row.getString("event_name"),
                        Sql.instant(row.getLong("at")))),
            entity)) {
      shown.put(each.getKey(), each.getValue());
    }
    return shown;
  }

  /**
   * What is wrong with the rows of an entity, in words; null where nothing is.
   *
   * @param shown its rows, which are used up
   * @param events the entity's, from its first, read after its rows
   * @param upTo a position that the table had reached before it was read
   */
  static @Nullable String difference(
      Map<Long, List<Object>> shown, Iterable<JournalRow> events, FeedPosition upTo) {
    for (JournalRow event : events) {
      Envelope envelope = event.envelope();
      List<Object> row = shown.remove(event.sequence());
      List<Object> expected =
          content(
              account(envelope).orElse(null),
              envelope.header().event().name(),
              envelope.header().at());
      boolean isDue = lists(envelope) && event.position().isUpTo(upTo);
      if (row == null ? isDue : !lists(envelope) || !row.equals(expected)) {
        return "is not listed right as a security event at #" + event.sequence();
      }
    }
    return shown.isEmpty() ? null : "is listed with security events that the journal does not have";
  }

  private static List<Object> content(@Nullable String account, String name, Instant at) {
    return List.of(Optional.ofNullable(account), name, at);
  }

  /** Whether entities of a type have rows. */
  static boolean concerns(String entityType) {
    return entityType.equals(NOUN) || entityType.equals("account");
  }

  /** The listed rows, newest first; what they say is in the journal. */
  static List<SecurityIndex.Row> page(Database database, String where, List<Object> parameters) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select entity, sequence, account_id, event_name, at from "
                    + Tables.LIVE.named("security_event")
                    + where,
                row ->
                    new SecurityIndex.Row(
                        row.getString("entity"),
                        row.getLong("sequence"),
                        row.getString("account_id"),
                        row.getString("event_name"),
                        Sql.instant(row.getLong("at"))),
                parameters.toArray()));
  }
}

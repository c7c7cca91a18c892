package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bans of all edges (ACC-8), so that a stranger who is refused at one is refused at all, and
 * the operator sees and lifts them anywhere. All methods throw {@link JournalException}
 * UNAVAILABLE.
 */
public final class SipBans {
  private static final int LIST_MAX = 1_000;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final String SELECT =
      "select ban_id, subject, offence, edge_id, begins_at, ends_at, lifted_at from sip_ban";

  private final Database database;

  public SipBans(Database database) {
    this.database = database;
  }

  /** Stores bans that are new. */
  public void add(List<SipBan> bans) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SipBan ban : bans) {
      rows.add(
          new Object[] {
            ban.id(), ban.subject(), ban.offence(), ban.edgeId(), ban.from(), ban.until()
          });
    }
    int[] unused =
        database.inTransaction(
            connection ->
                Sql.batch(
                    connection,
                    "insert into sip_ban (ban_id, subject, offence, edge_id, begins_at, ends_at)"
                        + " values (?, ?, ?, ?, ?, ?)",
                    rows));
  }

  /** Bans whose time is not over, the latest first, those that were lifted included. */
  public List<SipBan> running(Instant now) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                SELECT + " where ends_at > ? order by begins_at desc, ban_id limit " + LIST_MAX,
                SipBans::read,
                now));
  }

  /**
   * Lifts a ban; again changes nothing. Empty when there is none whose time is not over.
   *
   * @param by who lifts it, as the journal names actors
   */
  public Optional<SipBan> lift(String id, String by, Instant now) {
    int unused =
        database.update(
            "update sip_ban set lifted_at = ?, lifted_by = ? where ban_id = ? and ends_at > ? and"
                + " lifted_at is null",
            now,
            by,
            id,
            now);
    return running(now).stream().filter(ban -> ban.id().equals(id)).findFirst();
  }

  /** Clears what ended a day ago; gives how many there were. */
  public int forget(Instant now) {
    return database.update("delete from sip_ban where ends_at <= ?", now.minus(KEPT));
  }

  private static SipBan read(ResultSet row) throws SQLException {
    return new SipBan(
        row.getString("ban_id"),
        row.getString("subject"),
        row.getString("offence"),
        row.getString("edge_id"),
        Sql.instant(row.getLong("begins_at")),
        Sql.instant(row.getLong("ends_at")),
        Sql.instant(row, "lifted_at"));
  }
}

package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.JournalException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The location service: registrations of all edges. All methods throw {@link JournalException}
 * UNAVAILABLE.
 */
public final class SipBindings {

  private static final String SELECT =
      "select aor, contact, instance, reg_id, call_id, cseq, expires_at, edge_id, flow, path,"
          + " user_agent from sip_binding";

  private static final Upsert WRITE =
      new Upsert(
          "sip_binding",
          4,
          Upsert.text("aor"),
          Upsert.text("contact"),
          Upsert.text("instance"),
          Upsert.number("reg_id"),
          Upsert.text("call_id"),
          Upsert.number("cseq"),
          Upsert.number("expires_at"),
          Upsert.text("edge_id"),
          Upsert.text("flow"),
          Upsert.text("path"),
          Upsert.text("user_agent"));

  /** What tells the bindings of one address of record apart. */
  private record Key(String contact, String instance, int regId) {
    static Key of(SipBinding binding) {
      return new Key(binding.contact(), binding.instance(), binding.regId());
    }
  }

  private final Database database;

  public SipBindings(Database database) {
    this.database = database;
  }

  /**
   * The bindings of an address of record that hold at an instant, latest expiry first, then the
   * later flow.
   */
  public List<SipBinding> find(String aor, Instant now) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                SELECT
                    + " where aor = ? and expires_at > ? order by expires_at desc, contact, reg_id"
                    + " desc",
                SipBindings::read,
                aor,
                now));
  }

  /**
   * Changes the bindings of one address of record as a whole, which is what a REGISTER does
   * (section 10.3: all of it or nothing).
   *
   * @param change from those that hold now to those that shall hold; must not have side effects
   * @return those that hold after
   */
  public List<SipBinding> update(String aor, Instant now, UnaryOperator<List<SipBinding>> change) {
    return database.inTransaction(
        connection -> {
          List<SipBinding> before =
              Sql.list(connection, SELECT + " where aor = ? for update", SipBindings::read, aor);
          List<SipBinding> holding =
              before.stream().filter(each -> each.expiresAt().isAfter(now)).toList();
          List<SipBinding> after = List.copyOf(change.apply(holding));
          write(connection, before, after);
          return after;
        });
  }

  /** Clears what expired before an instant; gives how many there were. */
  public int expire(Instant before) {
    return database.update("delete from sip_binding where expires_at <= ?", before);
  }

  private void write(Connection connection, List<SipBinding> before, List<SipBinding> after)
      throws SQLException {
    Map<Key, SipBinding> gone = new HashMap<>();
    before.forEach(each -> gone.put(Key.of(each), each));
    List<@Nullable Object[]> written = new ArrayList<>();
    for (SipBinding each : after) {
      if (!each.equals(gone.remove(Key.of(each)))) {
        written.add(
            new Object[] {
              each.aor(),
              each.contact(),
              each.instance(),
              (long) each.regId(),
              each.callId(),
              each.cseq(),
              each.expiresAt(),
              each.edgeId(),
              each.flow(),
              each.path(),
              each.userAgent()
            });
      }
    }
    List<@Nullable Object[]> removed = new ArrayList<>();
    for (SipBinding each : gone.values()) {
      removed.add(new Object[] {each.aor(), each.contact(), each.instance(), (long) each.regId()});
    }
    Sql.batch(
        connection,
        "delete from sip_binding where aor = ? and contact = ? and instance = ? and reg_id = ?",
        removed);
    WRITE.write(connection, database.dialect(), written);
  }

  private static SipBinding read(ResultSet row) throws SQLException {
    return new SipBinding(
        row.getString("aor"),
        row.getString("contact"),
        row.getString("instance"),
        row.getInt("reg_id"),
        row.getString("call_id"),
        row.getLong("cseq"),
        Sql.instant(row.getLong("expires_at")),
        row.getString("edge_id"),
        row.getString("flow"),
        row.getString("path"),
        row.getString("user_agent"));
  }
}

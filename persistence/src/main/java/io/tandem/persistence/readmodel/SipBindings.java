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
          2,
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

  /**
   * Flows of one device show the same contact. They are told apart by a parameter that only the
   * table has, so that its key is what it always was and an older build reads on (OPS-8).
   */
  private static final String FLOW = ";tandem-flow=";

  private static String key(SipBinding binding) {
    return binding.regId() == 0
        ? binding.contact()
        : binding.contact()
            + FLOW
            + binding.regId()
            + "-"
            + Integer.toHexString(binding.instance().hashCode());
  }

  private static String contact(String key, int regId) {
    int flow = regId == 0 ? -1 : key.lastIndexOf(FLOW);
    return flow < 0 ? key : key.substring(0, flow);
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
                    + " where aor = ? and expires_at > ?"
                    + " order by expires_at desc, reg_id desc, contact",
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
    Map<String, SipBinding> gone = new HashMap<>();
    before.forEach(each -> gone.put(key(each), each));
    List<@Nullable Object[]> written = new ArrayList<>();
    for (SipBinding each : after) {
      if (!each.equals(gone.remove(key(each)))) {
        written.add(
            new Object[] {
              each.aor(),
              key(each),
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
    gone.values().forEach(each -> removed.add(new Object[] {each.aor(), key(each)}));
    Sql.batch(connection, "delete from sip_binding where aor = ? and contact = ?", removed);
    WRITE.write(connection, database.dialect(), written);
  }

  private static SipBinding read(ResultSet row) throws SQLException {
    return new SipBinding(
        row.getString("aor"),
        contact(row.getString("contact"), row.getInt("reg_id")),
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

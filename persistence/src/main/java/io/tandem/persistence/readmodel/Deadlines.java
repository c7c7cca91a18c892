package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.journal.Envelope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The deadlines that one page of the feed leaves behind: the last word of each entity counts. */
final class Deadlines {

  private final Tables tables;

  /**
   * In the order of keys, as everybody who writes the table does, so that no two writers embrace.
   */
  private final Map<String, Envelope> last = new TreeMap<>();

  Deadlines(Tables tables) {
    this.tables = tables;
  }

  void note(Envelope envelope) {
    last.put(envelope.persistenceId(), envelope);
  }

  void write(Connection connection, Dialect dialect) throws SQLException {
    List<@Nullable Object[]> due = new ArrayList<>();
    List<String> none = new ArrayList<>();
    for (Map.Entry<String, Envelope> each : last.entrySet()) {
      Envelope envelope = each.getValue();
      if (envelope.header().nextDue() == null) {
        none.add(each.getKey());
      } else {
        due.add(new Object[] {each.getKey(), envelope.sequence(), envelope.header().nextDue()});
      }
    }
    tables.dueIndex().write(connection, dialect, due);
    if (!none.isEmpty()) {
      try (PreparedStatement delete =
          connection.prepareStatement(
              "delete from " + tables.named("due_index") + " where entity = any(?)")) {
        delete.setArray(1, connection.createArrayOf("varchar", none.toArray()));
        delete.executeUpdate();
      }
    }
  }
}

package io.tandem.persistence.journal.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** How rows of one kind are stored on a connection. */
public interface RowStore<R> {

  /** About how many bytes a row is on the wire. */
  long bytes(R row);

  /** A statement that will be used many times, on this connection alone. */
  Insert<R> prepare(Connection connection) throws SQLException;

  /** A prepared statement. */
  interface Insert<R> {
    /** Stores all rows in one transaction, in this order, or none of them. */
    void store(List<R> rows) throws SQLException;
  }
}

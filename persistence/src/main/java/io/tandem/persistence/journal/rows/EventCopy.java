package io.tandem.persistence.journal.rows;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Many events into {@code event_journal} by {@code copy … from stdin (format binary)}, a
 * transaction of its own. The server puts a page full of such rows into the table and into its log
 * at once, where an {@code insert} does so row by row. Belongs to one connection; not thread-safe.
 *
 * <p>A file of that format is a header, the rows, and a count of −1 (PostgreSQL's documentation,
 * COPY, <i>Binary Format</i>): a row is the count of its fields as two octets, each field its
 * length as four octets and its octets; numbers are big-endian.
 */
final class EventCopy {

  private static final String COPY =
      """
      copy event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
      from stdin (format binary)\
      """;

  private static final int FIELDS = 8;
  private static final byte[] HEADER = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

  /** Flags and the length of an extension, both zero. */
  private static final int HEADER_REST = 8;

  private static final int END = -1;

  /** What is gathered before it is handed to the driver. */
  private static final int BUFFER_BYTES = 1 << 16;

  /** Most that the fields of a row take whose length is known. */
  private static final int FIXED_BYTES = 2 + FIELDS * 4 + 8 + 8 + 4;

  private final PGConnection connection;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int used;

  EventCopy(Connection connection) throws SQLException {
    this.connection = connection.unwrap(PGConnection.class);
  }

  /** Stores all rows in one transaction, in this order, or none; says how many it has stored. */
  long store(List<EventRow> rows) throws SQLException {
    CopyIn copy = connection.getCopyAPI().copyIn(COPY);
    try {
      used = 0;
      put(HEADER);
      putLong(0, HEADER_REST);
      for (EventRow row : rows) {
        put(copy, row);
      }
      room(copy, 2);
      putLong(END, 2);
      copy.writeToCopy(buffer, 0, used);
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void put(CopyIn copy, EventRow row) throws SQLException {
    byte[] id = row.persistenceId().getBytes(StandardCharsets.UTF_8);
    byte[] writer = row.writer().getBytes(StandardCharsets.UTF_8);
    byte[] manifest = row.manifest().getBytes(StandardCharsets.UTF_8);
    room(copy, FIXED_BYTES);
    putLong(FIELDS, 2);
    field(copy, id);
    number(copy, row.sequence(), 8);
    field(copy, writer);
    number(copy, row.writtenAtMillis(), 8);
    number(copy, 0, 0); // no adapter
    number(copy, row.serializer(), 4);
    field(copy, manifest);
    field(copy, row.payload());
  }

  private void number(CopyIn copy, long value, int bytes) throws SQLException {
    room(copy, 4 + bytes);
    putLong(bytes, 4);
    putLong(value, bytes);
  }

  private void field(CopyIn copy, byte[] value) throws SQLException {
    room(copy, 4);
    putLong(value.length, 4);
    if (value.length > BUFFER_BYTES) {
      copy.writeToCopy(buffer, 0, used);
      copy.writeToCopy(value, 0, value.length);
      used = 0;
      return;
    }
    room(copy, value.length);
    put(value);
  }

  private void room(CopyIn copy, int bytes) throws SQLException {
    if (used + bytes > BUFFER_BYTES) {
      copy.writeToCopy(buffer, 0, used);
      used = 0;
    }
  }

  private void put(byte[] value) {
    System.arraycopy(value, 0, buffer, used, value.length);
    used += value.length;
  }

  private void putLong(long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      buffer[used++] = (byte) (value >>> shift);
    }
  }
}

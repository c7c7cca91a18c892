package io.tandem.persistence.audit;

import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.PSQLState;

/**
 * Rows of the journal as PostgreSQL sends them without being asked for the next: {@code COPY … TO
 * STDOUT} in binary form. The socket's buffers are all that is held; a result set of the driver
 * costs more than half as much again.
 */
final class CopiedRows {

  private static final int SIGNATURE_BYTES = 11;
  private static final int FIELDS = 4;

  private byte[] id = {};
  private String persistenceId = "";
  private byte[] writerBytes = {};
  private String writer = "";

  private CopiedRows() {}

  /**
   * Gives the rows of a query, in its order.
   *
   * @param sql selects persistence id, sequence number, payload and writer; {@code ?} stands for a
   *     text
   * @param taker gets all of them: to break a COPY off is to cancel whatever the server does next
   */
  static void read(
      Connection connection, String sql, List<String> texts, Consumer<JournalRow> taker)
      throws SQLException {
    PGConnection postgresql = connection.unwrap(PGConnection.class);
    CopyOut copy =
        postgresql
            .getCopyAPI()
            .copyOut("copy (" + written(postgresql, sql, texts) + ") to stdout (format binary)");
    try {
      new CopiedRows().read(copy, taker);
    } catch (RuntimeException e) {
      drain(copy);
      throw e;
    }
  }

  /** Reads to the end, which is at most a part of the journal away. */
  private static void drain(CopyOut copy) throws SQLException {
    byte @Nullable [] sent;
    do {
      sent = copy.readFromCopy();
    } while (sent != null);
  }

  /** A COPY takes no parameters: they are written into it, as literals. */
  private static String written(PGConnection connection, String sql, List<String> texts)
      throws SQLException {
    StringBuilder written = new StringBuilder();
    String[] between = sql.split("\\?", -1);
    for (int i = 0; i < between.length; i++) {
      written.append(between[i]);
      if (i < between.length - 1) {
        written.append('\'').append(connection.escapeLiteral(texts.get(i))).append('\'');
      }
    }
    return written.toString();
  }

  private void read(CopyOut copy, Consumer<JournalRow> taker) throws SQLException {
    boolean begun = false;
    for (byte @Nullable [] sent = copy.readFromCopy(); sent != null; sent = copy.readFromCopy()) {
      ByteBuffer in = ByteBuffer.wrap(sent);
      if (!begun) {
        begun = true;
        in.position(SIGNATURE_BYTES + Integer.BYTES); // its flags say nothing of interest
        in.position(in.getInt() + in.position());
      }
      while (in.hasRemaining()) {
        short fields = in.getShort();
        if (fields < 0) {
          break; // the end, which is sent in a message of its own
        }
        if (fields != FIELDS) {
          throw new SQLException(
              fields + " fields where " + FIELDS + " were asked for",
              PSQLState.PROTOCOL_VIOLATION.getState());
        }
        taker.accept(row(in));
      }
    }
  }

  private JournalRow row(ByteBuffer in) {
    int length = in.getInt();
    int from = in.position();
    byte[] all = in.array();
    if (!Arrays.equals(all, from, from + length, id, 0, id.length)) {
      id = Arrays.copyOfRange(all, from, from + length);
      persistenceId = new String(id, StandardCharsets.UTF_8);
    }
    in.position(from + length + Integer.BYTES); // the number's length is known
    long sequence = in.getLong();
    byte[] payload = new byte[in.getInt()];
    in.get(payload);
    length = in.getInt();
    from = in.position();
    if (!Arrays.equals(all, from, from + length, writerBytes, 0, writerBytes.length)) {
      writerBytes = Arrays.copyOfRange(all, from, from + length);
      writer = new String(writerBytes, StandardCharsets.UTF_8);
    }
    in.position(from + length);
    return new JournalRow(FeedPosition.START, persistenceId, sequence, payload, writer);
  }
}

package io.tandem.persistence.journal.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One row, a few and a crowd take three ways into the table; what is there is the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventRowsTest {

  private final Random random = new Random(20_261_124);
  private Connection connection;
  private RowStore.Insert<EventRow> insert;

  @BeforeAll
  void open() throws SQLException {
    DatabaseSettings settings = Databases.POSTGRESQL.fresh();
    Database.open(settings, Database.Contents.JOURNAL).close();
    connection = LaneConnection.open(settings);
    insert = new EventRows().prepare(connection);
  }

  @AfterAll
  void close() throws SQLException {
    connection.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    try (Statement truncate = connection.createStatement()) {
      truncate.execute("truncate event_journal");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 2_000})
  void
      whichever_way_rows_are_stored_they_are_read_as_they_were_in_their_order_and_by_one_transaction(
          int count) throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      rows.add(row("wallet|straße-" + i % 7 + "-\u4e2d\ud83d\ude00", i, random.nextInt(1_000)));
    }
    insert.store(rows);
    assertThat(seen(stored())).isEqualTo(seen(rows));
    assertThat(transactions()).hasSize(1);
  }

  @Test
  void payloads_around_the_size_of_what_is_gathered_for_the_wire_arrive_whole()
      throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    int[] sizes = {0, 1, 65_400, 65_480, 65_535, 65_536, 65_537, 70_000, 131_072, 1_000_003};
    for (int i = 1; i <= 70; i++) {
      rows.add(row("call|c", i, sizes[i % sizes.length]));
    }
    insert.store(rows);
    assertThat(seen(stored())).isEqualTo(seen(rows));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 100})
  void a_row_that_is_refused_leaves_nothing_of_its_company_and_the_connection_goes_on(int count)
      throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      rows.add(row("agent|a", i, 10));
    }
    insert.store(rows);
    List<EventRow> again = new ArrayList<>(List.of(row("agent|b", 1, 10)));
    again.addAll(rows);
    assertThatThrownBy(() -> insert.store(again))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    List<EventRow> tooLong = new ArrayList<>(rows.subList(0, count - 1));
    tooLong.replaceAll(row -> row("agent|c", row.sequence(), 10));
    tooLong.add(row("x".repeat(256), 1, 10));
    assertThatThrownBy(() -> insert.store(tooLong))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22001"));
    assertThat(seen(stored())).isEqualTo(seen(rows));
    insert.store(List.of(row("agent|b", 1, 10)));
    assertThat(stored()).hasSize(count + 1);
  }

  @Test
  void rows_that_cannot_even_be_sent_leave_the_connection_as_it_was() throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      rows.add(row("agent|a", i, 3_000));
    }
    rows.set(99, null);
    assertThatThrownBy(() -> insert.store(rows)).isInstanceOf(NullPointerException.class);
    assertThat(stored()).isEmpty();
    rows.set(99, row("agent|a", 100, 1));
    insert.store(rows);
    assertThat(stored()).hasSize(100);
  }

  private EventRow row(String id, long sequence, int bytes) {
    byte[] payload = new byte[bytes];
    random.nextBytes(payload);
    return new EventRow(
        id,
        sequence,
        "writer-" + sequence,
        1_795_000_000_000L + sequence,
        EventRow.SERIALIZER,
        "tally.added:" + sequence % 3,
        payload);
  }

  /** As an array equals no other one. */
  private static List<List<Object>> seen(List<EventRow> rows) {
    return rows.stream()
        .map(
            row ->
                List.<Object>of(
                    row.persistenceId(),
                    row.sequence(),
                    row.writer(),
                    row.writtenAtMillis(),
                    row.serializer(),
                    row.manifest(),
                    ByteBuffer.wrap(row.payload())))
        .toList();
  }

  private List<EventRow> stored() throws SQLException {
    List<EventRow> rows = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select persistence_id, sequence_number, writer, write_timestamp, event_ser_id,
                  event_ser_manifest, event_payload
                from event_journal
                where adapter_manifest = '' and not deleted and meta_payload is null
                order by ordering""");
        ResultSet each = select.executeQuery()) {
      while (each.next()) {
        rows.add(
            new EventRow(
                each.getString(1),
                each.getLong(2),
                each.getString(3),
                each.getLong(4),
                each.getInt(5),
                each.getString(6),
                each.getBytes(7)));
      }
    }
    return rows;
  }

  private Set<String> transactions() throws SQLException {
    Set<String> ids = new HashSet<>();
    try (PreparedStatement select =
            connection.prepareStatement("select distinct txid::text from event_journal");
        ResultSet each = select.executeQuery()) {
      while (each.next()) {
        ids.add(each.getString(1));
      }
    }
    return ids;
  }
}

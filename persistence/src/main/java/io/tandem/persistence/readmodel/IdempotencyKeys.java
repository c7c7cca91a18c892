package io.tandem.persistence.readmodel;

import static java.time.temporal.ChronoUnit.MICROS;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests that carried an Idempotency-Key, with their answers. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class IdempotencyKeys {

  /** A request that was begun longer ago than this and has no answer has lost its node. */
  public static final Duration ABANDONED_AFTER = Duration.ofSeconds(60);

  private static final String DUPLICATE_KEY = "23505"; // the same SQLSTATE on both

  /** What is to be done with a request. */
  public sealed interface Begun {
    /**
     * It is new, or its first try was abandoned: do it.
     *
     * @param firstAt when it was first seen: what is derived from it comes out the same in a second
     *     try
     */
    record First(Instant firstAt) implements Begun {}

    /** It is being done just now. */
    record InProgress(Instant since) implements Begun {}

    /** It was done: this was the answer. */
    record Done(Answer answer) implements Begun {}

    /** Another request was made under this key. */
    record Conflict() implements Begun {}
  }

  /** An answer as it was given. */
  public record Answer(int status, String contentType, byte[] body) {}

  private record Stored(String digest, Instant firstAt, Instant begunAt, @Nullable Answer answer) {}

  private final Database database;

  public IdempotencyKeys(Database database) {
    this.database = database;
  }

  /**
   * Asks whether a request is new, and notes that it is being done if so.
   *
   * @param scope whose keys these are: the token's account
   * @param requestDigest hash of method, path and body
   */
  public Begun begin(String scope, String key, String requestDigest, Instant now) {
    return database.run(
        connection -> {
          if (insert(connection, scope, key, requestDigest, now)) {
            return new Begun.First(now.truncatedTo(MICROS));
          }
          List<Stored> stored = select(connection, scope, key);
          if (stored.isEmpty()) {
            return new Begun.InProgress(now); // dropped this instant: the client tries again
          }
          return judge(connection, scope, key, requestDigest, now, stored.getFirst());
        });
  }

  private static Begun judge(
      Connection connection, String scope, String key, String digest, Instant now, Stored stored)
      throws SQLException {
    if (!stored.digest().equals(digest)) {
      return new Begun.Conflict();
    }
    if (stored.answer() != null) {
      return new Begun.Done(stored.answer());
    }
    if (stored.begunAt().plus(ABANDONED_AFTER).isAfter(now)) {
      return new Begun.InProgress(stored.begunAt());
    }
    int[] taken =
        Sql.batch(
            connection,
            "update http_idempotency set begun_at = ? where scope = ? and request_key = ? and"
                + " begun_at = ? and status is null",
            List.<@Nullable Object[]>of(new Object[] {now, scope, key, stored.begunAt()}));
    return taken[0] == 1 ? new Begun.First(stored.firstAt()) : new Begun.InProgress(now);
  }

  /** Notes the answer of a request that was begun. */
  public void complete(String scope, String key, Answer answer) {
    int unused =
        database.update(
            "update http_idempotency set status = ?, content_type = ?, body = ? where scope = ? and"
                + " request_key = ?",
            answer.status(),
            answer.contentType(),
            answer.body(),
            scope,
            key);
  }

  /** Drops a key whose request failed in a way that may be tried again. */
  public void drop(String scope, String key) {
    int unused =
        database.update(
            "delete from http_idempotency where scope = ? and request_key = ? and status is null",
            scope,
            key);
  }

  /**
   * Gives a request back whose outcome is not known: the next try may begin at once, and is told
   * the same first instant.
   */
  public void giveBack(String scope, String key) {
    int unused =
        database.update(
            "update http_idempotency set begun_at = ? where scope = ? and request_key = ? and"
                + " status is null",
            Instant.EPOCH,
            scope,
            key);
  }

  /** Forgets requests first seen before an instant; gives how many there were. */
  public int forget(Instant before) {
    return database.update("delete from http_idempotency where first_at < ?", before);
  }

  private static boolean insert(
      Connection connection, String scope, String key, String digest, Instant now)
      throws SQLException {
    try {
      Sql.batch(
          connection,
          "insert into http_idempotency (scope, request_key, request_digest, first_at, begun_at)"
              + " values (?, ?, ?, ?, ?)",
          List.<@Nullable Object[]>of(new Object[] {scope, key, digest, now, now}));
      return true;
    } catch (SQLException e) {
      if (DUPLICATE_KEY.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private static List<Stored> select(Connection connection, String scope, String key)
      throws SQLException {
    return Sql.list(
        connection,
        "select request_digest, first_at, begun_at, status, content_type, body from"
            + " http_idempotency where scope = ? and request_key = ?",
        row -> {
          int status = row.getInt("status");
          Answer answer =
              row.wasNull()
                  ? null
                  : new Answer(status, row.getString("content_type"), row.getBytes("body"));
          return new Stored(
              row.getString("request_digest"),
              Sql.instant(row.getLong("first_at")),
              Sql.instant(row.getLong("begun_at")),
              answer);
        },
        scope,
        key);
  }

  /**
   * Empties kept answers that hold one of these texts, as a person was erased; the request stays
   * known, so that it is not done twice.
   *
   * @return how many there were
   */
  public int empty(Collection<String> texts) {
    if (texts.isEmpty()) {
      return 0;
    }
    List<@Nullable Object[]> hits =
        database.run(
            connection ->
                Sql.list(
                    connection,
                    "select scope, request_key, body from http_idempotency where body is not null",
                    row ->
                        holds(row.getBytes("body"), texts)
                            ? new @Nullable Object[] {
                              new byte[0], row.getString(1), row.getString(2)
                            }
                            : new @Nullable Object[0]));
    hits.removeIf(hit -> hit.length == 0);
    int[] unused =
        database.inTransaction(
            connection ->
                Sql.batch(
                    connection,
                    "update http_idempotency set body = ? where scope = ? and request_key = ?",
                    hits));
    return hits.size();
  }

  private static boolean holds(byte[] body, Collection<String> texts) {
    String text = new String(body, StandardCharsets.UTF_8);
    return texts.stream().anyMatch(each -> text.contains(each) || text.contains(inJson(each)));
  }

  /** As it stands in an answer: a name may have quotes. */
  private static String inJson(String text) {
    return String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text));
  }
}

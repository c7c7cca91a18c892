package io.tandem.persistence.privacy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.KeyAssignments;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * What has been kept for long enough goes (PRV-1): the keys of a class and a month, person by
 * person, each in the log of erasures, so that a restored copy of the keys loses them too. A legal
 * hold and the law go first (PRV-9). All methods throw {@link JournalException} UNAVAILABLE.
 */
public final class Retention {

  private static final int PAGE = 500;
  private static final String BY = "retention";

  private static final String OVER =
      """
      select subject, period from data_key
      where data_class = ? and period < ? and wrapped is not null
        and subject not like 'case:%'
        and (subject > ? or subject = ? and period > ?)
      group by subject, period order by subject, period limit ?\
      """;

  private record Month(String subject, String period) {}

  private final Database keyDatabase;
  private final KeyStore keys;
  private final Erasures erasures;
  private final JournalFeed feed;
  private final Map<DataClass, Duration> kept;
  private FeedPosition assigned = FeedPosition.START;

  /**
   * @param kept for how long; a class that is not there is kept until it is asked for
   * @param law for how long at least
   */
  public Retention(
      Database journal,
      Database keyDatabase,
      KeyStore keys,
      Map<DataClass, Duration> kept,
      KeptByLaw law) {
    this.keyDatabase = keyDatabase;
    this.keys = keys;
    this.erasures = new Erasures(journal, keyDatabase, keys, law);
    this.feed = new JournalFeed(journal);
    this.kept = Map.copyOf(kept);
  }

  /**
   * What was done.
   *
   * @param keys how many were destroyed
   * @param held months that a legal hold or the law keeps
   */
  public record Result(int keys, int held) {}

  /** Destroys what has been kept for long enough, and what was asked for and was kept back. */
  public Result enforce(Instant now) {
    assigned = KeyAssignments.rebuild(feed, keys, assigned);
    keys.flush();
    int destroyed = erasures.finish(now);
    int held = 0;
    for (Map.Entry<DataClass, Duration> each : kept.entrySet()) {
      Instant past = now.minus(each.getValue());
      String month = YearMonth.from(past.atZone(ZoneOffset.UTC)).toString();
      Month last = new Month("", "");
      List<Month> page;
      do {
        page = over(each.getKey(), month, last);
        for (Month over : page) {
          last = over;
          if (erasures.mayGo(over.subject(), each.getKey(), over.period(), now)) {
            destroyed +=
                erasures.expire(
                    over.subject(), each.getKey(), over.period(), now, BY, "kept until " + month);
          } else {
            held++;
          }
        }
      } while (page.size() == PAGE);
    }
    return new Result(destroyed, held);
  }

  private List<Month> over(DataClass dataClass, String month, Month after) {
    return keyDatabase.run(
        connection ->
            Sql.list(
                connection,
                OVER,
                row -> new Month(row.getString("subject"), row.getString("period")),
                dataClass.code(),
                month,
                after.subject(),
                after.subject(),
                after.period(),
                PAGE));
  }
}

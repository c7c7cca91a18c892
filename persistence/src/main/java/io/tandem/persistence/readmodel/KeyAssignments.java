package io.tandem.persistence.readmodel;

import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.PersonalScan;
import io.tandem.persistence.journal.keys.KeyStore;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * Tells the key store again whose each key in the journal is: after a node died before it had said
 * so, and before an erasure that must miss nothing. Saying it twice does no harm.
 */
public final class KeyAssignments {

  private static final int PAGE = 1_000;

  private KeyAssignments() {}

  /**
   * Goes through the feed from a position to its end; what cannot be read is passed over, the
   * auditor names it.
   *
   * @return where it came to, to go on from next time
   * @throws JournalException UNAVAILABLE
   */
  public static FeedPosition rebuild(JournalFeed feed, KeyStore keys, FeedPosition from) {
    FeedPosition position = from;
    while (true) {
      FeedPage page = feed.read(position, PAGE);
      if (page.rows().isEmpty()) {
        return position;
      }
      for (JournalRow row : page.rows()) {
        adopt(row, keys);
      }
      position = page.next();
    }
  }

  private static void adopt(JournalRow row, KeyStore keys) {
    try {
      Envelope envelope = row.envelope();
      String period = YearMonth.from(envelope.header().at().atZone(ZoneOffset.UTC)).toString();
      for (PersonalScan.Found found : PersonalScan.of(envelope.payload())) {
        keys.adopt(found.key(), found.subject(), found.dataClass(), period);
      }
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
    }
  }
}

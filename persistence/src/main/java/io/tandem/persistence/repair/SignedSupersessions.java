package io.tandem.persistence.repair;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.journal.Supersessions;
import io.tandem.persistence.proof.VerifyingKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The genuine records of a database, in memory: there are few. A newer one is noticed where an
 * event cannot be read, which is when it is needed.
 */
public final class SignedSupersessions implements Supersessions {

  private static final Logger LOG = LoggerFactory.getLogger(SignedSupersessions.class);

  private record Known(Map<String, Map<Long, Supersession>> byEntity, long newest) {
    static final Known NONE = new Known(Map.of(), 0);
  }

  private final SupersessionLog log;
  private volatile Known known = Known.NONE;

  private SignedSupersessions(SupersessionLog log) {
    this.log = log;
  }

  /**
   * Reads them.
   *
   * @throws JournalException UNAVAILABLE
   */
  public static SignedSupersessions open(Database database, VerifyingKey key) {
    SignedSupersessions opened = new SignedSupersessions(new SupersessionLog(database, key));
    opened.lookAgain();
    return opened;
  }

  @Override
  public @Nullable Supersession of(Envelope envelope) {
    Known now = known;
    if (now.byEntity().isEmpty()) {
      return null;
    }
    return in(now.byEntity(), envelope);
  }

  @Override
  public synchronized void lookAgain() {
    long newest = log.newest();
    if (newest == known.newest()) {
      return;
    }
    List<Supersession> genuine =
        log.genuine(
            (what, number, wrong) -> LOG.error("{}#{} is not read by: {}", what, number, wrong));
    known = new Known(byEntity(genuine), newest);
    LOG.info("{} records say what is read in the place of unreadable events", genuine.size());
  }

  /** A set of records that does not change; of several of one event the newest counts. */
  static Supersessions fixed(Collection<Supersession> records) {
    Map<String, Map<Long, Supersession>> all = byEntity(records);
    return envelope -> in(all, envelope);
  }

  private static @Nullable Supersession in(
      Map<String, Map<Long, Supersession>> all, Envelope envelope) {
    Map<Long, Supersession> ofEntity = all.get(envelope.persistenceId());
    Supersession record = ofEntity == null ? null : ofEntity.get(envelope.sequence());
    return record != null && record.isOf(envelope) ? record : null;
  }

  private static Map<String, Map<Long, Supersession>> byEntity(Collection<Supersession> records) {
    Map<String, Map<Long, Supersession>> all = new HashMap<>();
    records.forEach(
        each -> {
          Supersession unused =
              all.computeIfAbsent(each.entity(), entity -> new HashMap<>())
                  .put(each.sequence(), each);
        });
    return all;
  }
}

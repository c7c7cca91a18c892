package io.tandem.persistence.audit;

import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.money.Stated;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Adds up the postings that one thread reads, entity by entity. */
final class Sums implements Consumer<JournalRow> {

  private final @Nullable Instant asOf;
  private final EventCodec codec;
  private final Tick tick;
  private final TrialBalance balance = new TrialBalance();
  private String entity = "";
  private StatedBalances stated = new StatedBalances();

  Sums(@Nullable Instant asOf, EventCodec codec, LongConsumer progress) {
    this.asOf = asOf;
    this.codec = codec;
    this.tick = new Tick(progress);
  }

  TrialBalance balance() {
    return balance;
  }

  @Override
  public void accept(JournalRow row) {
    tick.next();
    if (!row.persistenceId().equals(entity)) {
      entity = row.persistenceId();
      stated = new StatedBalances();
    }
    boolean counts = true;
    try {
      Envelope envelope = row.envelope();
      counts = asOf == null || !envelope.header().at().isAfter(asOf);
      Posted posted = codec.read(envelope, Posted.class).orElse(null);
      if (posted == null) {
        stated.skip();
        return;
      }
      List<Posting> postings = posted.postings();
      // what is later is followed too: clocks of two nodes may have crossed
      String off = posted instanceof Stated each ? stated.next(each, postings) : null;
      if (counts) {
        balance.add(envelope, postings);
        if (off != null) {
          balance.wrong(envelope, off);
        }
      }
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
      stated.skip();
      if (counts) {
        balance.leftOut(row.toString(), e.fault() + " " + e.getMessage());
      }
    } catch (RuntimeException e) {
      stated.skip();
      if (counts) {
        balance.leftOut(row.toString(), "cannot be posted: " + e.getClass().getSimpleName());
      }
    }
  }
}

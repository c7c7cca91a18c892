package io.tandem.node.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.audit.Reconciliation.Difference;
import io.tandem.persistence.audit.Reconciliation.Page;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round and round comparing the read models with the journal (WAL-12), a little at a time; at
 * the end of each round also the rows of nothing and the sums of charges.
 *
 * <p>Alarm: {@code tandem_reconciliation_differences}, of the last whole round. The log names each
 * kind and its number; {@code tandem audit reconcile} names them all.
 */
public final class Reconciler implements Daemon.Work {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final int ENTITIES_A_STEP = 200;
  private static final int ORPHANS_MAX = 1_000;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_ROUNDS = Duration.ofHours(12);

  /** Calls younger than this may have a charge on its way. */
  private static final Duration CHARGES_SETTLE = Duration.ofHours(1);

  private final Reconciliation reconciliation;
  private final InstantSource clock;
  private final AtomicLong lastRound = new AtomicLong();
  private final Counter compared;
  private String after = "";
  private long found;

  public Reconciler(Reconciliation reconciliation, InstantSource clock, MeterRegistry meters) {
    this.reconciliation = reconciliation;
    this.clock = clock;
    this.compared = meters.counter("tandem.reconciliation.compared");
    Gauge differences =
        Gauge.builder("tandem.reconciliation.differences", lastRound::get).register(meters);
    LOG.debug("{} is shown", differences.getId());
  }

  @Override
  public Duration step() {
    Page page = reconciliation.page(after, ENTITIES_A_STEP);
    compared.increment(page.entities());
    tell(page.differences());
    after = page.last();
    if (page.entities() == ENTITIES_A_STEP) {
      return PAUSE;
    }
    tell(reconciliation.orphans(ORPHANS_MAX));
    tell(reconciliation.charges(clock.instant().minus(CHARGES_SETTLE)));
    lastRound.set(found);
    found = 0;
    after = "";
    return BETWEEN_ROUNDS;
  }

  private void tell(List<Difference> differences) {
    found += differences.size();
    if (!differences.isEmpty()) {
      String entity = differences.getFirst().entity();
      LOG.error(
          "{} differences between read models and journal, the first of a {}; see: tandem audit"
              + " reconcile",
          differences.size(),
          entity.substring(0, Math.max(0, entity.indexOf('|'))));
    }
  }
}

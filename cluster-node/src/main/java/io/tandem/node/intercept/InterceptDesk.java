package io.tandem.node.intercept;

import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.privacy.Disclosure.Step;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.DisclosureLog.Outcome;
import io.tandem.persistence.privacy.Interception;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.protocol.media.record.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which orders to listen in stand on this node, and the one thread that keeps what they bring
 * (CMP-7): files and trail, in the order in which things happened. The orders are read from the
 * trail in the database, whose notes the officers signed: who owns the database cannot make one up.
 */
public final class InterceptDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InterceptDesk.class);
  private static final int CLOSE_SECONDS = 10;

  private final DisclosureLog log;
  private final SigningKey key;
  private final CaseStore store;
  private final Blinder blinder;
  private final InstantSource clock;
  private final ExecutorService cases =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("cases").factory());
  private volatile List<Interception> orders = List.of();
  private long seen;

  /**
   * @param key of the checkpoints, which signs what nodes note
   */
  public InterceptDesk(
      DisclosureLog log, SigningKey key, CaseStore store, Blinder blinder, InstantSource clock) {
    this.log = log;
    this.key = key;
    this.store = store;
    this.blinder = blinder;
    this.clock = clock;
  }

  /** Looks for new orders; waits for the database, so not on a loop. One at a time. */
  public synchronized void refresh() {
    long newest = log.newest();
    if (newest != seen) {
      orders = log.orders((what, number, wrong) -> LOG.error("{}#{} is {}", what, number, wrong));
      seen = newest;
    }
  }

  /** Whether there is any order, also one whose period is not there yet. */
  public boolean any() {
    return !orders.isEmpty();
  }

  /** The orders that hold now for one of some numbers, given as blind names. */
  public List<Interception> on(Set<String> blinds) {
    Instant now = clock.instant();
    return orders.stream()
        .filter(order -> order.holds(now) && blinds.contains(order.blind()))
        .toList();
  }

  /** A number's blind name. */
  public String blind(String number) {
    return blinder.person(number);
  }

  /** Does something after all that was given before. */
  public void execute(Runnable work) {
    try {
      cases.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException e) {
              LOG.error("something of a case is not kept", e);
            }
          });
    } catch (RejectedExecutionException leaving) {
      LOG.warn("the node leaves; something of a case is not kept");
    }
  }

  /**
   * Notes that a call has come under an order. Nothing is kept of a call without that.
   *
   * @return whether it is noted
   */
  public boolean started(Interception order, String callId) {
    return note(order, Step.STARTED, "call " + callId, "by order");
  }

  /** Notes that it no longer is. */
  public void stopped(Interception order, String about, String reason) {
    boolean unused = note(order, Step.STOPPED, about, reason);
  }

  private boolean note(Interception order, Step step, String about, String reason) {
    try {
      Outcome outcome = log.listened(key, step, order.request(), about, reason, clock.instant());
      if (outcome instanceof Outcome.Refused refused) {
        LOG.warn("request {}: {} is refused: {}", order.request(), step, refused.why());
      }
      return outcome instanceof Outcome.Noted;
    } catch (JournalException away) {
      LOG.error("request {}: {} could not be noted: {}", order.request(), step, away.fault());
      return false;
    }
  }

  /** Files facts of a call; gives what went wrong, empty for nothing. */
  public String file(Interception order, String callId, String part, String facts) {
    try {
      store.file(order, callId, part, facts.getBytes(StandardCharsets.UTF_8));
      return "";
    } catch (IOException e) {
      LOG.error("request {}: facts could not be filed: {}", order.request(), e.toString());
      return e.toString();
    }
  }

  /**
   * Begins a recording.
   *
   * @throws IOException when the disk or the keys refuse
   */
  public Recording record(Interception order, String callId, int rateHz) throws IOException {
    return store.record(order, callId, rateHz);
  }

  /** Waits for what is still to be kept. */
  @Override
  public void close() {
    cases.shutdown();
    try {
      if (!cases.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("what was heard for a case is not all kept");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.tandem.node.edge;

import io.tandem.persistence.readmodel.SipBan;
import io.tandem.persistence.readmodel.SipBans;
import io.tandem.protocol.sip.defence.Ban;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.Offence;
import io.tandem.protocol.sip.defence.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares bans with the other edges and with the operator (ACC-8): what this edge pronounced is
 * stored and then told to the security log, what others did or an operator lifted is taken over,
 * every two seconds. Without a database each edge goes on by itself.
 */
public final class BanKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BanKeeper.class);
  private static final long PERIOD_MILLIS = 2_000;

  private final EdgeWorld world;
  private final SipBans store;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final Set<String> stored = new HashSet<>();
  private final Set<String> told = new HashSet<>();
  private volatile boolean closed;

  /** Of one edge. */
  public BanKeeper(EdgeWorld world, SipBans store) {
    this.world = world;
    this.store = store;
  }

  /** Begins. */
  public void start() {
    var timer = world.transport().loop().schedule(PERIOD_MILLIS, this::tick);
    LOG.trace("next look at the bans: {}", timer);
  }

  /** On the loop; the database is asked elsewhere. */
  private void tick() {
    if (closed) {
      return;
    }
    start();
    if (!busy.compareAndSet(false, true)) {
      return;
    }
    long nanos = world.transport().loop().nanoTime();
    Instant now = world.clock().now().wall();
    List<SipBan> fresh = new ArrayList<>();
    Set<String> held = new HashSet<>();
    for (Ban ban : defence().bans(nanos)) {
      held.add(ban.id());
      if (!stored.contains(ban.id())) {
        fresh.add(row(ban, nanos, now));
      }
    }
    stored.retainAll(held);
    world.blocking().execute(() -> exchange(fresh, nanos, now));
  }

  private SipBan row(Ban ban, long nanos, Instant now) {
    Instant until = now.plusNanos(ban.untilNanos() - nanos);
    return new SipBan(
        ban.id(), ban.subject().text(), ban.offence().name(), world.ref().name(), now, until, null);
  }

  private void exchange(List<SipBan> fresh, long nanos, Instant now) {
    try {
      store.add(fresh);
      List<SipBan> running = store.running(now);
      int unused = store.forget(now);
      world.transport().loop().execute(() -> takeOver(fresh, running, nanos, now));
    } catch (RuntimeException away) {
      LOG.warn("bans could not be shared: {}", away.toString());
    } finally {
      busy.set(false);
    }
  }

  private void takeOver(List<SipBan> fresh, List<SipBan> running, long nanos, Instant now) {
    fresh.forEach(ban -> stored.add(ban.id()));
    tell(running);
    List<Ban> elsewhere = new ArrayList<>();
    List<String> lifted = new ArrayList<>();
    for (SipBan row : running) {
      if (row.liftedAt() != null) {
        lifted.add(row.id());
      } else {
        ban(row, nanos, now).ifPresent(elsewhere::add);
        stored.add(row.id());
      }
    }
    defence().adopt(elsewhere, lifted, nanos);
  }

  /** What this edge has pronounced, also before it was started again: it is noted once. */
  private void tell(List<SipBan> running) {
    List<SipBan> own =
        running.stream().filter(ban -> ban.edgeId().equals(world.ref().name())).toList();
    own.stream().filter(ban -> told.add(ban.id())).forEach(world.doors()::banned);
    told.retainAll(own.stream().map(SipBan::id).toList());
  }

  /** A row of a newer edge may name what this one does not know: it is passed by. */
  private static Optional<Ban> ban(SipBan row, long nanos, Instant now) {
    for (Offence offence : Offence.values()) {
      if (offence.name().equals(row.offence())) {
        long until = nanos + Duration.between(now, row.until()).toNanos();
        return Subject.parse(row.subject())
            .map(subject -> new Ban(row.id(), subject, offence, until));
      }
    }
    return Optional.empty();
  }

  private Defence defence() {
    return world.transport().defence();
  }

  @Override
  public void close() {
    closed = true;
  }
}

package io.tandem.node.entity.host;

import io.tandem.node.entity.EdgeSignal;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.persistence.call.EdgeRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The host's ports in one: an edge that takes signals on when told to, and everything seen. */
public final class Recorder implements EdgePort, Settling, HostWatch {

  /** A signal that came. */
  public record Signalled(String effectId, EdgeSignal signal, Runnable taken) {}

  /** An alarm. */
  public record Stopped(String id, Why why) {}

  public final List<Signalled> signals = new CopyOnWriteArrayList<>();
  public final Map<EntityKey, Long> settled = new ConcurrentHashMap<>();
  public final List<Stopped> stopped = new CopyOnWriteArrayList<>();
  public final List<Integer> batches = new CopyOnWriteArrayList<>();
  public final List<Why> refused = new CopyOnWriteArrayList<>();
  public final AtomicInteger writesFailed = new AtomicInteger();
  public final AtomicInteger rulesFailed = new AtomicInteger();
  public final AtomicInteger snapshotsFailed = new AtomicInteger();
  public final AtomicInteger recoveries = new AtomicInteger();
  public final AtomicLong eventsReplayed = new AtomicLong();
  public final AtomicInteger effectsSent = new AtomicInteger();

  /** Whether signals are acknowledged at once. */
  public volatile boolean lampsAnswer = true;

  @Override
  public void send(EdgeRef edge, String effectId, EdgeSignal signal, Runnable taken) {
    signals.add(new Signalled(effectId, signal, taken));
    if (lampsAnswer) {
      taken.run();
    }
  }

  @Override
  public void settled(EntityKey entity, long sequence) {
    settled.merge(entity, sequence, Math::max);
  }

  @Override
  public void written(String noun, int commands, int events, long micros) {
    batches.add(events);
  }

  @Override
  public void recovered(String noun, long events) {
    recoveries.incrementAndGet();
    eventsReplayed.addAndGet(events);
  }

  @Override
  public void refused(String noun, Why why) {
    refused.add(why);
  }

  @Override
  public void writeFailed(String noun, String id, long sequence) {
    writesFailed.incrementAndGet();
  }

  @Override
  public void stopped(String noun, String id, Why why, Throwable cause) {
    stopped.add(new Stopped(id, why));
  }

  @Override
  public void rulesFailed(String noun, String id, String what, Throwable cause) {
    rulesFailed.incrementAndGet();
  }

  @Override
  public void snapshotFailed(String noun, String id, Throwable cause) {
    snapshotsFailed.incrementAndGet();
  }

  @Override
  public void sent(String noun, int attempt) {
    effectsSent.incrementAndGet();
  }
}

package io.tandem.node.entity.host;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tandem.node.entity.host.HostMessage.Why;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters and log of the hosts. Alarms are {@code tandem_entity_stopped_total} and {@code
 * tandem_entity_rules_failed_total}.
 */
public final class MeteredWatch implements HostWatch {

  private static final Logger LOG = LoggerFactory.getLogger("io.tandem.node.entity");

  /** The meters of one noun. */
  private record Meters(
      Counter commands,
      Counter events,
      DistributionSummary batch,
      Timer write,
      Counter loaded,
      Counter replayed,
      Counter writesFailed,
      Counter rulesFailed,
      Counter snapshotsFailed,
      Counter effects,
      Counter effectsAgain) {}

  private final MeterRegistry registry;
  private final Runnable stored;
  private final Map<String, Meters> nouns = new ConcurrentHashMap<>();

  public MeteredWatch(MeterRegistry registry) {
    this(registry, () -> {});
  }

  /**
   * @param stored run when events have become durable; must not block
   */
  public MeteredWatch(MeterRegistry registry, Runnable stored) {
    this.registry = registry;
    this.stored = stored;
  }

  @Override
  public void written(String noun, int commands, int events, long micros) {
    Meters meters = of(noun);
    meters.commands().increment(commands);
    if (events > 0) {
      stored.run();
      meters.events().increment(events);
      meters.batch().record(events);
      meters.write().record(micros, TimeUnit.MICROSECONDS);
    }
  }

  @Override
  public void recovered(String noun, long events) {
    of(noun).loaded().increment();
    of(noun).replayed().increment(events);
  }

  @Override
  public void refused(String noun, Why why) {
    registry.counter("tandem.entity.refused", "noun", noun, "why", why.name()).increment();
  }

  @Override
  public void writeFailed(String noun, String id, long sequence) {
    of(noun).writesFailed().increment();
    LOG.warn("{}|{}: the write from #{} on failed or its outcome is unknown", noun, id, sequence);
  }

  @Override
  public void stopped(String noun, String id, Why why, Throwable cause) {
    registry.counter("tandem.entity.stopped", "noun", noun, "why", why.name()).increment();
    LOG.error("{}|{} cannot run here: {}", noun, id, why, cause);
  }

  @Override
  public void rulesFailed(String noun, String id, String what, Throwable cause) {
    of(noun).rulesFailed().increment();
    LOG.error("{}|{}: rules failed on {}", noun, id, what, cause);
  }

  @Override
  public void snapshotFailed(String noun, String id, Throwable cause) {
    of(noun).snapshotsFailed().increment();
    LOG.warn("{}|{}: no snapshot: {}", noun, id, cause.toString());
  }

  @Override
  public void sent(String noun, int attempt) {
    (attempt == 1 ? of(noun).effects() : of(noun).effectsAgain()).increment();
  }

  private Meters of(String noun) {
    Meters known = nouns.get(noun);
    return known == null ? nouns.computeIfAbsent(noun, this::make) : known;
  }

  private Meters make(String noun) {
    return new Meters(
        counter("commands", noun),
        counter("events", noun),
        DistributionSummary.builder("tandem.entity.batch.events")
            .tag("noun", noun)
            .register(registry),
        Timer.builder("tandem.entity.write").tag("noun", noun).register(registry),
        counter("loaded", noun),
        counter("replayed", noun),
        counter("writes.failed", noun),
        counter("rules.failed", noun),
        counter("snapshots.failed", noun),
        counter("effects", noun),
        counter("effects.again", noun));
  }

  private Counter counter(String name, String noun) {
    return Counter.builder("tandem.entity." + name).tag("noun", noun).register(registry);
  }
}

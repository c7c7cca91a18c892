package io.tandem.node.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.tandem.protocol.sip.observe.SessionMeasures.Outcome;
import io.tandem.protocol.sip.observe.SessionMeasures.Role;
import io.tandem.protocol.sip.observe.SessionMeasures.Sink;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The measures of RFC 6076 as meters: delays as timers, and since the start of the edge the ratios
 * IRA (4.2), SER (4.6), SEER (4.7), ISA (4.8) and SCR (4.9) as gauges from 0 to 100. Over other
 * times they are made of the counters {@code tandem.sip.sessions} and {@code
 * tandem.sip.registrations}.
 */
final class SessionMeters implements Sink {
  private final MeterRegistry meters;
  private final Map<Role, Map<Outcome, LongAdder>> attempts = new EnumMap<>(Role.class);
  private final Map<Role, Registrations> registrations = new EnumMap<>(Role.class);

  /** Those that were used: to look one up by its tags costs more than to use it. */
  private final Map<String, Timer> timers = new HashMap<>();

  private final Map<String, Counter> counters = new HashMap<>();

  private record Registrations(LongAdder all, LongAdder ineffective) {
    double ira() {
      return percent(ineffective.sum(), all.sum());
    }
  }

  SessionMeters(MeterRegistry meters) {
    this.meters = meters;
    for (Role role : Role.values()) {
      Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        outcomes.put(outcome, new LongAdder());
      }
      attempts.put(role, outcomes);
      String[] tags = {"role", text(role)};
      meters.gauge("tandem.sip.ser.percent", Tags.of(tags), outcomes, SessionMeters::ser);
      meters.gauge("tandem.sip.seer.percent", Tags.of(tags), outcomes, SessionMeters::seer);
      meters.gauge("tandem.sip.isa.percent", Tags.of(tags), outcomes, SessionMeters::isa);
      meters.gauge("tandem.sip.scr.percent", Tags.of(tags), outcomes, SessionMeters::scr);
      Registrations none = new Registrations(new LongAdder(), new LongAdder());
      registrations.put(role, none);
      meters.gauge("tandem.sip.ira.percent", Tags.of(tags), none, Registrations::ira);
    }
  }

  private static long all(Map<Outcome, LongAdder> of) {
    return of.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private static long count(Map<Outcome, LongAdder> of, Outcome outcome) {
    LongAdder adder = of.get(outcome);
    return adder == null ? 0 : adder.sum();
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? Double.NaN : 100.0 * part / whole;
  }

  private static double ser(Map<Outcome, LongAdder> of) {
    return percent(count(of, Outcome.ESTABLISHED), all(of) - count(of, Outcome.REDIRECTED));
  }

  private static double seer(Map<Outcome, LongAdder> of) {
    return percent(
        count(of, Outcome.ESTABLISHED) + count(of, Outcome.EFFECTIVE),
        all(of) - count(of, Outcome.REDIRECTED));
  }

  private static double isa(Map<Outcome, LongAdder> of) {
    return percent(count(of, Outcome.INEFFECTIVE) + count(of, Outcome.UNANSWERED), all(of));
  }

  /** What came to an end without failing for lack of an answer. */
  private static double scr(Map<Outcome, LongAdder> of) {
    return percent(all(of) - count(of, Outcome.UNANSWERED), all(of));
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Timer timer(String name, Role role, String outcome) {
    return timers.computeIfAbsent(
        name + ' ' + role + ' ' + outcome,
        key -> meters.timer("tandem.sip." + name, "role", text(role), "outcome", outcome));
  }

  private Counter counter(String name, Role role, String outcome) {
    return counters.computeIfAbsent(
        name + ' ' + role + ' ' + outcome,
        key -> meters.counter("tandem.sip." + name, "role", text(role), "outcome", outcome));
  }

  @Override
  public void registered(Role role, long nanos) {
    timer("rrd", role, "ok").record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void registrationAttempted(Role role, boolean ineffective) {
    Registrations of = registrations.get(role);
    if (of != null) {
      of.all().increment();
      of.ineffective().add(ineffective ? 1 : 0);
    }
    String outcome = ineffective ? "ineffective" : "ok";
    counter("registrations", role, outcome).increment();
  }

  @Override
  public void requested(Role role, boolean failed, long nanos) {
    timer("srd", role, failed ? "failed" : "ok").record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void disconnected(Role role, long nanos) {
    timer("sdd", role, "ok").record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void lasted(Role role, long nanos) {
    timer("sdt", role, "ok").record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void attempted(Role role, Outcome outcome) {
    Map<Outcome, LongAdder> outcomes = attempts.get(role);
    LongAdder adder = outcomes == null ? null : outcomes.get(outcome);
    if (adder != null) {
      adder.increment();
    }
    counter("sessions", role, text(outcome)).increment();
  }
}

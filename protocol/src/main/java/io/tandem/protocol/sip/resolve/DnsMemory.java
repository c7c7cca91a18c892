package io.tandem.protocol.sip.resolve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers kept for as long as they are good: records for their time to live, that there are none
 * likewise (RFC 2308). A question that is out is not asked twice. When nobody can say, what was
 * known last is said again for a while (RFC 8767): a carrier whose name servers are away is still
 * where it was.
 */
public final class DnsMemory implements Dns {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** Whoever says a day or more is asked again after a day (RFC 2308 section 5: sensible caps). */
  private static final long TTL_SECONDS_MAX = 86_400;

  private static final long NOTHING_SECONDS_MAX = 900;

  /**
   * RFC 8767 section 4 and 5: how long what ran out may be said, and how soon it is asked again.
   */
  private static final long STALE_SECONDS_MAX = 86_400;

  static final long RETRY_SECONDS = 10;

  private final Dns source;
  private final LongSupplier nanoTime;
  private final Map<Question, List<Consumer<Answer>>> out = new HashMap<>();
  private final Map<Question, Kept> kept;

  private record Kept(Answer answer, long untilNanos, long staleUntilNanos) {}

  /**
   * @param nanoTime monotonic
   * @param max answers; the one that was not asked for longest goes first
   */
  public DnsMemory(Dns source, LongSupplier nanoTime, int max) {
    this.source = source;
    this.nanoTime = nanoTime;
    this.kept =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
            return size() > max;
          }
        };
  }

  @Override
  public void ask(Question question, Consumer<Answer> then) {
    long now = nanoTime.getAsLong();
    Kept known = kept.get(question);
    if (known != null && known.untilNanos() - now > 0) {
      then.accept(left(known, now));
      return;
    }
    List<Consumer<Answer>> waiting = out.get(question);
    if (waiting != null) {
      waiting.add(then);
      return;
    }
    List<Consumer<Answer>> first = new ArrayList<>(List.of(then));
    out.put(question, first);
    source.ask(question, answer -> answered(question, answer));
  }

  /** With what is left of its time, so that who asks late does not keep it longer. */
  private static Answer left(Kept known, long now) {
    long seconds = Math.max(1, (known.untilNanos() - now) / SECOND_NANOS);
    return switch (known.answer()) {
      case Found found -> new Found(found.entries(), seconds);
      case Nothing _ -> new Nothing(seconds);
      case Failed failed -> failed;
    };
  }

  private void answered(Question question, Answer answer) {
    long now = nanoTime.getAsLong();
    Answer told =
        switch (answer) {
          case Found found -> {
            long seconds = Math.min(found.ttlSeconds(), TTL_SECONDS_MAX);
            keep(question, found, seconds, STALE_SECONDS_MAX, now);
            yield new Found(found.entries(), seconds);
          }
          case Nothing nothing -> {
            long seconds = Math.min(nothing.ttlSeconds(), NOTHING_SECONDS_MAX);
            keep(question, nothing, seconds, 0, now);
            yield new Nothing(seconds);
          }
          case Failed failed -> {
            Kept before = kept.get(question);
            yield before != null
                    && before.answer() instanceof Found last
                    && before.staleUntilNanos() - now > 0
                ? new Found(last.entries(), RETRY_SECONDS)
                : failed;
          }
        };
    List<Consumer<Answer>> waiting = out.remove(question);
    if (waiting != null) {
      waiting.forEach(each -> each.accept(told));
    }
  }

  private void keep(
      Question question, Answer answer, long seconds, long staleSeconds, long nowNanos) {
    long until = nowNanos + seconds * SECOND_NANOS;
    kept.put(question, new Kept(answer, until, until + staleSeconds * SECOND_NANOS));
  }
}

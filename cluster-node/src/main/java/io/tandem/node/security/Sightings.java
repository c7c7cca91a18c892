package io.tandem.node.security;

import io.tandem.node.entity.EntityKey;
import io.tandem.persistence.security.SecurityState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was seen and is to be told, bounded so that no flood of an attacker's becomes a flood of the
 * journal (ACC-8): of one kind, source and log at most one event a window, with a count; of one
 * kind at most {@code sourcesMax} sources a window, and one event more for all others together.
 * Pure: time is given. Not thread-safe.
 */
public final class Sightings {
  private final SecuritySettings settings;

  /** By kind, then by source and log. */
  private final Map<String, Map<String, Seen>> kinds = new HashMap<>();

  /** What was seen of one source since it was last told of. */
  private static final class Seen {
    private Sighting what;
    private long count;
    private Instant from;
    private Instant to;
    private @Nullable Instant toldAt;

    Seen(Sighting what, Instant now) {
      this.what = what;
      this.from = now;
      this.to = now;
    }
  }

  /**
   * What is to be told now.
   *
   * @param commandId where it is to be noted once; null for a new one
   */
  public record Due(EntityKey log, @Nullable String commandId, SecurityCommand command) {}

  public Sightings(SecuritySettings settings) {
    this.settings = settings;
  }

  /** Takes what was seen. */
  public void saw(Sighting sighting, Instant now) {
    Map<String, Seen> of = kinds.computeIfAbsent(sighting.kind(), kind -> new LinkedHashMap<>());
    String key = sighting.whose() + ' ' + sighting.source();
    Seen seen = of.get(key);
    if (seen == null && of.size() >= settings.sourcesMax()) {
      seen = of.computeIfAbsent("", others -> new Seen(others(sighting.kind()), now));
    } else if (seen == null) {
      seen = new Seen(sighting, now);
      of.put(key, seen);
    }
    if (seen.count == 0) {
      seen.what = seen.what.source().isEmpty() ? seen.what : sighting;
      seen.from = now;
    }
    seen.count++;
    seen.to = now;
  }

  private static Sighting others(String kind) {
    return new Sighting(
        kind,
        SecurityState.PLATFORM,
        "",
        1,
        null,
        null,
        (count, from, to) -> new SecurityCommand.NoteMore(kind, count, from, to));
  }

  /** What is to be told now: it counts as told. What was seen for the last time long ago goes. */
  public List<Due> due(Instant now) {
    List<Due> due = new ArrayList<>();
    for (Map<String, Seen> of : kinds.values()) {
      Iterator<Seen> all = of.values().iterator();
      while (all.hasNext()) {
        Seen seen = all.next();
        Instant toldAt = seen.toldAt;
        boolean windowOver =
            !now.isBefore((toldAt == null ? seen.from : toldAt).plus(settings.window()));
        // the others are told of at the end of a window alone: there are more to come
        boolean waits = toldAt == null && !seen.what.source().isEmpty();
        if (seen.count >= seen.what.atLeast() && (waits || windowOver)) {
          due.add(told(seen, now));
        } else if (windowOver) {
          all.remove();
        }
      }
    }
    return due;
  }

  private static Due told(Seen seen, Instant now) {
    Sighting what = seen.what;
    EntityKey named = what.log();
    Due due =
        new Due(
            named == null ? SecurityRules.log(what.whose(), now) : named,
            what.commandId(),
            what.words().of(seen.count, seen.from, seen.to));
    seen.count = 0;
    seen.toldAt = now;
    return due;
  }

  /** How many sources are known of now. */
  public int sources() {
    return kinds.values().stream().mapToInt(Map::size).sum();
  }
}

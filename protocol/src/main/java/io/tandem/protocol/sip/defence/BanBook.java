package io.tandem.protocol.sip.defence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Counts offences and keeps bans. Each further ban of the same subject within a day is longer: one
 * minute, five, thirty, four hours. Memory is bounded: who was quiet longest is forgotten first.
 */
final class BanBook {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long[] LADDER_NANOS = {
    MINUTE_NANOS, 5 * MINUTE_NANOS, 30 * MINUTE_NANOS, 240 * MINUTE_NANOS
  };
  private static final long MEMORY_NANOS = 24 * 60 * MINUTE_NANOS;

  private final int subjectsMax;
  private final Supplier<String> ids;
  private final Map<Subject, Record> records;
  private final Map<Subject, Ban> bans = new HashMap<>();

  private static final class Record {
    final int[] counts = new int[Offence.values().length];
    final long[] since = new long[Offence.values().length];
    int rung;
    long bannedAtNanos;
  }

  BanBook(int subjectsMax, Supplier<String> ids) {
    this.subjectsMax = subjectsMax;
    this.ids = ids;
    this.records =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Subject, Record> eldest) {
            return size() > subjectsMax;
          }
        };
  }

  /** Notes an offence; gives the ban it brought, if it did. */
  Optional<Ban> note(Subject subject, Offence offence, long nowNanos) {
    Record record = records.computeIfAbsent(subject, s -> new Record());
    int at = offence.ordinal();
    if (record.counts[at] == 0 || nowNanos - record.since[at] > offence.withinNanos()) {
      record.counts[at] = 0;
      record.since[at] = nowNanos;
    }
    record.counts[at]++;
    if (record.counts[at] <= offence.most() || isBanned(subject, nowNanos)) {
      return Optional.empty();
    }
    record.counts[at] = 0;
    return Optional.of(ban(subject, offence, record, nowNanos));
  }

  private Ban ban(Subject subject, Offence offence, Record record, long nowNanos) {
    boolean again = record.rung > 0 && nowNanos - record.bannedAtNanos < MEMORY_NANOS;
    int rung = again ? Math.min(record.rung, LADDER_NANOS.length - 1) : 0;
    record.rung = rung + 1;
    record.bannedAtNanos = nowNanos;
    Ban ban = new Ban(ids.get(), subject, offence, nowNanos + LADDER_NANOS[rung]);
    makeRoom(nowNanos);
    bans.put(subject, ban);
    return ban;
  }

  /** Whoever is nearest the end of its ban goes first. */
  private void makeRoom(long nowNanos) {
    if (bans.size() < subjectsMax) {
      return;
    }
    bans.values().removeIf(ban -> ban.untilNanos() - nowNanos <= 0);
    if (bans.size() >= subjectsMax) {
      Iterator<Ban> each = bans.values().iterator();
      Ban soonest = each.next();
      while (each.hasNext()) {
        Ban ban = each.next();
        soonest = ban.untilNanos() - soonest.untilNanos() < 0 ? ban : soonest;
      }
      bans.remove(soonest.subject());
    }
  }

  /** What was held against it is forgotten: it proved to be who it should be. */
  void forgive(Subject subject) {
    records.remove(subject);
  }

  boolean isBanned(Subject subject, long nowNanos) {
    Ban ban = bans.get(subject);
    if (ban == null) {
      return false;
    }
    if (ban.untilNanos() - nowNanos <= 0) {
      bans.remove(subject);
      return false;
    }
    return true;
  }

  List<Ban> bans(long nowNanos) {
    bans.values().removeIf(ban -> ban.untilNanos() - nowNanos <= 0);
    return new ArrayList<>(bans.values());
  }

  /** Bans of other edges are ours too; what was lifted anywhere is lifted here. */
  void adopt(Collection<Ban> elsewhere, Collection<String> lifted, long nowNanos) {
    bans.values().removeIf(ban -> lifted.contains(ban.id()));
    for (Ban ban : elsewhere) {
      if (ban.untilNanos() - nowNanos > 0) {
        makeRoom(nowNanos);
        bans.putIfAbsent(ban.subject(), ban);
      }
    }
  }
}

package io.tandem.persistence.window;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/**
 * When something that is open for long is to be asked about, earliest first.
 *
 * @param entries what is open, by the instant it is asked about
 */
public record Agenda(PSortedSet<Entry> entries) {

  /** Nothing open. */
  public static final Agenda EMPTY = new Agenda(TreePSet.empty());

  /** One open thing. */
  public record Entry(Instant askAt, String id) implements Comparable<Entry> {
    private static final Comparator<Entry> ORDER =
        Comparator.comparing(Entry::askAt).thenComparing(Entry::id);

    @Override
    public int compareTo(Entry other) {
      return ORDER.compare(this, other);
    }
  }

  /** With one more open thing. */
  public Agenda with(Instant askAt, String id) {
    return new Agenda(entries.plus(new Entry(askAt, id)));
  }

  /** Without a thing that was to be asked about at {@code askAt}. */
  public Agenda without(Instant askAt, String id) {
    return new Agenda(entries.minus(new Entry(askAt, id)));
  }

  /** The earliest instant at which something is to be asked about. */
  public Optional<Instant> next() {
    return entries.isEmpty() ? Optional.empty() : Optional.of(entries.first().askAt());
  }

  /** What is to be asked about at {@code now}, the oldest first, no more than {@code atMost}. */
  public List<Entry> due(Instant now, int atMost) {
    return entries.stream().takeWhile(entry -> !entry.askAt().isAfter(now)).limit(atMost).toList();
  }
}

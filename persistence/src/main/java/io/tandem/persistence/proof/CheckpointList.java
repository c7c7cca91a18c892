package io.tandem.persistence.proof;

import io.tandem.persistence.journal.Hash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All places' checkpoints read side by side, number by number: what each says is checked for itself
 * (signature), against the others, and against the one before (chain). The database comes last:
 * what an anchor says counts more. A place outside that ends before the others is named too: it was
 * cut, or taken away, or is not told any more.
 */
final class CheckpointList {

  private static final String CHECKPOINT = "checkpoint";
  private static final int PAGE_MAX = 200;

  /** The lists of one page, packed, come to about so many bytes, and to one list at least. */
  private static final int PAGE_BYTES = 4 << 20;

  /** An anchor may be told so much later than the database. */
  private static final Duration TOLD_WITHIN = Duration.ofMinutes(5);

  /** One that is genuine, and the genuine list of what is new in it, where any place has that. */
  record Genuine(SignedCheckpoint checkpoint, Optional<Segment> segment) {}

  /** A place, and the next line it has. */
  private static final class Place {
    final String name;
    final Iterator<Anchored> lines;
    long last;
    long firstLacking;
    long lacking;
    @Nullable Anchored next;

    Place(String name, Iterator<Anchored> lines) {
      this.name = name;
      this.lines = lines;
    }
  }

  private final CheckpointStore store;
  private final List<Anchor> anchors;
  private final VerifyingKey key;
  private final Findings findings;
  private final Instant told;
  private final List<Reach> reached = new ArrayList<>();
  private @Nullable SignedCheckpoint before;

  /**
   * @param now a checkpoint of some minutes before is expected at every anchor
   */
  CheckpointList(
      CheckpointStore store,
      List<Anchor> anchors,
      VerifyingKey key,
      Findings findings,
      Instant now) {
    this.store = store;
    this.anchors = anchors;
    this.key = key;
    this.findings = findings;
    this.told = now.minus(TOLD_WITHIN);
  }

  /** How far each anchor goes, once all were gone through. */
  List<Reach> reached() {
    return List.copyOf(reached);
  }

  /** Goes through all of them in the order of their numbers. */
  void each(Consumer<Genuine> genuine) {
    List<Stream<Anchored>> open = new ArrayList<>();
    try {
      List<Place> places = new ArrayList<>();
      for (Anchor anchor : anchors) {
        Stream<Anchored> all = anchor.all();
        open.add(all);
        places.add(new Place(anchor.name(), all.iterator()));
      }
      Place database = new Place("the database", stored());
      places.add(database);
      places.forEach(this::advance);
      while (true) {
        long number =
            places.stream()
                .filter(place -> place.next != null)
                .mapToLong(place -> place.next == null ? 0 : place.next.number())
                .min()
                .orElse(0);
        if (number == 0) {
          places.remove(database);
          ended(places);
          return;
        }
        at(number, places, database).ifPresent(genuine);
        places.stream().filter(p -> has(p, number)).forEach(this::advance);
      }
    } finally {
      open.forEach(Stream::close);
    }
  }

  /** How far each anchor went, and what it lacks at its end, in a line each. */
  private void ended(List<Place> outside) {
    for (int i = 0; i < outside.size(); i++) {
      Place place = outside.get(i);
      reached.add(new Reach(place.name, place.last, anchors.get(i).isThere()));
      if (place.lacking > 0) {
        findings.wrong(
            CHECKPOINT,
            place.firstLacking,
            "is missing from "
                + place.name
                + (place.lacking == 1 ? "" : ", as are the " + (place.lacking - 1) + " after it"));
      }
    }
  }

  private static boolean has(Place place, long number) {
    return place.next != null && place.next.number() == number;
  }

  private Iterator<Anchored> stored() {
    return Stream.iterate(
            store.after(0, 1),
            page -> !page.isEmpty(),
            page -> store.after(page.getLast().number(), pageAfter(page)))
        .flatMap(List::stream)
        .iterator();
  }

  /** So many as are no heavier than a page is to be, if they are like the largest before. */
  private static int pageAfter(List<Anchored> page) {
    int largest = page.stream().mapToInt(CheckpointList::bytes).max().orElse(1);
    return Math.clamp(PAGE_BYTES / Math.max(1, largest), 1, Math.min(PAGE_MAX, 2 * page.size()));
  }

  private static int bytes(Anchored stored) {
    byte[] segment = stored.segment();
    return segment == null ? 1 : segment.length;
  }

  /** To a place's next line that can be the next; what cannot is named. */
  private void advance(Place place) {
    place.next = null;
    while (place.lines.hasNext()) {
      Anchored line = place.lines.next();
      if (line.number() > place.last) {
        place.last = line.number();
        place.next = line;
        return;
      }
      if (line.number() < place.last || line.number() < 1) {
        findings.wrong(place.name, line.number(), "stands where it was not added");
      }
    }
  }

  /** What the places say under one number. */
  private Optional<Genuine> at(long number, List<Place> places, Place database) {
    Map<String, SignedCheckpoint> notes = new LinkedHashMap<>();
    for (Place place : places) {
      Anchored said = place.next;
      if (said == null || said.number() != number) {
        boolean expected = place == database || place.next != null;
        if (expected) {
          findings.wrong(CHECKPOINT, number, "is missing from " + place.name);
        }
        continue;
      }
      try {
        SignedCheckpoint read = SignedCheckpoint.read(said.note(), key);
        if (read.number() != number) {
          throw new IllegalArgumentException("it is number " + read.number());
        }
        notes.putIfAbsent(read.note(), read);
      } catch (IllegalArgumentException e) {
        findings.wrong(CHECKPOINT, number, "in " + place.name + ": " + e.getMessage());
      }
    }
    if (notes.size() > 1) {
      findings.wrong(
          CHECKPOINT, number, "was signed " + notes.size() + " times, with different contents");
    }
    if (notes.isEmpty()) {
      return Optional.empty();
    }
    SignedCheckpoint chosen = notes.values().iterator().next();
    chain(chosen);
    if (!chosen.checkpoint().at().isAfter(told)) {
      places.stream()
          .filter(place -> place != database && place.next == null)
          .forEach(
              place -> {
                place.firstLacking = place.lacking == 0 ? number : place.firstLacking;
                place.lacking++;
              });
    }
    before = chosen;
    return Optional.of(new Genuine(chosen, segmentOf(chosen, places)));
  }

  private void chain(SignedCheckpoint next) {
    long expected = before == null ? 1 : before.number() + 1;
    for (long missing = expected; missing < Math.min(next.number(), expected + 100); missing++) {
      findings.wrong(CHECKPOINT, missing, "is missing everywhere, or is not genuine anywhere");
    }
    Hash previous = before == null ? Hash.NONE : before.hash();
    if (next.number() == expected && !next.checkpoint().previous().equals(previous)) {
      findings.wrong(
          CHECKPOINT, next.number(), "was signed after another " + (expected - 1) + " than this");
    }
  }

  /** The list of what is new, where a place has the one that was signed; others are named. */
  private Optional<Segment> segmentOf(SignedCheckpoint chosen, List<Place> places) {
    Optional<Segment> genuine = Optional.empty();
    for (Place place : places) {
      Anchored said = place.next;
      byte[] packed = said == null || said.number() != chosen.number() ? null : said.segment();
      if (packed == null) {
        continue;
      }
      try {
        Segment segment = Segment.unpack(packed);
        if (!segment.hash().equals(chosen.checkpoint().segment())) {
          throw new IllegalArgumentException("not the list that was signed");
        }
        genuine = genuine.or(() -> Optional.of(segment));
      } catch (IllegalArgumentException e) {
        findings.wrong(
            CHECKPOINT, chosen.number(), "its list of events in " + place.name + " was changed");
      }
    }
    return genuine;
  }
}

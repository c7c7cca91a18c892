package io.tandem.persistence.audit;

import io.tandem.persistence.readmodel.JournalRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * Who wrote one entity's events: each life of its actor a run of them. A host does not recover
 * where a writer comes back after another (Akka's replay filter, mode {@code fail}), so one changed
 * name stops an entity.
 */
final class Writers {

  /** As many as the replay filter remembers ({@code max-old-writers}). */
  private static final int REMEMBERED = 10;

  private final Deque<String> before = new ArrayDeque<>();
  private String writer = "";
  private long since;

  /** Another entity begins. */
  void begin(JournalRow first) {
    before.clear();
    writer = first.writer();
    since = first.sequence();
  }

  /**
   * Takes the entity's next event.
   *
   * @return where those begin that stand between two events of this one's writer
   */
  OptionalLong next(JournalRow row) {
    if (row.writer().equals(writer)) {
      return OptionalLong.empty();
    }
    long between = since;
    boolean back = before.contains(row.writer());
    before.addLast(writer);
    if (before.size() > REMEMBERED) {
      before.removeFirst();
    }
    writer = row.writer();
    since = row.sequence();
    return back ? OptionalLong.of(between) : OptionalLong.empty();
  }
}

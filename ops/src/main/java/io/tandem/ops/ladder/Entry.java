package io.tandem.ops.ladder;

import java.time.Instant;

/** One thing that happened on a call. */
public sealed interface Entry {
  /** When. */
  Instant at();

  /** What, in words. */
  String words();

  /** Something that went from one party to another. */
  record Message(Instant at, Party from, Party to, String words) implements Entry {}

  /** Something that happened inside: the timer, the money. */
  record Note(Instant at, String words) implements Entry {}

  /** The columns, from left to right. */
  enum Party {
    CALLER("caller"),
    TANDEM("tandem"),
    PHONE("agent phone");

    private final String heading;

    Party(String heading) {
      this.heading = heading;
    }

    /** What stands above its column. */
    public String heading() {
      return heading;
    }
  }
}

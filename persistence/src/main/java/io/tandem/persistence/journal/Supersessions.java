package io.tandem.persistence.journal;

import org.jspecify.annotations.Nullable;

/** What is read in the place of which events; asked for every event, so it has to be quick. */
@FunctionalInterface
public interface Supersessions {

  /** Every event is read as it is. */
  Supersessions NONE = envelope -> null;

  /** What is read in the place of an event; null where it is read itself. */
  @Nullable Supersession of(Envelope envelope);

  /** Looks for newer records: called where an event cannot be read or folded. */
  default void lookAgain() {}
}

package io.tandem.persistence.journal.rows;

/** What became of a write. */
public sealed interface Stored {

  /** All rows are durable. */
  enum Done implements Stored {
    DONE
  }

  /** The database takes other rows but not these: none of them is stored, now or later. */
  record Refused(Exception cause) implements Stored {}

  /** The database failed or was not there; whether the rows are stored is not known. */
  record Failed(Exception cause) implements Stored {}
}

package io.tandem.persistence.readmodel;

import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;

/**
 * One row of the journal as it is stored, not yet opened: a row that cannot be read harms nobody
 * before {@link #envelope} is asked for.
 *
 * @param position where it stands in the feed
 * @param persistenceId the entity, {@code type|id}
 * @param sequence its number among the entity's events
 * @param bytes the stored envelope
 * @param writer the life of the actor that wrote it, by which Akka tells a stale one; empty where
 *     it was not asked for
 */
public record JournalRow(
    FeedPosition position, String persistenceId, long sequence, byte[] bytes, String writer) {

  /** A row of which nobody asks who wrote it. */
  public JournalRow(FeedPosition position, String persistenceId, long sequence, byte[] bytes) {
    this(position, persistenceId, sequence, bytes, "");
  }

  /**
   * The envelope, which must be the one that belongs in this row.
   *
   * @throws JournalException UNREADABLE
   */
  public Envelope envelope() {
    Envelope envelope = Envelope.read(bytes);
    if (envelope.sequence() != sequence || !envelope.isOf(persistenceId)) {
      throw new JournalException(
          Fault.UNREADABLE, "the row of " + this + " holds the envelope of " + envelope);
    }
    return envelope;
  }

  @Override
  public String toString() {
    return persistenceId + "#" + sequence;
  }
}

package io.tandem.persistence.journal.rows;

/**
 * A row of {@code event_journal}, as far as Tandem fills it.
 *
 * @param sequence position in its entity's history, from 1
 * @param writer id of the writing actor's life, for the replay filter
 * @param writtenAtMillis since 1970
 * @param serializer id of the serializer that reads the payload
 * @param payload the stored bytes; not to be changed
 */
public record EventRow(
    String persistenceId,
    long sequence,
    String writer,
    long writtenAtMillis,
    int serializer,
    String manifest,
    byte[] payload) {

  /**
   * The serializer of events and snapshots, in every stored row: Akka opens a row by it. Never to
   * be changed.
   */
  public static final int SERIALIZER = 7_301;
}

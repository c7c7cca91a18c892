package io.tandem.persistence.journal.rows;

/**
 * A row of {@code snapshot}, as far as Tandem fills it.
 *
 * @param sequence of the last event in it
 * @param madeAtMillis since 1970
 * @param serializer id of the serializer that reads the payload
 * @param payload the stored bytes; not to be changed
 */
public record SnapshotRow(
    String persistenceId,
    long sequence,
    long madeAtMillis,
    int serializer,
    String manifest,
    byte[] payload) {}

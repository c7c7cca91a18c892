package io.tandem.persistence.call;

/**
 * Where a recording is kept.
 *
 * @param node whose store it was written to
 * @param file its path within the store; no personal data
 * @param keyId the data key it is sealed under, as {@code KeyId} writes it; destroying the key
 *     erases the recording (PRV-1)
 */
public record RecordingPlace(String node, String file, String keyId) {}

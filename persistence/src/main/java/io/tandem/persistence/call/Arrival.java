package io.tandem.persistence.call;

/**
 * How a call came in over a trunk (TEL-3), and who vouches for its caller's number (TEL-12).
 *
 * @param trunkId the trunk that brought it
 * @param verification a value of {@code verstat}: {@code TN-Validation-Passed}, {@code
 *     TN-Validation-Failed} or {@code No-TN-Validation}
 * @param attestation {@code A}, {@code B} or {@code C} as far as it was vouched for; else empty
 * @param detail why a signature was not believed, in few words; else empty
 */
public record Arrival(String trunkId, String verification, String attestation, String detail) {}

package io.tandem.persistence.readmodel;

import java.time.Instant;

/**
 * One place where an address of record can be reached (RFC 3261 section 10).
 *
 * @param aor the address of record, canonical
 * @param contact the contact URI as it was registered
 * @param instance the URN of the device; empty where it names none
 * @param regId which of its flows this is (RFC 5626); 0 for a device without flows of its own
 * @param callId Call-ID of the REGISTER that made or renewed it
 * @param cseq its CSeq number
 * @param edgeId the edge that the device registered at, and through which it is reached
 * @param flow transport and source address it registered from, in the edge's own form
 * @param path Path of the REGISTER: the proxies to it (RFC 3327); empty for none
 * @param userAgent what the device calls itself, empty where it does not
 */
public record SipBinding(
    String aor,
    String contact,
    String instance,
    int regId,
    String callId,
    long cseq,
    Instant expiresAt,
    String edgeId,
    String flow,
    String path,
    String userAgent) {}

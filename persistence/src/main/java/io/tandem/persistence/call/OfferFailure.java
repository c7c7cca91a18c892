package io.tandem.persistence.call;

/**
 * Why an offer did not become the call.
 *
 * @param reason the trade's word: {@code INSUFFICIENT_FUNDS}, {@code IN_COOLDOWN}, {@code
 *     NO_ANSWER}, {@code DECLINED} …
 * @param detail for people; no numbers of persons
 * @param rang whether the phone had been rung, by the edge's word
 * @param sipStatus final SIP status of the phone; 0 when it was not rung
 */
public record OfferFailure(
    String offerId, String reason, String detail, boolean rang, int sipStatus) {}

package io.tandem.persistence.call;

/**
 * Why an agent was or was not chosen (MKT-5): one line a candidate.
 *
 * @param accountId the tenant that may read the line
 * @param verdict {@code CHOSEN} with the offer's id in {@code reason}, or the refusal's name, such
 *     as {@code IN_COOLDOWN}
 * @param reason what was found and what was asked, in words, for example {@code holds 3.00 USD,
 *     needs 25.00 USD}
 */
public record TraceLine(String agentId, String accountId, String verdict, String reason) {}

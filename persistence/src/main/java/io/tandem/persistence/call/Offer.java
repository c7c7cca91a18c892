package io.tandem.persistence.call;

/**
 * An agent that may be rung for a call, under terms that are fixed here (QT-1).
 *
 * @param offerId unique in the call: {@code o1}, {@code o2} …
 * @param accountId the agent's account, whose wallet pays
 * @param endpoint user name of the agent's phone
 */
public record Offer(
    String offerId, String agentId, String accountId, String endpoint, Terms terms) {}

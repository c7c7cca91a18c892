package io.tandem.node.routing;

import io.tandem.persistence.money.Money;

/**
 * An agent that might take the call, as a copy of it says; the agent itself and its wallet decide
 * when they are asked.
 *
 * @param standing how it stands for the vertical
 * @param available what the account's wallet can still hold
 */
public record Candidate(Standing standing, Money available) {}

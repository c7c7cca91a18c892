package io.tandem.persistence.agent;

import java.time.LocalDate;

/**
 * A licence to sell in one US state for one vertical (CMP-1).
 *
 * @param state two-letter code of the state
 * @param verticalId the vertical it is for
 * @param number the licence's number as issued
 * @param expires the last day on which it is valid
 */
public record Licence(String state, String verticalId, String number, LocalDate expires) {}

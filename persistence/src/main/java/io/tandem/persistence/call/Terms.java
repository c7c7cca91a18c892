package io.tandem.persistence.call;

import io.tandem.persistence.money.Money;

/**
 * The terms of a call, fixed when it is offered to an agent and never changed for that call (QT-1).
 *
 * @param price what is charged when the call qualifies
 * @param timerMillis the qualifying timer
 * @param version version of the vertical's terms
 */
public record Terms(String verticalId, int version, Money price, long timerMillis) {}

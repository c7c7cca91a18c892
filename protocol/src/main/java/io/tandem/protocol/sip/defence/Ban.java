package io.tandem.protocol.sip.defence;

/**
 * Somebody is not heard for a while. Requests within dialogs are: a call in progress is not cut.
 *
 * @param id unique, and the same on all edges
 * @param untilNanos monotonic instant of this edge's loop
 */
public record Ban(String id, Subject subject, Offence offence, long untilNanos) {}

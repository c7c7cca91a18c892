package io.tandem.node.entity;

/**
 * Where a command comes from; goes into the envelope of the events it leads to (AUD-1).
 *
 * @param commandId unique and carrying its time where the command is remembered ({@code TimedId});
 *     derived from the cause for effects
 * @param cause what led to it: an effect's id, an HTTP operation, a SIP method
 * @param actor who: {@code operator}, {@code account/acct_…/token/…}, {@code edge/n1@…}, {@code
 *     call/call_…}, {@code clock}
 */
public record Origin(String commandId, String cause, String actor) {}

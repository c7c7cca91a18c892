package io.tandem.node.entity.tally;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;

/** What can be asked of a tally. */
public sealed interface TallyCommand extends Command {

  /** Adds; a sum below zero is refused. Natural key: the add's id. */
  @Wire("tally.add/1")
  record Add(String addId, long amount) implements TallyCommand {}

  /** Adds without a natural key: as often as it is decided. */
  @Wire("tally.count/1")
  record Count(long amount) implements TallyCommand {}

  /** Sets the label; remembered by its command id. */
  @Wire("tally.label/1")
  record Label(String label, String reason) implements TallyCommand {}

  /** Takes an amount off and has another tally add it. */
  @Wire("tally.pass/1")
  record Pass(String passId, String to, long amount) implements TallyCommand {}

  /** The other tally did not take it. */
  @Wire("tally.take-back/1")
  record TakeBack(String passId) implements TallyCommand {}

  /** Has an edge light a lamp, and once that is acknowledged a second one. */
  @Wire("tally.light/1")
  record Light(String lampId) implements TallyCommand {}

  /** Be awake at an instant. */
  @Wire("tally.remind/1")
  record Remind(Instant at) implements TallyCommand {}

  /** Time has come. */
  @Wire("tally.wake/1")
  record Wake() implements TallyCommand {}

  /** Nothing more will happen. */
  @Wire("tally.close/1")
  record Close() implements TallyCommand {}

  /** Fails inside the rules: a mistake in the program. */
  @Wire("tally.trip/1")
  record Trip() implements TallyCommand {}

  /** Tells the state. */
  @Wire("tally.read/1")
  record Read() implements TallyCommand {}
}

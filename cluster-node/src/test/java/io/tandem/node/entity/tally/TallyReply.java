package io.tandem.node.entity.tally;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;

/** What a tally answers. */
public sealed interface TallyReply extends Reply {

  /** Done, now or before. */
  @Wire("tally.done/1")
  record Done(long sum, boolean already) implements TallyReply {}

  /** The sum would be below zero, or the tally is closed. */
  @Wire("tally.refused/1")
  record Refused(String why) implements TallyReply {}

  /** The same command id with other content. */
  @Wire("tally.conflict/1")
  record Conflict(String field) implements TallyReply {}

  /** The state. */
  @Wire("tally.view/1")
  record View(TallyState state) implements TallyReply {}
}

package io.tandem.node.entity.tally;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;

/** What happened to a tally. */
public sealed interface TallyEvent extends DomainEvent {

  @Wire("tally.added/1")
  record Added(String addId, long sum) implements TallyEvent {}

  @Wire("tally.counted/1")
  record Counted(long sum) implements TallyEvent {}

  @Wire("tally.labelled/1")
  record Labelled(String label) implements TallyEvent {}

  @Wire("tally.passed/1")
  record Passed(String passId, String to, long amount, long sum) implements TallyEvent {}

  @Wire("tally.taken-back/1")
  record TakenBack(String passId, long sum) implements TallyEvent {}

  @Wire("tally.lit/1")
  record Lit(String lampId) implements TallyEvent {}

  @Wire("tally.reminder-set/1")
  record ReminderSet(Instant at) implements TallyEvent {}

  @Wire("tally.reminded/1")
  record Reminded(Instant at) implements TallyEvent {}

  @Wire("tally.closed/1")
  record Closed() implements TallyEvent {}
}

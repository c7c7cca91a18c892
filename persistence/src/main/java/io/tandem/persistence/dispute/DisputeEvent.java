package io.tandem.persistence.dispute;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to a dispute (DSP-1..6). Who did it is in each event's envelope. */
public sealed interface DisputeEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /**
   * A customer wants a charge back.
   *
   * @param statement in the filer's words; null for none. Sealed as the caller's, of whom it tells
   * @param deadline until when it could be filed (DSP-1)
   */
  @Wire("dispute.filed/1")
  record Filed(
      DisputedCall call,
      DisputeReason reason,
      @Nullable Personal<String> statement,
      DisputeEvidence evidence,
      Instant deadline,
      Instant at)
      implements DisputeEvent {}

  /** A reviewer looks at it. */
  @Wire("dispute.under-review/1")
  record UnderReview(@Nullable Personal<String> note, Instant at) implements DisputeEvent {}

  /**
   * It is decided, for good.
   *
   * @param credit what is given back; zero where it was rejected
   * @param note why, in the reviewer's words
   */
  @Wire("dispute.decided/1")
  record Decided(
      DisputeVerdict verdict, DisputeGround ground, Money credit, Personal<String> note, Instant at)
      implements DisputeEvent {}

  /** The wallet has booked the credit (DSP-6). */
  @Wire("dispute.credited/1")
  record Credited(String creditId, Instant at) implements DisputeEvent {}

  /**
   * The wallet refused to book the credit. It never should; the dispute stops asking, and this is
   * what an auditor finds.
   *
   * @param reason the refusal's name, such as {@code TooOld}
   */
  @Wire("dispute.credit-refused/1")
  record CreditRefused(String reason, String detail, Instant at) implements DisputeEvent {}

  /** The agent's short-call ratio is without the call (DSP-6). */
  @Wire("dispute.call-excused/1")
  record CallExcused(Instant at) implements DisputeEvent {}
}

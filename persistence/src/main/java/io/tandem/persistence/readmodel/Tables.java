package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Upsert;
import java.util.List;

/**
 * The tables made from the journal: those that are read, or others beside them that are being made
 * anew.
 */
final class Tables {

  /** Those that are read. */
  static final Tables LIVE = new Tables("");

  /** Those that are being made anew. */
  static final Tables BESIDE = new Tables("_next");

  /** Their names. */
  static final List<String> NAMES =
      List.of("due_index", "entity_view", "call_index", "dispute_index", "security_event");

  private final String suffix;
  private final Upsert dueIndex;
  private final Upsert entityView;
  private final Upsert callIndex;
  private final Upsert disputeIndex;
  private final Upsert securityEvent;

  private Tables(String suffix) {
    this.suffix = suffix;
    this.dueIndex =
        new Upsert(
            named("due_index"),
            1,
            Upsert.text("entity"),
            Upsert.number("sequence"),
            Upsert.number("due_at"));
    this.entityView =
        new Upsert(
            named("entity_view"),
            2,
            Upsert.text("entity_type"),
            Upsert.text("entity_id"),
            Upsert.text("account_id"),
            Upsert.number("sequence"),
            Upsert.number("txid"),
            Upsert.number("ordering"),
            Upsert.text("state_name"),
            Upsert.number("state_version"),
            Upsert.bytes("state"));
    this.callIndex =
        new Upsert(
            named("call_index"),
            1,
            Upsert.text("call_id"),
            Upsert.number("sequence"),
            Upsert.number("txid"),
            Upsert.number("ordering"),
            Upsert.text("account_id"),
            Upsert.text("campaign_id"),
            Upsert.text("agent_id"),
            Upsert.text("phase"),
            Upsert.text("direction"),
            Upsert.text("caller_blind"),
            Upsert.text("called"),
            Upsert.number("started_at"),
            Upsert.number("connected_at"),
            Upsert.number("ended_at"),
            Upsert.number("connected_millis"),
            Upsert.flag("billable"),
            Upsert.number("charged_micros"),
            Upsert.text("currency"),
            Upsert.text("end_reason"),
            Upsert.text("repeats_call_id"),
            Upsert.text("edge"));
    this.securityEvent =
        new Upsert(
            named("security_event"),
            2,
            Upsert.text("entity"),
            Upsert.number("sequence"),
            Upsert.text("account_id"),
            Upsert.text("event_name"),
            Upsert.number("at"));
    this.disputeIndex = disputes(named("dispute_index"));
  }

  private static Upsert disputes(String name) {
    return new Upsert(
        name,
        1,
        Upsert.text("dispute_id"),
        Upsert.number("sequence"),
        Upsert.number("txid"),
        Upsert.number("ordering"),
        Upsert.text("call_id"),
        Upsert.text("account_id"),
        Upsert.text("campaign_id"),
        Upsert.text("agent_id"),
        Upsert.text("phase"),
        Upsert.text("reason"),
        Upsert.text("ground"),
        Upsert.number("called_at"),
        Upsert.number("deadline_at"),
        Upsert.number("filed_at"),
        Upsert.number("reviewed_at"),
        Upsert.number("decided_at"),
        Upsert.number("credited_at"),
        Upsert.number("charged_micros"),
        Upsert.number("credit_micros"),
        Upsert.text("currency"));
  }

  /** The name of a table here. */
  String named(String table) {
    return table + suffix;
  }

  /** The name of the reader of the feed that writes them. */
  String reader() {
    return Projector.READER + suffix;
  }

  /** {@code due_index}. */
  Upsert dueIndex() {
    return dueIndex;
  }

  /** {@code entity_view}. */
  Upsert entityView() {
    return entityView;
  }

  /** {@code call_index}. */
  Upsert callIndex() {
    return callIndex;
  }

  /** {@code dispute_index}. */
  Upsert disputeIndex() {
    return disputeIndex;
  }

  /** {@code security_event}. */
  Upsert securityEvent() {
    return securityEvent;
  }
}

package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.dispute.DisputeRows;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.DisputeIndexRow;
import io.tandem.persistence.readmodel.JournalRow;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A dispute as one caller of the API may see it. */
final class DisputeForm {
  private final DisputeState dispute;
  private final DisputeEvent.Filed filed;
  private final Caller viewer;

  DisputeForm(DisputeState dispute, Caller viewer) {
    this.dispute = dispute;
    this.filed = filed(dispute);
    this.viewer = viewer;
  }

  /** What was filed; refuses a dispute that never was. */
  static DisputeEvent.Filed filed(DisputeState dispute) {
    DisputeEvent.Filed filed = dispute.filed();
    if (filed == null) {
      throw Refusal.notFound();
    }
    return filed;
  }

  /** Without anything in words, as it is listed too. */
  static ObjectNode outline(DisputeIndexRow row, Caller viewer) {
    Long credit = row.creditMicros();
    ObjectNode json =
        Forms.object()
            .put("id", row.disputeId())
            .put("callId", row.callId())
            .put("accountId", row.accountId())
            .put("agentId", row.agentId())
            .put("campaignId", viewer instanceof Caller.Operator ? row.campaignId() : null)
            .put("state", row.phase())
            .put("reason", row.reason())
            .put("calledAt", row.calledAt().toString())
            .put("deadline", row.deadline().toString())
            .put("filedAt", row.filedAt().toString())
            .put("reviewedAt", Forms.text(row.reviewedAt()));
    json.set("charge", Forms.money(new Money(row.chargedMicros(), row.currency())));
    json.put("ground", row.ground());
    Forms.money(json, "credit", credit == null ? null : new Money(credit, row.currency()));
    return json.put("decidedAt", Forms.text(row.decidedAt()))
        .put("creditedAt", Forms.text(row.creditedAt()));
  }

  ObjectNode outline() {
    return outline(new DisputeRows().apply(dispute).orElseThrow(Refusal::notFound), viewer);
  }

  /** With what was said, and everything that happened: when, and by whom (AUD-1). */
  ObjectNode whole(Entities entities) {
    ObjectNode json = outline();
    json.put("statement", text(filed.statement()));
    ObjectNode evidence = json.putObject("evidence");
    ArrayNode recordings = evidence.putArray("recordings");
    filed
        .evidence()
        .recordingMillis()
        .forEach(millis -> recordings.addObject().put("offsetMillis", millis));
    ArrayNode lines = evidence.putArray("logLines");
    filed.evidence().logLines().forEach(line -> lines.add(text(line)));
    ArrayNode events = json.putArray("events");
    Iterator<JournalRow> rows = entities.ports().journal().entity("dispute", dispute.id());
    while (rows.hasNext()) {
      JournalRow row = rows.next();
      var envelope = row.envelope();
      entities
          .ports()
          .codec()
          .read(envelope, DisputeEvent.class)
          .ifPresent(
              event ->
                  events
                      .addObject()
                      .put("sequence", row.sequence())
                      .put("type", envelope.header().event().name())
                      .put("at", event.at().toString())
                      .put("by", envelope.header().actor())
                      .put("note", note(event)));
    }
    return json;
  }

  private static @Nullable String note(DisputeEvent event) {
    return switch (event) {
      case DisputeEvent.UnderReview e -> text(e.note());
      case DisputeEvent.Decided e -> text(e.note());
      case DisputeEvent.CreditRefused e -> e.reason();
      default -> null;
    };
  }

  private static @Nullable String text(@Nullable Personal<String> words) {
    return words == null ? null : Forms.text(words);
  }
}

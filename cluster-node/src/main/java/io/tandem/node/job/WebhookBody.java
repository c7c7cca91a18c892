package io.tandem.node.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.webhook.Delivery;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is told of an event: which, of what, when, and little of what it says. A call has
 * several parties, and an event of it says more than one of them may know; whoever wants it all
 * asks the API, which shows each its own.
 */
public final class WebhookBody implements Function<Delivery, Optional<byte[]>> {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JournalReader journal;
  private final EventCodec codec;

  /**
   * @param codec of stored events; what is sealed about persons stays shut
   */
  public WebhookBody(JournalReader journal, EventCodec codec) {
    this.journal = journal;
    this.codec = codec.closed();
  }

  @Override
  public Optional<byte[]> apply(Delivery delivery) {
    String object = delivery.object();
    int bar = object.indexOf('|');
    Iterator<JournalRow> rows =
        journal.entity(
            object.substring(0, bar), object.substring(bar + 1), delivery.sequence() - 1);
    if (!rows.hasNext()) {
      return Optional.empty();
    }
    try {
      Envelope envelope = rows.next().envelope();
      Record event = codec.read(envelope, Record.class).orElse(null);
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("id", delivery.eventId())
          .put("type", delivery.eventName())
          .put("version", envelope.header().event().version())
          .put("accountId", delivery.accountId())
          .put("object", envelope.entityType() + "/" + envelope.entityId())
          .put("sequence", envelope.sequence())
          .put("at", envelope.header().at().toString())
          .set("data", data(event));
      return Optional.of(JSON.writeValueAsBytes(json));
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static ObjectNode data(@Nullable Record event) {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    switch (event) {
      case null -> {
        // a record beside the journal says that nothing is read in its place
      }
      case CallEvent.Qualified e -> data.put("connectedMillis", e.connectedMillis());
      case CallEvent.Ended e ->
          data.put("endedBy", e.endedBy().name())
              .put("cause", e.cause())
              .put("connectedMillis", e.connectedMillis())
              .put("qualified", e.qualified());
      case WalletEvent.Deposited e -> money(data.put("depositId", e.depositId()), e.amount());
      case WalletEvent.Credited e ->
          money(data.put("disputeId", e.disputeId()).put("callId", e.callId()), e.amount());
      case WalletEvent.Held e -> money(data.put("callId", e.callId()), e.amount());
      case WalletEvent.Captured e -> money(data.put("callId", e.callId()), e.amount());
      case WalletEvent.Released e ->
          money(data.put("callId", e.callId()).put("reason", e.reason()), e.amount());
      case DisputeEvent.Filed e ->
          money(
              data.put("callId", e.call().callId()).put("reason", e.reason().name()),
              e.call().charge());
      case DisputeEvent.Decided e ->
          money(
              data.put("verdict", e.verdict().name()).put("ground", e.ground().name()), e.credit());
      default -> {
        // its name says it
      }
    }
    return data;
  }

  private static void money(ObjectNode data, Money amount) {
    String text = amount.toString();
    data.putObject("amount")
        .put("amount", text.substring(0, text.indexOf(' ')))
        .put("currency", amount.currency());
  }
}

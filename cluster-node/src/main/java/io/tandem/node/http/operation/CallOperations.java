package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.QueryText;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls, listed by their detail records and read whole: state, money, events and why each agent was
 * or was not chosen (MKT-5).
 */
final class CallOperations {
  private final Entities entities;

  CallOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    return List.of(
        Operation.get("listCalls", "/v1/calls", Access.READ, this::list),
        Operation.get("readCall", "/v1/calls/{callId}", Access.READ, this::read));
  }

  // A tenant's list: the calls its agents took, and those of a campaign of its own when it asks for
  // one
  private Work list(ApiRequest request) {
    Optional<String> account = request.query().text("accountId");
    Optional<String> agent = request.query().text("agentId");
    Optional<String> campaign = request.query().text("campaignId");
    CallIndex.Span span =
        new CallIndex.Span(
            request.query().instant("from").orElse(null),
            request.query().instant("to").orElse(null));
    int limit = request.query().limit();
    CallIndex.Position before = request.query().cursor().map(CallOperations::position).orElse(null);
    Caller caller = request.caller();
    boolean foreign = account.filter(a -> !caller.sees(a)).isPresent();
    return origin -> {
      boolean ownCampaign =
          campaign
              .filter(id -> CampaignOperations.seen(entities, id, caller, origin).isPresent())
              .isPresent();
      if (foreign || (campaign.isPresent() && !ownCampaign)) {
        return Entities.page(
            List.<CallIndexRow>of(), limit, CallIndexRow::callId, row -> Optional.empty());
      }
      String whose =
          caller instanceof Caller.Tenant tenant && !ownCampaign
              ? tenant.accountId()
              : account.filter(a -> caller instanceof Caller.Operator).orElse(null);
      CallIndex.Filter filter =
          new CallIndex.Filter(whose, agent.orElse(null), campaign.orElse(null));
      return Entities.page(
          entities.ports().calls().page(filter, span, before, limit + 1),
          limit,
          row -> row.startedAt() + "|" + row.callId(),
          row -> Optional.of(json(row, caller)));
    };
  }

  private boolean owns(Caller caller, @Nullable String campaignId) {
    return campaignId != null
        && entities
            .ports()
            .directory()
            .campaign(campaignId)
            .map(campaign -> campaign.profile())
            .filter(profile -> caller.sees(profile.accountId()))
            .isPresent();
  }

  private static CallIndex.Position position(String cursor) {
    int bar = cursor.indexOf('|');
    try {
      return new CallIndex.Position(
          Instant.parse(cursor.substring(0, Math.max(0, bar))), cursor.substring(bar + 1));
    } catch (DateTimeException e) {
      throw QueryText.badCursor();
    }
  }

  private ObjectNode json(CallIndexRow row, Caller caller) {
    Long micros = row.chargedMicros();
    String currency = row.currency();
    boolean whole = caller instanceof Caller.Operator || owns(caller, row.campaignId());
    ObjectNode json =
        Forms.object()
            .put("id", row.callId())
            .put("campaignId", whole ? row.campaignId() : null)
            .put("agentId", row.agentId())
            .put("state", row.phase().toUpperCase(Locale.ROOT))
            .put("direction", row.direction())
            .put("called", row.called())
            .put("offeredAt", row.startedAt().toString())
            .put("connectedAt", Forms.text(row.connectedAt()))
            .put("endedAt", Forms.text(row.endedAt()))
            .put("connectedMillis", row.connected() == null ? null : row.connected().toMillis())
            .put("qualified", row.billable())
            .put("cause", row.endReason());
    Forms.money(
        json, "charge", micros == null || currency == null ? null : new Money(micros, currency));
    return json;
  }

  private Work read(ApiRequest request) {
    String id = request.path("callId");
    return origin -> Answer.ok(whole(id, request.caller(), origin));
  }

  private ObjectNode whole(String id, Caller caller, Origin origin) {
    Reply reply = entities.ask("call", id, new CallCommand.Read(), origin);
    if (!(reply instanceof CallReply.View view)
        || !(view.state() instanceof CallState.Begun call)) {
      throw Refusal.notFound();
    }
    CallForm form = new CallForm(call, caller);
    if (!form.visible()) {
      throw Refusal.notFound();
    }
    ObjectNode json = form.json();
    var events = json.putArray("events");
    Iterator<JournalRow> rows = entities.ports().journal().entity("call", id);
    while (rows.hasNext()) {
      JournalRow row = rows.next();
      var envelope = row.envelope();
      CallEvent event =
          entities
              .ports()
              .codec()
              .decode(envelope.header().event(), envelope.payload(), CallEvent.class);
      form.event(event)
          .ifPresent(
              shown ->
                  events.add(
                      shown
                          .put("sequence", row.sequence())
                          .put("type", envelope.header().event().name())
                          .put("recordedAt", envelope.header().at().toString())));
    }
    return json;
  }
}

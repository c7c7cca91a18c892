package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Origin;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.QueryText;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
  private static final Duration REPORT_SPAN = Duration.ofDays(30);

  private final Entities entities;

  CallOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    return List.of(
        Operation.get("listCalls", "/v1/calls", Access.READ, this::list),
        Operation.get("reportCalls", "/v1/reports/calls", Access.READ, this::report),
        Operation.get("readCall", "/v1/calls/{callId}", Access.READ, this::read));
  }

  // A tenant's list: the calls its agents took, and those of a campaign of its own when it asks for
  // one
  private Work list(ApiRequest request) {
    Optional<String> account = request.query().text("accountId");
    Optional<String> agent = request.query().text("agentId");
    Optional<String> campaign = request.query().text("campaignId");
    Optional<String> number = request.query().text("caller").map(CallOperations::number);
    CallIndex.Span span =
        new CallIndex.Span(
            request.query().instant("from").orElse(null),
            request.query().instant("to").orElse(null));
    int limit = request.query().limit();
    CallIndex.Position before = request.query().cursor().map(CallOperations::position).orElse(null);
    Caller caller = request.caller();
    return origin -> {
      Optional<CallIndex.Filter> filter =
          filter(account, agent, campaign, caller, origin)
              .map(seen -> number.map(one -> seen.by(caller(one))).orElse(seen));
      return Entities.page(
          filter
              .map(seen -> entities.ports().calls().page(seen, span, before, limit + 1))
              .orElse(List.of()),
          limit,
          row -> row.startedAt() + "|" + row.callId(),
          row -> Optional.of(json(row, caller)));
    };
  }

  /** By the blind name alone: the database has no number in the clear. */
  private CallIndex.Caller caller(String number) {
    return entities.ports().erasureLog().caller(entities.ports().blinder().person(number));
  }

  private static String number(String text) {
    if (!text.matches("\\+?[1-9][0-9]{6,14}")) {
      throw Refusal.field("caller", "something else", "a number such as +12125550147");
    }
    return text;
  }

  /** Which calls a caller sees of those it asks for; empty for none. */
  private Optional<CallIndex.Filter> filter(
      Optional<String> account,
      Optional<String> agent,
      Optional<String> campaign,
      Caller caller,
      Origin origin) {
    boolean foreign = account.filter(a -> !caller.sees(a)).isPresent();
    boolean ownCampaign =
        campaign
            .filter(id -> CampaignOperations.seen(entities, id, caller, origin).isPresent())
            .isPresent();
    if (foreign || (campaign.isPresent() && !ownCampaign)) {
      return Optional.empty();
    }
    String whose =
        caller instanceof Caller.Tenant tenant && !ownCampaign
            ? tenant.accountId()
            : account.filter(a -> caller instanceof Caller.Operator).orElse(null);
    return Optional.of(new CallIndex.Filter(whose, agent.orElse(null), campaign.orElse(null)));
  }

  /** What calls came to, day by day (UTC): a campaign's results, an agent's activity. */
  private Work report(ApiRequest request) {
    Optional<String> account = request.query().text("accountId");
    Optional<String> agent = request.query().text("agentId");
    Optional<String> campaign = request.query().text("campaignId");
    Instant now = entities.ports().clock().instant();
    Instant from = request.query().instant("from").orElse(now.minus(REPORT_SPAN));
    Instant to = request.query().instant("to").orElse(now);
    int days = request.query().limit();
    Instant start = request.query().cursor().map(CallOperations::instant).orElse(from);
    Caller caller = request.caller();
    Instant ends = start.truncatedTo(ChronoUnit.DAYS).plus(days, ChronoUnit.DAYS);
    Instant end = ends.isBefore(to) ? ends : to;
    return origin -> {
      List<CallIndex.Day> found =
          filter(account, agent, campaign, caller, origin)
              .map(seen -> entities.ports().calls().days(seen, start, end))
              .orElse(List.of());
      ObjectNode page = Forms.object();
      ArrayNode items = page.putArray("items");
      found.forEach(day -> items.add(json(day)));
      return Answer.ok(page.put("next", end.isBefore(to) ? end.toString() : null));
    };
  }

  private static ObjectNode json(CallIndex.Day day) {
    ObjectNode json =
        Forms.object()
            .put("day", day.day().toString())
            .put("offered", day.offered())
            .put("answered", day.answered())
            .put("qualified", day.qualified())
            .put("connectedMillis", day.connectedMillis());
    ArrayNode charges = json.putArray("charges");
    day.chargedMicros()
        .forEach((currency, micros) -> charges.add(Forms.money(new Money(micros, currency))));
    return json;
  }

  private static Instant instant(String cursor) {
    try {
      return Instant.parse(cursor);
    } catch (DateTimeException e) {
      throw QueryText.badCursor();
    }
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
    return whole(
        entities, StoredCall.of(entities, id, origin).orElseThrow(Refusal::notFound), caller);
  }

  /** All of a call that a caller may see; refuses one that does not concern it. */
  static ObjectNode whole(Entities entities, StoredCall call, Caller caller) {
    Iterator<JournalRow> rows = call.rows().iterator();
    CallForm form = new CallForm(call.state(), caller);
    if (!form.visible()) {
      throw Refusal.notFound();
    }
    ObjectNode json = form.json();
    var events = json.putArray("events");
    while (rows.hasNext()) {
      JournalRow row = rows.next();
      var envelope = row.envelope();
      entities
          .ports()
          .codec()
          .read(envelope, CallEvent.class)
          .flatMap(form::event)
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

package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.dispute.DisputeCommand;
import io.tandem.node.dispute.DisputeReply;
import io.tandem.node.dispute.DisputeRules;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Fields;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Problem;
import io.tandem.node.http.QueryText;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.dispute.DisputeEvidence;
import io.tandem.persistence.dispute.DisputeGround;
import io.tandem.persistence.dispute.DisputeReason;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.dispute.DisputeVerdict;
import io.tandem.persistence.dispute.DisputedCall;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.DisputeIndex;
import io.tandem.persistence.readmodel.DisputeIndexRow;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Disputes: filed by the account whose wallet paid, looked at and decided by the operator (DSP-1 to
 * DSP-6). What is written in words is never in the answer to a change, so that no kept answer holds
 * it: it is read.
 */
final class DisputeOperations {
  private static final int WORDS_MAX = 4_000;
  private static final int LINE_CHARS_MAX = 500;
  private static final int LINES_MAX = 50;
  private static final int OFFSETS_MAX = 20;
  private static final long OFFSET_MILLIS_MAX = 24 * 3_600_000L;

  private final Entities entities;

  DisputeOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/disputes/{disputeId}";
    return List.of(
        Operation.post("fileDispute", "/v1/disputes", Access.WRITE, this::file),
        Operation.get("listDisputes", "/v1/disputes", Access.READ, this::list),
        Operation.get("readDispute", one, Access.READ, this::read),
        Operation.get("readEvidence", one + "/evidence", Access.READ, this::evidence),
        Operation.post("reviewDispute", one + "/review", Access.OPERATOR, this::review),
        Operation.post("decideDispute", one + "/decision", Access.OPERATOR, this::decide));
  }

  /** What the filer points at, before it is known whom it is about. */
  private record Pointers(List<Long> recordingMillis, List<String> logLines) {
    static Pointers of(Fields body) {
      if (!body.has("evidence")) {
        return new Pointers(List.of(), List.of());
      }
      Fields evidence = body.object("evidence");
      List<Long> millis = new ArrayList<>();
      if (evidence.has("recordings")) {
        for (Fields each : evidence.objects("recordings", OFFSETS_MAX)) {
          millis.add(each.number("offsetMillis", 0, OFFSET_MILLIS_MAX));
        }
      }
      List<String> lines =
          evidence.has("logLines") ? evidence.texts("logLines", LINES_MAX) : List.of();
      for (String line : lines) {
        if (line.isBlank() || line.length() > LINE_CHARS_MAX) {
          throw Refusal.field(
              "evidence.logLines",
              line.length() + " characters",
              "lines of 1 to " + LINE_CHARS_MAX + " characters");
        }
      }
      return new Pointers(List.copyOf(millis), lines);
    }

    DisputeEvidence about(String subject) {
      return new DisputeEvidence(
          recordingMillis, logLines.stream().map(line -> words(subject, line)).toList());
    }
  }

  private Work file(ApiRequest request) {
    String callId = request.body().text("callId", 100);
    DisputeReason reason = request.body().choice("reason", DisputeReason.class);
    Optional<String> statement = request.body().optionalText("statement", WORDS_MAX);
    Pointers pointers = Pointers.of(request.body());
    return origin -> {
      CallState.Begun call = call(callId, origin);
      DisputedCall disputed = disputed(call, request.caller(), origin);
      String subject = call.offered().caller().subject();
      Reply reply =
          entities.ask(
              "dispute",
              DisputeRules.disputeId(callId),
              new DisputeCommand.File(
                  disputed,
                  reason,
                  statement.map(text -> words(subject, text)).orElse(null),
                  pointers.about(subject)),
              origin);
      return Answer.created(outline(reply, request.caller()));
    };
  }

  private CallState.Begun call(String callId, Origin origin) {
    return StoredCall.of(entities, callId, origin).orElseThrow(Refusal::notFound).state();
  }

  /** What is disputed, where the caller's account paid for it (DSP-1); else there is nothing. */
  private DisputedCall disputed(CallState.Begun call, Caller caller, Origin origin) {
    CallState.Ended ended = call instanceof CallState.Ended over ? over : null;
    var bridged =
        switch (call) {
          case CallState.Routing _ -> null;
          case CallState.Connected c -> c.bridged();
          case CallState.Ended c -> c.bridged();
        };
    Offer offer =
        bridged == null ? null : call.offered().plan().offer(bridged.offerId()).orElse(null);
    boolean shown = offer != null && caller.sees(offer.accountId());
    if (!shown && !caller.sees(call.offered().campaignAccountId())) {
      throw Refusal.notFound();
    }
    if (offer == null || !shown) {
      throw Refusal.field("callId", call.callId(), "a call that this account was charged for");
    }
    if (ended == null) {
      throw Refusal.of(Problem.Type.CONFLICT, "The call has not ended yet.");
    }
    if (ended.qualified() == null || ended.chargeRefused() != null) {
      throw Refusal.field("callId", call.callId(), "a call that was charged");
    }
    AccountState.Profile profile =
        entities.accountOf(offer.accountId(), origin).orElseThrow(Refusal::notFound).profile();
    if (profile == null) {
      throw Refusal.notFound();
    }
    return new DisputedCall(
        call.callId(),
        offer.offerId(),
        offer.agentId(),
        offer.accountId(),
        call.offered().campaignId(),
        ended.qualified().charge(),
        call.offered().at(),
        ended.end().connectedMillis(),
        profile.timeZone());
  }

  // A tenant's list: what it filed itself
  private Work list(ApiRequest request) {
    QueryText query = request.query();
    Optional<String> account = query.text("accountId");
    Optional<String> campaign = query.text("campaignId");
    String phase = query.text("state").map(DisputeOperations::phase).orElse(null);
    String agent = query.text("agentId").orElse(null);
    Instant from = query.instant("from").orElse(null);
    Instant to = query.instant("to").orElse(null);
    int limit = query.limit();
    DisputeIndex.Position before = query.cursor().map(DisputeOperations::position).orElse(null);
    Caller caller = request.caller();
    return origin -> {
      boolean foreign =
          account.filter(a -> !caller.sees(a)).isPresent()
              || campaign
                  .filter(c -> CampaignOperations.seen(entities, c, caller, origin).isEmpty())
                  .isPresent();
      String whose =
          caller instanceof Caller.Tenant tenant ? tenant.accountId() : account.orElse(null);
      DisputeIndex.Filter filter =
          new DisputeIndex.Filter(whose, agent, campaign.orElse(null), phase, from, to);
      return Entities.page(
          foreign
              ? List.<DisputeIndexRow>of()
              : entities.ports().disputes().page(filter, before, limit + 1),
          limit,
          row -> row.filedAt() + "|" + row.disputeId(),
          row -> Optional.of(DisputeForm.outline(row, caller)));
    };
  }

  private static String phase(String text) {
    try {
      return DisputeState.Phase.valueOf(text).name();
    } catch (IllegalArgumentException e) {
      throw Refusal.field(
          "state", "'" + text + "'", "one of " + List.of(DisputeState.Phase.values()));
    }
  }

  private static DisputeIndex.Position position(String cursor) {
    int bar = cursor.indexOf('|');
    try {
      return new DisputeIndex.Position(
          Instant.parse(cursor.substring(0, Math.max(0, bar))), cursor.substring(bar + 1));
    } catch (DateTimeException e) {
      throw QueryText.badCursor();
    }
  }

  private Work read(ApiRequest request) {
    String id = request.path("disputeId");
    return origin -> {
      DisputeState state = seen(id, request.caller(), origin);
      return Answer.ok(new DisputeForm(state, request.caller()).whole(entities));
    };
  }

  private Work evidence(ApiRequest request) {
    String id = request.path("disputeId");
    return origin -> {
      DisputedCall disputed = DisputeForm.filed(seen(id, request.caller(), origin)).call();
      StoredCall call =
          StoredCall.of(entities, disputed.callId(), origin).orElseThrow(Refusal::notFound);
      return Answer.ok(new EvidencePack(entities, disputed).json(id, call, request.caller()));
    };
  }

  private Work review(ApiRequest request) {
    String id = request.path("disputeId");
    Optional<String> note = request.body().optionalText("note", WORDS_MAX);
    return origin -> {
      String subject = subject(seen(id, request.caller(), origin), origin);
      Reply reply =
          entities.ask(
              "dispute",
              id,
              new DisputeCommand.Review(note.map(text -> words(subject, text)).orElse(null)),
              origin);
      return Answer.ok(outline(reply, request.caller()));
    };
  }

  private Work decide(ApiRequest request) {
    String id = request.path("disputeId");
    DisputeVerdict verdict = request.body().choice("verdict", DisputeVerdict.class);
    DisputeGround ground = request.body().choice("ground", DisputeGround.class);
    Optional<Money> amount = request.body().optionalMoney("amount");
    String note = request.body().text("note", WORDS_MAX);
    return origin -> {
      String subject = subject(seen(id, request.caller(), origin), origin);
      Reply reply =
          entities.ask(
              "dispute",
              id,
              new DisputeCommand.Decide(verdict, ground, amount.orElse(null), words(subject, note)),
              origin);
      return Answer.ok(outline(reply, request.caller()));
    };
  }

  /** Of whom the words about a dispute tell: its caller (PRV-2). */
  private String subject(DisputeState state, Origin origin) {
    return call(DisputeForm.filed(state).call().callId(), origin).offered().caller().subject();
  }

  private static Personal<String> words(String subject, String text) {
    return Personal.of(subject, DataClass.CONTENT, text);
  }

  private DisputeState seen(String id, Caller caller, Origin origin) {
    if (entities.ask("dispute", id, new DisputeCommand.Read(), origin)
            instanceof DisputeReply.View view
        && caller.sees(DisputeForm.filed(view.state()).call().accountId())) {
      return view.state();
    }
    throw Refusal.notFound();
  }

  private static ObjectNode outline(Reply reply, Caller caller) {
    if (reply instanceof DisputeReply.Done done) {
      return new DisputeForm(done.state(), caller).outline();
    }
    throw Refusals.of(reply);
  }
}

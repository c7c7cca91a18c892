package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import io.tandem.node.wallet.WalletRules;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Wallets: balances, holds, and every movement with its cause (WAL-12); manual deposits (WAL-1).
 */
final class WalletOperations {
  private record Movement(long sequence, WalletEvent event) {}

  private static final int HOLDS_SHOWN_MAX = 500;

  private final Entities entities;

  WalletOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String wallet = "/v1/accounts/{accountId}/wallet";
    return List.of(
        Operation.get("readWallet", wallet, Access.READ, this::read),
        Operation.get("listMovements", wallet + "/movements", Access.READ, this::movements),
        Operation.post("deposit", wallet + "/deposits", Access.OPERATOR, this::deposit));
  }

  private String currency(String accountId, Caller caller, Origin origin) {
    AccountState.Profile profile = entities.account(accountId, caller, origin).profile();
    if (profile == null) {
      throw Refusal.notFound();
    }
    return profile.currency();
  }

  private Work read(ApiRequest request) {
    String accountId = request.path("accountId");
    Optional<Instant> asOf = request.query().instant("asOf");
    return origin -> {
      String currency = currency(accountId, request.caller(), origin);
      if (asOf.isPresent()) {
        WalletState then = asOf(WalletRules.walletId(accountId, currency), asOf.get());
        List<WalletState.LiveHold> oldest =
            then.holds().values().stream()
                .sorted(Comparator.comparing(WalletState.LiveHold::heldAt))
                .limit(HOLDS_SHOWN_MAX)
                .toList();
        return shown(accountId, currency, then.balances(), oldest, then.holds().size());
      }
      Reply reply =
          entities.ask(
              "wallet",
              WalletRules.walletId(accountId, currency),
              new WalletCommand.Read(),
              origin);
      if (!(reply instanceof WalletReply.View view)) {
        throw Refusals.of(reply);
      }
      return shown(accountId, currency, view.balances(), view.holds(), view.liveHolds());
    };
  }

  private static Answer shown(
      String accountId,
      String currency,
      Balances balances,
      List<WalletState.LiveHold> oldest,
      int liveHolds) {
    ObjectNode json = balances(balances, currency).put("accountId", accountId);
    ArrayNode holds = json.putArray("holds");
    for (WalletState.LiveHold hold : oldest) {
      ObjectNode each =
          holds
              .addObject()
              .put("holdId", hold.holdId())
              .put("callId", hold.callId())
              .put("offerId", hold.offerId())
              .put("heldAt", hold.heldAt().toString());
      each.set("amount", Forms.money(hold.amount()));
    }
    return Answer.ok(json.put("liveHolds", liveHolds));
  }

  /** WAL-12: what the events up to an instant come to, by the journal alone. */
  private WalletState asOf(String walletId, Instant instant) {
    WalletState state = WalletState.initial(walletId);
    Iterator<JournalRow> rows = entities.ports().journal().entity("wallet", walletId);
    while (rows.hasNext()) {
      var envelope = rows.next().envelope();
      if (envelope.header().at().isAfter(instant)) {
        break; // an entity's events are in the order of their times
      }
      WalletEvent event = entities.ports().codec().read(envelope, WalletEvent.class).orElse(null);
      state = event == null ? state : state.apply(event);
    }
    return state;
  }

  private Work deposit(ApiRequest request) {
    String accountId = request.path("accountId");
    Money amount = request.body().money("amount");
    String reason = request.body().text("reason", 200);
    return origin -> {
      String currency = currency(accountId, request.caller(), origin);
      if (!amount.currency().equals(currency)) {
        throw Refusal.field("amount.currency", amount.currency(), currency);
      }
      String depositId = Entities.idOf("dep", origin);
      Reply reply =
          entities.ask(
              "wallet",
              WalletRules.walletId(accountId, currency),
              new WalletCommand.Deposit(depositId, amount, "operator", reason),
              origin);
      if (!(reply instanceof WalletReply.Deposited deposited)) {
        throw Refusals.of(reply);
      }
      ObjectNode json =
          Forms.object()
              .put("id", depositId)
              .put("accountId", accountId)
              .put("source", "operator")
              .put("reason", reason);
      json.set("amount", Forms.money(amount));
      json.set("wallet", balances(deposited.balances(), currency));
      return Answer.created(json);
    };
  }

  // WAL-12: from the journal, not from a copy
  private Work movements(ApiRequest request) {
    String accountId = request.path("accountId");
    int limit = request.query().limit();
    long after = request.query().numberCursor();
    Instant asOf = request.query().instant("asOf").orElse(Instant.MAX);
    return origin -> {
      String currency = currency(accountId, request.caller(), origin);
      List<Movement> moved =
          moved(WalletRules.walletId(accountId, currency), after, asOf, limit + 1);
      return Entities.page(
          moved,
          limit,
          movement -> String.valueOf(movement.sequence()),
          movement -> Optional.of(json(movement, currency)));
    };
  }

  private List<Movement> moved(String walletId, long after, Instant asOf, int most) {
    List<Movement> moved = new ArrayList<>();
    Iterator<JournalRow> rows = entities.ports().journal().entity("wallet", walletId, after);
    while (rows.hasNext() && moved.size() < most) {
      JournalRow row = rows.next();
      if (row.envelope().header().at().isAfter(asOf)) {
        break;
      }
      entities
          .ports()
          .codec()
          .read(row.envelope(), WalletEvent.class)
          .filter(event -> !event.postings().isEmpty())
          .ifPresent(event -> moved.add(new Movement(row.sequence(), event)));
    }
    return moved;
  }

  private static ObjectNode json(Movement movement, String currency) {
    WalletEvent event = movement.event();
    ObjectNode json =
        Forms.object().put("sequence", movement.sequence()).put("at", event.at().toString());
    switch (event) {
      case WalletEvent.Deposited e ->
          cause(json, "deposit", e.amount(), "deposit", e.depositId()).put("reason", e.reason());
      case WalletEvent.Credited e ->
          cause(json, "credit", e.amount(), "dispute", e.disputeId()).put("callId", e.callId());
      case WalletEvent.Held e ->
          cause(json, "hold", e.amount(), "call", e.callId()).put("holdId", e.holdId());
      case WalletEvent.Captured e ->
          cause(json, "capture", e.amount(), "call", e.callId())
              .put("holdId", e.holdId())
              .put("earnedAt", e.earnedAt().toString())
              .put("late", e.late());
      case WalletEvent.Released e ->
          cause(json, "release", e.amount(), "call", e.callId())
              .put("holdId", e.holdId())
              .put("reason", e.reason());
      case WalletEvent.HoldKept _ ->
          throw new IllegalStateException("a hold that stays moves nothing");
    }
    ArrayNode postings = json.putArray("postings");
    for (Posting posting : event.postings()) {
      ObjectNode line = postings.addObject().put("account", posting.account().name());
      line.set("amount", Forms.money(posting.amount()));
    }
    json.set("wallet", balances(event.after(), currency));
    return json;
  }

  private static ObjectNode cause(
      ObjectNode json, String kind, Money amount, String causeType, String causeId) {
    json.put("kind", kind).set("amount", Forms.money(amount));
    json.putObject("cause").put("type", causeType).put("id", causeId);
    return json;
  }

  private static ObjectNode balances(Balances balances, String currency) {
    Money available = new Money(balances.availableMicros(), currency);
    Money held = new Money(balances.heldMicros(), currency);
    ObjectNode json = Forms.object().put("currency", currency);
    json.set("balance", Forms.money(available.plus(held)));
    json.set("available", Forms.money(available));
    json.set("held", Forms.money(held));
    return json;
  }
}

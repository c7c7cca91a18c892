package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.account.AccountCommand;
import io.tandem.node.account.AccountReply;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.http.Token;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/** Accounts and their API tokens (ACC-4). */
final class AccountOperations {
  private static final Set<String> SCOPES = Set.of("read", "write");

  private final Entities entities;

  AccountOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String tokens = "/v1/accounts/{accountId}/tokens";
    return List.of(
        Operation.post("createAccount", "/v1/accounts", Access.OPERATOR, this::create),
        Operation.get("listAccounts", "/v1/accounts", Access.OPERATOR, this::list),
        Operation.get("readAccount", "/v1/accounts/{accountId}", Access.READ, this::read),
        Operation.post("issueToken", tokens, Access.OPERATOR, this::issue),
        Operation.get("listTokens", tokens, Access.READ, this::tokens),
        Operation.post("revokeToken", tokens + "/{tokenId}/revoke", Access.OPERATOR, this::revoke));
  }

  private Work create(ApiRequest request) {
    String name = request.body().text("name", 200);
    String currency = request.body().text("currency", 3);
    ZoneId zone =
        request.body().parsed("timeZone", "an IANA time zone such as America/New_York", ZoneId::of);
    return origin -> {
      String id = Entities.idOf("acct", origin);
      String subject = "person:" + entities.ports().blinder().blind("account", id);
      AccountCommand command =
          new AccountCommand.Create(Personal.of(subject, DataClass.CONTACT, name), currency, zone);
      return Answer.created(json(id, done(entities.ask("account", id, command, origin))));
    };
  }

  private Work list(ApiRequest request) {
    return entities.page(
        "account",
        request,
        view ->
            view.state() instanceof AccountState account && account.profile() != null
                ? Optional.of(json(view.entityId(), account))
                : Optional.empty());
  }

  private Work read(ApiRequest request) {
    String id = request.path("accountId");
    return origin -> Answer.ok(json(id, entities.account(id, request.caller(), origin)));
  }

  private Work issue(ApiRequest request) {
    String accountId = request.path("accountId");
    String label = request.body().text("label", 100);
    List<String> scopes = request.body().texts("scopes", SCOPES.size());
    if (scopes.isEmpty() || !SCOPES.containsAll(scopes)) {
      throw Refusal.field("scopes", scopes.toString(), "one or more of read, write");
    }
    Instant expires =
        request
            .body()
            .optionalParsed("expires", "an instant such as 2026-05-01T12:00:00Z", Instant::parse)
            .orElse(null);
    PSortedSet<String> set = TreePSet.from(scopes);
    return origin -> {
      AccountState account = entities.account(accountId, request.caller(), origin);
      Token token = Token.fresh(accountId, Entities.idOf("tok", origin));
      AccountState.Token there = account.tokens().get(token.tokenId());
      if (there != null) {
        return Answer.created(
            json(there)); // a second try after a death: the secret was shown or is lost
      }
      AccountState after =
          done(
              entities.ask(
                  "account",
                  accountId,
                  new AccountCommand.IssueToken(
                      token.tokenId(), label, token.secretHash(), set, expires),
                  origin));
      AccountState.Token issued = after.tokens().get(token.tokenId());
      if (issued == null) {
        throw new IllegalStateException("a token that was issued is there");
      }
      return Answer.createdOnce(json(issued).put("token", token.text()), "token");
    };
  }

  private Work tokens(ApiRequest request) {
    String id = request.path("accountId");
    return origin -> {
      AccountState account = entities.account(id, request.caller(), origin);
      List<AccountState.Token> tokens =
          account.tokens().values().stream()
              .sorted(Comparator.comparing(AccountState.Token::tokenId))
              .toList();
      return Entities.page(
          tokens, tokens.size(), AccountState.Token::tokenId, token -> Optional.of(json(token)));
    };
  }

  private Work revoke(ApiRequest request) {
    String accountId = request.path("accountId");
    String tokenId = request.path("tokenId");
    String reason = request.body().text("reason", 200);
    return origin -> {
      AccountState after =
          done(
              entities.ask(
                  "account", accountId, new AccountCommand.RevokeToken(tokenId, reason), origin));
      AccountState.Token token = after.tokens().get(tokenId);
      if (token == null) {
        throw Refusal.notFound();
      }
      return Answer.ok(json(token));
    };
  }

  private static AccountState done(Reply reply) {
    return switch (reply) {
      case AccountReply.Done done -> done.state();
      default -> throw Refusals.of(reply);
    };
  }

  private static ObjectNode json(String id, AccountState account) {
    AccountState.Profile profile = account.profile();
    if (profile == null) {
      throw Refusal.notFound();
    }
    return Forms.object()
        .put("id", id)
        .put("name", Forms.text(profile.name()))
        .put("currency", profile.currency())
        .put("timeZone", profile.timeZone().getId());
  }

  private static ObjectNode json(AccountState.Token token) {
    ObjectNode json =
        Forms.object()
            .put("id", token.tokenId())
            .put("label", token.label())
            .put("expires", Forms.text(token.expires()))
            .put("revoked", token.revoked());
    json.set("scopes", Forms.texts(token.scopes()));
    return json;
  }
}

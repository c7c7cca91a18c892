package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.account.AccountCommand;
import io.tandem.node.account.AccountReply;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.QueryText;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.readmodel.EntityView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How the operations ask entities and lists, and whose objects they find (ACC-5). */
final class Entities {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

  private final OperationPorts ports;

  Entities(OperationPorts ports) {
    this.ports = ports;
  }

  OperationPorts ports() {
    return ports;
  }

  /**
   * Asks an entity and waits; asks a second time with the same command when the first got no
   * answer.
   *
   * @throws EntityGateway.Unavailable when there is none
   */
  Reply ask(String type, String id, Command command, Origin origin) {
    if (!ID.matcher(id).matches()) {
      throw Refusal.notFound();
    }
    EntityKey key = new EntityKey(type, id);
    try {
      return answer(key, command, origin);
    } catch (EntityGateway.Unavailable first) {
      return answer(key, command, origin);
    }
  }

  private Reply answer(EntityKey key, Command command, Origin origin) {
    try {
      return ports.gateway().ask(key, command, origin).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** An account the caller sees. */
  AccountState account(String accountId, Caller caller, Origin origin) {
    if (!caller.sees(accountId)) {
      throw Refusal.notFound();
    }
    return accountOf(accountId, origin).orElseThrow(Refusal::notFound);
  }

  /** An account, whoever asks. */
  Optional<AccountState> accountOf(String accountId, Origin origin) {
    return ID.matcher(accountId).matches()
            && ask("account", accountId, new AccountCommand.Read(), origin)
                instanceof AccountReply.View view
            && view.state().profile() != null
        ? Optional.of(view.state())
        : Optional.empty();
  }

  /**
   * Whose a new object is to be: the caller's own, or the one the operator names in {@code
   * accountId}. What the caller does not see is refused as what does not exist.
   */
  Function<Origin, String> owner(ApiRequest request) {
    Optional<String> named = request.body().optionalText("accountId", 100);
    return origin -> {
      String accountId =
          named.orElseGet(
              () ->
                  switch (request.caller()) {
                    case Caller.Tenant tenant -> tenant.accountId();
                    default ->
                        throw Refusal.field(
                            "accountId", "nothing", "the id of the account it is for");
                  });
      if (!request.caller().sees(accountId) || accountOf(accountId, origin).isEmpty()) {
        throw Refusal.field("accountId", "'" + accountId + "'", "the id of an account");
      }
      return accountId;
    };
  }

  /** An id for what a command makes: the same for its repetitions. */
  static String idOf(String prefix, Origin origin) {
    return prefix + origin.commandId().substring(origin.commandId().indexOf('_'));
  }

  /**
   * A page of the entities of a type: a tenant's own, or for the operator all or those of the
   * account it names. A moment behind the entities themselves.
   */
  Work page(String type, ApiRequest request, Function<EntityView, Optional<ObjectNode>> form) {
    Optional<String> named = request.query().text("accountId");
    int limit = request.query().limit();
    String after = request.query().cursor().orElse("");
    Optional<String> account =
        request.caller() instanceof Caller.Tenant tenant
            ? Optional.of(named.filter(a -> !tenant.sees(a)).isPresent() ? "" : tenant.accountId())
            : named;
    return origin ->
        page(
            account
                .map(a -> ports.views().ofAccount(type, a, after, limit + 1))
                .orElseGet(() -> ports.views().all(type, after, limit + 1)),
            limit,
            EntityView::entityId,
            form);
  }

  /** A page of rows, of which one more than asked for was looked up. */
  static <T> Answer page(
      List<T> rows,
      int limit,
      Function<T, String> position,
      Function<T, Optional<ObjectNode>> form) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    List<T> shown = rows.subList(0, Math.min(limit, rows.size()));
    shown.forEach(row -> form.apply(row).ifPresent(items::add));
    ObjectNode page = JsonNodeFactory.instance.objectNode();
    page.set("items", items);
    page.put(
        "next",
        rows.size() > limit ? QueryText.cursorAfter(position.apply(shown.getLast())) : null);
    return Answer.ok(page);
  }
}

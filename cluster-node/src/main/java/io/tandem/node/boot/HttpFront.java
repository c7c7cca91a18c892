package io.tandem.node.boot;

import io.tandem.node.account.AccountCommand;
import io.tandem.node.account.AccountReply;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.http.Doorkeeper;
import io.tandem.node.http.Exports;
import io.tandem.node.http.HttpApi;
import io.tandem.node.http.HttpSettings;
import io.tandem.node.http.Operation;
import io.tandem.node.http.TokenWatch;
import io.tandem.node.http.operation.OperationPorts;
import io.tandem.node.http.operation.Operations;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.archive.ArchiveShelf;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.privacy.Erasures;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.DisputeIndex;
import io.tandem.persistence.readmodel.DisputeRates;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.IdempotencyKeys;
import io.tandem.persistence.readmodel.SecurityIndex;
import io.tandem.persistence.readmodel.SipBans;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.persistence.webhook.Deliveries;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The HTTP front end of a node, listening. */
public final class HttpFront implements AutoCloseable {
  private final HttpApi api;
  private final Exports exports;
  private final List<Operation> operations;

  private HttpFront(HttpApi api, Exports exports, List<Operation> operations) {
    this.api = api;
    this.exports = exports;
    this.operations = operations;
  }

  static HttpFront start(Node node) {
    Settings.Http http = node.settings().http();
    HttpApi.Ports ports =
        new HttpApi.Ports(
            node.system(),
            new Doorkeeper(
                node.secrets().operatorToken(),
                node.directory()::account,
                id -> account(node, id),
                node.parts().wall(),
                new TokenWatch(
                    node.security(), node.secrets().blinder(), node.directory()::account)),
            new IdempotencyKeys(node.stores().journal()),
            node.secrets().blinder(),
            node.parts().wall(),
            node.blocking(),
            node.meters());
    Exports exports =
        new Exports(
            node.settings().directory().resolve("exports"),
            new ErasureLog(node.stores().journal()),
            node.parts().wall(),
            node.blocking());
    List<Operation> operations = Operations.table(reached(node, exports));
    try {
      return new HttpFront(
          HttpApi.start(HttpSettings.of(http.host(), http.port()), ports, operations),
          exports,
          operations);
    } catch (HttpApi.CannotListen e) {
      exports.close();
      throw new CannotStart("tandem.http: " + e.getMessage(), e);
    }
  }

  private static OperationPorts reached(Node node, Exports exports) {
    Settings.Cooldown cooldown = node.settings().market().cooldown();
    return new OperationPorts(
        node.gateway(),
        node.directory(),
        new EntityViews(node.stores().journal(), node.codecs().sealed()),
        new CallIndex(node.stores().journal()),
        new DisputeIndex(node.stores().journal()),
        new DisputeRates(node.stores().journal()),
        new Deliveries(node.stores().journal()),
        !node.settings().webhooks().allowedAddresses().isEmpty(),
        new Erasures(
            node.stores().journal(),
            node.stores().keyDatabase(),
            node.stores().keys(),
            node.settings().privacy().law()),
        new ErasureLog(node.stores().journal()),
        new SipBans(node.stores().journal()),
        new SipTraces(node.stores().journal()),
        new SecurityIndex(node.stores().journal()),
        new JournalReader(node.stores().journal()),
        node.settings()
            .archive()
            .directory()
            .map(files -> new ArchiveShelf(node.stores().journal(), files)),
        node.codecs().sealed(),
        new AesGcmSealer(node.stores().keys(), node.parts().wall()),
        VoiceParts.recordings(node, false),
        exports,
        node.secrets().blinder(),
        node.parts().wall(),
        node.settings().sip().realm(),
        cooldown.windowCalls(),
        cooldown.window(),
        node.meters(),
        node::notReady);
  }

  private static Optional<AccountState> account(Node node, String id) {
    try {
      return node.gateway()
                  .ask(
                      new EntityKey("account", id),
                      new AccountCommand.Read(),
                      new Origin(TimedId.next("read"), "http/token", "http"))
                  .toCompletableFuture()
                  .join()
              instanceof AccountReply.View view
          ? Optional.of(view.state())
          : Optional.empty();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Where HTTP is listened for. */
  public InetSocketAddress address() {
    return api.address();
  }

  /** All that can be asked there. */
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public void close() {
    api.close();
    exports.close();
  }
}

package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.AccountArchive;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Exports;
import io.tandem.node.http.Exports.Standing;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Problem;
import io.tandem.node.http.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An account's whole data as an archive (PRV-3): asked for, looked after, fetched by a link that
 * needs no token and expires with the file. Kept by the node that made it.
 */
final class ExportOperations {
  private static final String ZIP = "application/zip";

  private final Entities entities;
  private final AccountArchive archive;

  /**
   * @param reading the operations whose answers go into it
   */
  ExportOperations(Entities entities, List<Operation> reading) {
    this.entities = entities;
    this.archive = new AccountArchive(reading);
  }

  List<Operation> table() {
    String path = "/v1/accounts/{accountId}/exports";
    return List.of(
        Operation.post("beginExport", path, Access.WRITE, this::begin).withoutBody(),
        Operation.get("readExport", path + "/{exportId}", Access.READ, this::read),
        Operation.get("fetchExport", "/v1/exports/{link}", Access.PUBLIC, this::fetch));
  }

  private Work begin(ApiRequest request) {
    String accountId = request.path("accountId");
    return origin -> {
      var unused = entities.account(accountId, request.caller(), origin);
      String id = Entities.idOf("exp", origin);
      Instant now = entities.ports().clock().instant();
      if (!exports().begin(id, accountId, file -> archive.write(accountId, now, file))) {
        throw Refusal.of(Problem.Type.CONFLICT, "Another export of this account is being made.");
      }
      return Answer.created(json(id, accountId));
    };
  }

  private Work read(ApiRequest request) {
    String accountId = request.path("accountId");
    return origin -> {
      var unused = entities.account(accountId, request.caller(), origin);
      return Answer.ok(json(request.path("exportId"), accountId));
    };
  }

  private ObjectNode json(String id, String accountId) {
    Standing standing = exports().standing(id, accountId).orElseThrow(Refusal::notFound);
    ObjectNode json = Forms.object().put("id", id).put("accountId", accountId);
    return switch (standing) {
      case Standing.Running _ ->
          json.put("state", "RUNNING").putNull("link").putNull("octets").putNull("expiresAt");
      case Standing.Failed _ ->
          json.put("state", "FAILED").putNull("link").putNull("octets").putNull("expiresAt");
      case Standing.Ready ready ->
          json.put("state", "READY")
              .put("link", "/v1/exports/" + link(id, ready.until()))
              .put("octets", ready.octets())
              .put("expiresAt", ready.until().toString());
    };
  }

  private Work fetch(ApiRequest request) {
    String link = request.path("link");
    return origin -> {
      String id = link.substring(0, Math.max(0, link.indexOf('.')));
      Optional<Standing> standing = exports().standing(id);
      if (standing.isPresent()
          && standing.get() instanceof Standing.Ready ready
          && java.security.MessageDigest.isEqual(
              link.getBytes(java.nio.charset.StandardCharsets.UTF_8),
              link(id, ready.until()).getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
        return Answer.file(ZIP, ready.file());
      }
      throw Refusal.notFound();
    };
  }

  /** Nobody who was not shown it can make it; another end of its time makes another link. */
  private String link(String id, Instant until) {
    return id + "." + entities.ports().blinder().blind("export", id + "/" + until);
  }

  private Exports exports() {
    return entities.ports().exports();
  }
}

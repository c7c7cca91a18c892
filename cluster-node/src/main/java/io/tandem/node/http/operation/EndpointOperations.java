package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.endpoint.EndpointCommand;
import io.tandem.node.endpoint.EndpointReply;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Fields;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.protocol.sip.auth.StoredHa1;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SIP endpoints: the credentials of phones (TEL-1). A password goes in or is made here, is hashed
 * at once, and is never shown again; neither are its hashes.
 */
final class EndpointOperations {
  private static final Pattern HOST_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+");
  private static final int HOST_NAME_CHARS_MAX = 253;
  private static final int PASSWORD_BYTES = 18;
  private static final int PASSWORD_CHARS_MIN = 12;
  private static final int PASSWORD_CHARS_MAX = 128;

  /** Of a phone's password, for the entity. */
  private record Hashed(Personal<String> md5, Personal<String> sha256) {}

  private final Entities entities;

  EndpointOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/endpoints/{username}";
    return List.of(
        Operation.post("createEndpoint", "/v1/endpoints", Access.WRITE, this::create),
        Operation.get("listEndpoints", "/v1/endpoints", Access.READ, this::list),
        Operation.get("readEndpoint", one, Access.READ, this::read),
        Operation.put("changePassword", one + "/password", Access.WRITE, this::changePassword));
  }

  private Work create(ApiRequest request) {
    var owner = entities.owner(request);
    String username =
        request
            .body()
            .parsed(
                "username",
                "1 to 64 letters, digits, '.', '_' or '-'",
                text -> {
                  if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
                    throw new IllegalArgumentException(text);
                  }
                  return text;
                });
    Optional<String> given = password(request.body());
    List<String> algorithms = algorithms(request.body());
    String realm =
        request
            .body()
            .optionalParsed("realm", "a host name, in lower case", EndpointOperations::hostName)
            .orElse(entities.ports().realm());
    return origin -> {
      String accountId = owner.apply(origin);
      if (isOthers(realm, accountId)) {
        throw new Refusal(Refusals.taken());
      }
      String password = given.orElseGet(EndpointOperations::fresh);
      Hashed hashed = hashed(username, realm, password);
      Reply reply =
          entities.ask(
              "endpoint",
              username,
              new EndpointCommand.Create(
                  accountId, realm, hashed.md5(), hashed.sha256(), algorithms),
              origin);
      if (reply instanceof EndpointReply.Conflict) {
        throw new Refusal(Refusals.taken());
      }
      EndpointReply.Done done = done(reply);
      return shown(201, json(done.state()), given.isEmpty() && !done.already() ? password : null);
    };
  }

  private Work changePassword(ApiRequest request) {
    String username = request.path("username");
    Optional<String> given = password(request.body());
    List<String> algorithms = algorithms(request.body());
    return origin -> {
      String realm = credentials(seen(username, request.caller(), origin)).realm();
      String password = given.orElseGet(EndpointOperations::fresh);
      Hashed hashed = hashed(username, realm, password);
      EndpointReply.Done done =
          done(
              entities.ask(
                  "endpoint",
                  username,
                  new EndpointCommand.ChangePassword(hashed.md5(), hashed.sha256(), algorithms),
                  origin));
      return shown(200, json(done.state()), given.isEmpty() && !done.already() ? password : null);
    };
  }

  /**
   * A password that was made here is shown once; one that was made in an earlier try is lost and
   * set anew.
   */
  private static Answer shown(int status, ObjectNode json, @Nullable String password) {
    return password == null
        ? new Answer(status, Answer.JSON, json, java.util.Set.of())
        : new Answer(
            status, Answer.JSON, json.put("password", password), java.util.Set.of("password"));
  }

  private Work list(ApiRequest request) {
    return entities.page(
        "endpoint",
        request,
        view ->
            view.state() instanceof EndpointState endpoint && endpoint.credentials() != null
                ? Optional.of(json(endpoint))
                : Optional.empty());
  }

  private Work read(ApiRequest request) {
    String username = request.path("username");
    return origin -> Answer.ok(json(seen(username, request.caller(), origin)));
  }

  private EndpointState seen(String username, Caller caller, Origin origin) {
    if (entities.ask("endpoint", username, new EndpointCommand.Read(), origin)
            instanceof EndpointReply.View view
        && view.state().credentials() instanceof EndpointState.Credentials credentials
        && caller.sees(credentials.accountId())) {
      return view.state();
    }
    throw Refusal.notFound();
  }

  private static EndpointReply.Done done(Reply reply) {
    if (reply instanceof EndpointReply.Done done) {
      return done;
    }
    throw Refusals.of(reply);
  }

  private static Optional<String> password(Fields body) {
    return body.optionalSecret("password", PASSWORD_CHARS_MIN, PASSWORD_CHARS_MAX);
  }

  private static List<String> algorithms(Fields body) {
    return body.has("algorithms") ? body.texts("algorithms", 2) : List.of("SHA-256");
  }

  private static String fresh() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  private static String hostName(String text) {
    if (!HOST_NAME.matcher(text).matches() || text.length() > HOST_NAME_CHARS_MAX) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /** Whether phones of another account log in there; the node's own realm is everybody's. */
  private boolean isOthers(String realm, String accountId) {
    return !realm.equals(entities.ports().realm())
        && entities
            .ports()
            .directory()
            .realmOwner(realm)
            .filter(owner -> !owner.equals(accountId))
            .isPresent();
  }

  private Hashed hashed(String username, String realm, String password) {
    StoredHa1 ha1 = StoredHa1.of(username, realm, password);
    String subject = "person:" + entities.ports().blinder().blind("endpoint", username);
    return new Hashed(
        Personal.of(subject, DataClass.SECRET, present(ha1.md5())),
        Personal.of(subject, DataClass.SECRET, present(ha1.sha256())));
  }

  private static String present(@Nullable String hash) {
    if (hash == null) {
      throw new IllegalStateException("both hashes of a password are made");
    }
    return hash;
  }

  private static EndpointState.Credentials credentials(EndpointState endpoint) {
    EndpointState.Credentials credentials = endpoint.credentials();
    if (credentials == null) {
      throw Refusal.notFound();
    }
    return credentials;
  }

  private static ObjectNode json(EndpointState endpoint) {
    EndpointState.Credentials credentials = credentials(endpoint);
    ObjectNode json =
        Forms.object()
            .put("username", endpoint.username())
            .put("accountId", credentials.accountId())
            .put("realm", credentials.realm());
    json.set("algorithms", Forms.texts(credentials.algorithms()));
    return json;
  }
}

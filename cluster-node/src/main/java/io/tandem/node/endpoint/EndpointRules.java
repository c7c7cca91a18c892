package io.tandem.node.endpoint;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.endpoint.EndpointCommand.ChangePassword;
import io.tandem.node.endpoint.EndpointCommand.Create;
import io.tandem.node.endpoint.EndpointCommand.Read;
import io.tandem.node.endpoint.EndpointCommand.Wake;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.entity.Repetition;
import io.tandem.persistence.endpoint.EndpointEvent;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.endpoint.EndpointState.Credentials;
import io.tandem.persistence.journal.TypeNames;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a SIP endpoint does (TEL-1): it keeps a phone's credentials, and its user name belongs to
 * one account.
 */
public final class EndpointRules
    implements QuietRules<EndpointCommand, EndpointReply, EndpointEvent, EndpointState>,
        FiledRules<EndpointCommand, EndpointReply, EndpointEvent, EndpointState> {

  /** The noun's name. */
  public static final String NAME = "endpoint";

  private static final int SNAPSHOT_EVERY = 100;

  /** What a phone can be made to type and no digest header has to escape. */
  private static final Pattern USERNAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final List<String> ALGORITHMS = List.of("MD5", "SHA-256");

  /** The noun as the host runs it. */
  public static EntityType<EndpointCommand, EndpointReply, EndpointEvent, EndpointState> type() {
    return new EntityType<>(
        NAME,
        EndpointCommand.class,
        EndpointEvent.class,
        EndpointState::initial,
        new EndpointRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(EndpointCommand.class)
        .addAll(EndpointReply.class)
        .addAll(EndpointEvent.class)
        .add(EndpointState.class)
        .build();
  }

  @Override
  public Decision<EndpointEvent, EndpointReply> decide(
      EndpointState state, EndpointCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    return switch (command) {
      case Create c -> create(state, c, now);
      case ChangePassword c -> changePassword(state, c, now);
      case Read c ->
          Decision.reply(
              state.credentials() == null
                  ? new EndpointReply.Unknown()
                  : new EndpointReply.View(state));
      case Wake c -> Decision.reply(new EndpointReply.Awake());
    };
  }

  private Decision<EndpointEvent, EndpointReply> create(
      EndpointState state, Create c, Instant now) {
    Credentials credentials = state.credentials();
    if (credentials != null && !credentials.accountId().equals(c.accountId())) {
      return Decision.reply(new EndpointReply.Taken("username"));
    }
    if (credentials != null) {
      return repeated(
          state,
          Repetition.of("realm", credentials.realm(), c.realm())
              .and("password", credentials.ha1Sha256(), c.ha1Sha256())
              .and("password", credentials.ha1Md5(), c.ha1Md5())
              .and("algorithms", credentials.algorithms(), c.algorithms()));
    }
    if (!USERNAME.matcher(state.username()).matches()) {
      return invalid(
          "username", "'" + state.username() + "'", "1 to 64 letters, digits, '.', '_' or '-'");
    }
    if (c.accountId().isBlank()) {
      return invalid("accountId", "''", "not empty");
    }
    if (c.realm().isBlank()) {
      return invalid("realm", "''", "not empty");
    }
    return badAlgorithms(c.algorithms())
        ? invalid("algorithms", c.algorithms().toString(), "one or both of " + ALGORITHMS)
        : done(
            state,
            new EndpointEvent.Created(
                c.accountId(), c.realm(), c.ha1Md5(), c.ha1Sha256(), c.algorithms(), now));
  }

  private Decision<EndpointEvent, EndpointReply> changePassword(
      EndpointState state, ChangePassword c, Instant now) {
    if (state.credentials() == null) {
      return Decision.reply(new EndpointReply.Unknown());
    }
    return badAlgorithms(c.algorithms())
        ? invalid("algorithms", c.algorithms().toString(), "one or both of " + ALGORITHMS)
        : done(
            state,
            new EndpointEvent.PasswordChanged(c.ha1Md5(), c.ha1Sha256(), c.algorithms(), now));
  }

  private static boolean badAlgorithms(List<String> algorithms) {
    return algorithms.isEmpty()
        || !ALGORITHMS.containsAll(algorithms)
        || algorithms.stream().distinct().count() != algorithms.size();
  }

  @Override
  public EndpointCommand wake() {
    return new Wake();
  }

  @Override
  public boolean remembered(EndpointCommand command) {
    return command instanceof Create || command instanceof ChangePassword;
  }

  @Override
  public EndpointReply onFile(EndpointState state, boolean already) {
    return new EndpointReply.Done(state, already);
  }

  @Override
  public EndpointReply conflict(String field) {
    return new EndpointReply.Conflict(field);
  }

  @Override
  public EndpointReply notAllowed(String field, String found, String allowed) {
    return new EndpointReply.Invalid(field, found, allowed);
  }
}

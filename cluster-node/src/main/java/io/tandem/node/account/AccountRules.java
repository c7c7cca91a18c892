package io.tandem.node.account;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.account.AccountCommand.Create;
import io.tandem.node.account.AccountCommand.IssueToken;
import io.tandem.node.account.AccountCommand.Read;
import io.tandem.node.account.AccountCommand.RevokeToken;
import io.tandem.node.account.AccountCommand.Wake;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.entity.Repetition;
import io.tandem.persistence.account.AccountEvent;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.account.AccountState.Profile;
import io.tandem.persistence.account.AccountState.Token;
import io.tandem.persistence.journal.TypeNames;
import java.time.Instant;
import java.util.regex.Pattern;

/** What an account does: it exists once, and issues and revokes API tokens (ACC-4). */
public final class AccountRules
    implements QuietRules<AccountCommand, AccountReply, AccountEvent, AccountState>,
        FiledRules<AccountCommand, AccountReply, AccountEvent, AccountState> {

  /** The noun's name. */
  public static final String NAME = "account";

  private static final int SNAPSHOT_EVERY = 100;

  /** Tokens an account can ever be issued; a bound on the state, far above what people need. */
  private static final int TOKENS_MAX = 1_000;

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");

  /** The noun as the host runs it. */
  public static EntityType<AccountCommand, AccountReply, AccountEvent, AccountState> type() {
    return new EntityType<>(
        NAME,
        AccountCommand.class,
        AccountEvent.class,
        id -> AccountState.NEW,
        new AccountRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(AccountCommand.class)
        .addAll(AccountReply.class)
        .addAll(AccountEvent.class)
        .add(AccountState.class)
        .build();
  }

  @Override
  public Decision<AccountEvent, AccountReply> decide(
      AccountState state, AccountCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    return switch (command) {
      case Create c -> create(state, c, now);
      case IssueToken c -> issueToken(state, c, now);
      case RevokeToken c -> revokeToken(state, c, now);
      case Read c ->
          Decision.reply(
              state.profile() == null ? new AccountReply.Unknown() : new AccountReply.View(state));
      case Wake c -> Decision.reply(new AccountReply.Awake());
    };
  }

  private Decision<AccountEvent, AccountReply> create(AccountState state, Create c, Instant now) {
    Profile profile = state.profile();
    if (profile != null) {
      return repeated(
          state,
          Repetition.of("name", profile.name(), c.name())
              .and("currency", profile.currency(), c.currency())
              .and("timeZone", profile.timeZone(), c.timeZone()));
    }
    return CURRENCY.matcher(c.currency()).matches()
        ? done(state, new AccountEvent.Created(c.name(), c.currency(), c.timeZone(), now))
        : invalid("currency", "'" + c.currency() + "'", "an ISO 4217 code such as USD");
  }

  // ACC-4: known by its id, good until it expires or is revoked
  private Decision<AccountEvent, AccountReply> issueToken(
      AccountState state, IssueToken c, Instant now) {
    Instant expires = c.expires() == null ? null : c.expires().truncatedTo(MICROS);
    if (state.profile() == null) {
      return Decision.reply(new AccountReply.Unknown());
    }
    Token token = state.tokens().get(c.tokenId());
    if (token != null) {
      return repeated(
          state,
          Repetition.of("label", token.label(), c.label())
              .and("secretHash", token.secretHash(), c.secretHash())
              .and("scopes", token.scopes(), c.scopes())
              .and("expires", token.expires(), expires));
    }
    if (c.tokenId().isBlank()) {
      return invalid("tokenId", "''", "not empty");
    }
    if (!SHA256_HEX.matcher(c.secretHash()).matches()) {
      return invalid("secretHash", "something else", "SHA-256 in 64 hexadecimal digits");
    }
    if (c.scopes().isEmpty()) {
      return invalid("scopes", "none", "at least one");
    }
    if (expires != null && !expires.isAfter(now)) {
      return invalid("expires", expires.toString(), "an instant to come, or none");
    }
    if (state.tokens().size() >= TOKENS_MAX) {
      return invalid(
          "tokenId", state.tokens().size() + " tokens", "at most " + TOKENS_MAX + " an account");
    }
    return done(
        state,
        new AccountEvent.TokenIssued(
            c.tokenId(), c.label(), c.secretHash(), c.scopes(), expires, now));
  }

  private Decision<AccountEvent, AccountReply> revokeToken(
      AccountState state, RevokeToken c, Instant now) {
    Token token = state.tokens().get(c.tokenId());
    if (token == null) {
      return Decision.reply(new AccountReply.Unknown());
    }
    return token.revoked()
        ? already(state)
        : done(state, new AccountEvent.TokenRevoked(c.tokenId(), c.reason(), now));
  }

  @Override
  public AccountCommand wake() {
    return new Wake();
  }

  @Override
  public boolean remembered(AccountCommand command) {
    return command instanceof Create
        || command instanceof IssueToken
        || command instanceof RevokeToken;
  }

  @Override
  public AccountReply onFile(AccountState state, boolean already) {
    return new AccountReply.Done(state, already);
  }

  @Override
  public AccountReply conflict(String field) {
    return new AccountReply.Conflict(field);
  }

  @Override
  public AccountReply notAllowed(String field, String found, String allowed) {
    return new AccountReply.Invalid(field, found, allowed);
  }
}

package io.tandem.node.account;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Personal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What can be asked of an account. */
public sealed interface AccountCommand extends Command {

  /** Make the account. */
  record Create(Personal<String> name, String currency, ZoneId timeZone) implements AccountCommand {}

  /** Issue an API token; the caller has made the secret and keeps only its hash (ACC-4). */
  record IssueToken(
      String tokenId, String label, String secretHash, Set<String> scopes, @Nullable Instant expires)
      implements AccountCommand {}

  /** Take a token back. */
  record RevokeToken(String tokenId, String reason) implements AccountCommand {}

  /** Time has come. */
  record Wake() implements AccountCommand {}

  /** Tell how the account is. */
  record Read() implements AccountCommand {}
}

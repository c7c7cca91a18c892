package io.tandem.node.account;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedSet;

/** What can be asked of an account. */
public sealed interface AccountCommand extends Command {

  /** Make the account. */
  @Wire("account.do.create/1")
  record Create(Personal<String> name, String currency, ZoneId timeZone)
      implements AccountCommand {}

  /** Issue an API token; the caller has made the secret and keeps only its hash (ACC-4). */
  @Wire("account.do.issue-token/1")
  record IssueToken(
      String tokenId,
      String label,
      String secretHash,
      PSortedSet<String> scopes,
      @Nullable Instant expires)
      implements AccountCommand {}

  /** Take a token back. */
  @Wire("account.do.revoke-token/1")
  record RevokeToken(String tokenId, String reason) implements AccountCommand {}

  /** Time has come. */
  @Wire("account.do.wake/1")
  record Wake() implements AccountCommand {}

  /** Tell how the account is. */
  @Wire("account.do.read/1")
  record Read() implements AccountCommand {}
}

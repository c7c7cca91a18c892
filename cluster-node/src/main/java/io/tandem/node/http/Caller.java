package io.tandem.node.http;

import java.util.Set;

/** Who asks. */
public sealed interface Caller {

  /**
   * Whose idempotency keys count, and whose objects are seen: an account's id, or {@code operator}.
   */
  String scope();

  /** As it stands in the journal (AUD-1). */
  String actor();

  /** Whether an operation may be asked. */
  boolean may(Operation.Access access);

  /** Whether objects of an account are seen. */
  boolean sees(String accountId);

  /** The operator: sees and may do everything. */
  record Operator() implements Caller {
    /** The scope's and actor's name; no account has it. */
    public static final String NAME = "operator";

    @Override
    public String scope() {
      return NAME;
    }

    @Override
    public String actor() {
      return NAME;
    }

    @Override
    public boolean may(Operation.Access access) {
      return true;
    }

    @Override
    public boolean sees(String accountId) {
      return true;
    }
  }

  /** Someone with an account's token: sees that account alone (ACC-4, ACC-5). */
  record Tenant(String accountId, String tokenId, Set<String> scopes) implements Caller {
    @Override
    public String scope() {
      return accountId;
    }

    @Override
    public String actor() {
      return "account/" + accountId + "/token/" + tokenId;
    }

    @Override
    public boolean may(Operation.Access access) {
      return switch (access) {
        case PUBLIC -> true;
        case READ -> scopes.contains("read");
        case WRITE -> scopes.contains("write");
        case OPERATOR, MONITOR -> false;
      };
    }

    @Override
    public boolean sees(String account) {
      return accountId.equals(account);
    }
  }

  /** Nobody in particular; {@code local} on this machine. */
  record Anonymous(boolean local) implements Caller {
    @Override
    public String scope() {
      return "anonymous";
    }

    @Override
    public String actor() {
      return "anonymous";
    }

    @Override
    public boolean may(Operation.Access access) {
      return access == Operation.Access.PUBLIC || (access == Operation.Access.MONITOR && local);
    }

    @Override
    public boolean sees(String accountId) {
      return false;
    }
  }
}

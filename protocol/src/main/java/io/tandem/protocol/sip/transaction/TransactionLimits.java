package io.tandem.protocol.sip.transaction;

/**
 * When to refuse new calls early and cheaply (OPS-5). Requests within dialogs, ACK and CANCEL are
 * never refused.
 *
 * @param serverTransactionsMax above so many server transactions at once an INVITE without a To tag
 *     gets a 503
 * @param retryAfterSeconds what the 503 says
 */
public record TransactionLimits(int serverTransactionsMax, int retryAfterSeconds) {

  /** 200,000 transactions, about 10 s of 10,000 calls a second; retry after 5 s. */
  public static final TransactionLimits DEFAULT = new TransactionLimits(200_000, 5);
}

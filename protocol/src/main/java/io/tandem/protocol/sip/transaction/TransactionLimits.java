package io.tandem.protocol.sip.transaction;

/**
 * When to refuse new requests early and cheaply (OPS-5). ACK and the CANCEL of an INVITE that is
 * here are never refused.
 *
 * @param serverTransactionsMax above so many server transactions at once a request without a To tag
 *     gets a 503; above twice as many one within a dialog is dropped too, for its sender to repeat
 * @param retryAfterSeconds what the 503 says
 */
public record TransactionLimits(int serverTransactionsMax, int retryAfterSeconds) {

  /** 200,000 transactions, about 10 s of 10,000 calls a second; retry after 5 s. */
  public static final TransactionLimits DEFAULT = new TransactionLimits(200_000, 5);
}

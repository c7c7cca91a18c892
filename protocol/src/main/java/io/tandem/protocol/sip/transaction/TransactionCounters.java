package io.tandem.protocol.sip.transaction;

/**
 * What a layer has counted since its start. Written on the loop; read it there, or accept a value a
 * little old.
 */
public final class TransactionCounters {

  long opened;
  long requestsAgain;
  long strayResponses;
  long refused;
  long responsesNotSent;
  long acksNotSent;
  long userFailures;

  TransactionCounters() {}

  /** Transactions of both roles. */
  public long opened() {
    return opened;
  }

  /** Requests received again and absorbed. */
  public long requestsAgain() {
    return requestsAgain;
  }

  /** Responses that answered nothing of ours. */
  public long strayResponses() {
    return strayResponses;
  }

  /** Requests refused or dropped because too many were open (OPS-5). */
  public long refused() {
    return refused;
  }

  /** Responses the transport could not send. */
  public long responsesNotSent() {
    return responsesNotSent;
  }

  /** ACKs of a 2xx the transport could not send. */
  public long acksNotSent() {
    return acksNotSent;
  }

  /** Times a user threw: mistakes of ours, each logged. */
  public long userFailures() {
    return userFailures;
  }
}

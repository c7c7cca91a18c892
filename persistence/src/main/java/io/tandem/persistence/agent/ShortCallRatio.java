package io.tandem.persistence.agent;

/**
 * The short-call ratio of COOL-1 as two counts, so that nobody rounds: connected calls in the
 * window that the agent's side ended before the timer, over connected calls in the window.
 */
public record ShortCallRatio(int shortCalls, int connectedCalls) {

  /** Whether the ratio is above {@code percent} hundredths, in integers. */
  public boolean over(int percent) {
    return shortCalls * 100L > (long) percent * connectedCalls;
  }
}

package io.tandem.node.call;

import java.time.Duration;

/**
 * How patient a call is. None of these decides money or time: they only say when the edge is asked
 * how it stands.
 *
 * @param ringGrace after a step should have stopped ringing, until the edge is asked
 * @param crossingGrace after the timer should have been reached, until the edge is asked (QT-3: the
 *     call never decides it itself)
 * @param longestCall connected time after which both legs are hung up
 * @param healAfter after the end, until an ended call is woken to see whether wallet, agent and
 *     campaign know of it
 * @param reportEvery time between two questions to an edge that does not answer
 */
public record CallSettings(
    Duration ringGrace,
    Duration crossingGrace,
    Duration longestCall,
    Duration healAfter,
    Duration reportEvery) {

  /** 10 s, 5 s, 4 h, 60 s, 30 s. */
  public static final CallSettings DEFAULT =
      new CallSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofHours(4),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30));
}

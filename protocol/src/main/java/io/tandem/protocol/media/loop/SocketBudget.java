package io.tandem.protocol.media.loop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many files the media sockets of a process may take, two a port pair and one more for each
 * connected twin. Ports are what a call cannot do without, so the last eighth is for them alone: a
 * leg that is latched then does without a twin, at a price in CPU. Any thread.
 */
final class SocketBudget {
  private static final Logger log = LoggerFactory.getLogger(SocketBudget.class);
  private static final int PAIR_FILES = 2;

  private final long files;
  private long pairs;
  private long twins;
  private boolean told;

  /**
   * @param files for all media sockets together, see {@code OpenFiles.forSockets}
   */
  SocketBudget(long files) {
    this.files = files;
  }

  /** A port pair was bound. */
  synchronized void pairBound() {
    pairs++;
  }

  /** A port pair was closed. */
  synchronized void pairClosed() {
    pairs--;
  }

  /** The most port pairs that may be bound beside the twins there are, at least two. */
  synchronized int pairsMax() {
    return Math.clamp((files - twins) / PAIR_FILES, 2, Integer.MAX_VALUE);
  }

  /** Takes one file for a twin, where there is one to spare. */
  synchronized boolean takeTwin() {
    if (PAIR_FILES * pairs + twins + 1 > files - files / 8) {
      if (!told) {
        told = true;
        log.warn(
            "{} port pairs and {} connected sockets leave no more than ports need of {} files:"
                + " further calls have unconnected sockets, which cost more CPU; raise ulimit -n",
            pairs,
            twins,
            files);
      }
      return false;
    }
    twins++;
    return true;
  }

  /** A twin was closed. */
  synchronized void giveTwinBack() {
    twins--;
  }

  /** Connected twins now. */
  synchronized long twins() {
    return twins;
  }
}

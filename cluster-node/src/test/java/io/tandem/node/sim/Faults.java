package io.tandem.node.sim;

/**
 * What goes wrong, in hundredths of each message or write.
 *
 * @param lost messages that never arrive
 * @param doubled messages that arrive twice, at different times
 * @param late messages that take seconds, so that later ones overtake them
 * @param crashed writes before or after which the entity dies with all it had in memory
 */
record Faults(int lost, int doubled, int late, int crashed) {

  /** Nothing goes wrong. */
  static final Faults NONE = new Faults(0, 0, 0, 0);

  /** Far worse than any network one would run on. */
  static final Faults ROUGH = new Faults(15, 15, 10, 8);
}

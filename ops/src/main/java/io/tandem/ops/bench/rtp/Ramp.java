package io.tandem.ops.bench.rtp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds how many calls make a contender use a given share of one core: by what a call cost in the
 * last measurement, again and again, since a packet gets cheaper when more of them wait.
 */
record Ramp(Contender contender, int warmSeconds, int measuredSeconds, Placement placement) {
  private static final int TRIES = 4;

  /** So far from the share is near enough. */
  private static final double TOLERANCE = 0.06;

  /**
   * Every measurement on the way, the last one nearest to what was wanted.
   *
   * @param percent of one core
   * @param known a measurement of this contender
   * @param callsMax the most that can be tried
   */
  List<Row> to(int percent, Row known, int callsMax) throws IOException {
    List<Row> way = new ArrayList<>();
    Row last = known;
    while (way.size() < TRIES) {
      int calls = next(percent, last, callsMax);
      last = new Run(contender, calls, warmSeconds, measuredSeconds, placement).measure();
      way.add(last);
      if (near(percent, last) || next(percent, last, callsMax) == calls) {
        break;
      }
    }
    return way;
  }

  /** Calls to try after a measurement. */
  static int next(int percent, Row last, int callsMax) {
    double wanted = percent / 100.0 / last.cores() * last.calls();
    return Math.clamp(Math.round(wanted / 5) * 5, 5, callsMax);
  }

  static boolean near(int percent, Row row) {
    return Math.abs(100 * row.cores() / percent - 1) <= TOLERANCE;
  }
}

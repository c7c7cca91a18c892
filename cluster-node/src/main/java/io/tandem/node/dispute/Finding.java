package io.tandem.node.dispute;

import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.persistence.dispute.DisputeGround;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ground that the call's own record proves (DSP-5). A suggestion to the reviewer: nothing is
 * decided by it.
 *
 * @param proof what was found, in words
 */
public record Finding(DisputeGround ground, String proof) {

  /** So long a stretch in which one side alone was heard is a material failure. */
  static final long ONE_WAY_MILLIS = 10_000;

  /** So many of a hundred packets that never came are one too. */
  static final int LOST_PERCENT = 10;

  private static final int PACKETS_MIN = 50;

  /**
   * What a call that is over proves.
   *
   * @param verticalId what it was for
   * @param licence of its agent for the caller's state and that vertical, as it was on file then;
   *     null for none
   * @param day the day of the call where the agent is
   */
  public static List<Finding> of(
      CallState.Ended call, String verticalId, @Nullable Licence licence, LocalDate day) {
    List<Finding> found = new ArrayList<>();
    String state = call.offered().callerState().code();
    if (!state.isEmpty()) { // where nobody knows the caller's state nothing is proven
      unlicensed(state, verticalId, licence, day, found);
    }
    CallEvent.Ended end = call.end();
    if (end.proof() != null) {
      found.add(technical("the node that carried the call died at the latest at " + end.at()));
    }
    MediaFacts media = end.media();
    if (media != null) {
      if (media.oneWayMillis() >= ONE_WAY_MILLIS) {
        found.add(
            technical(
                "for " + media.oneWayMillis() + " ms one side sent and nothing came of the other"));
      }
      lost("caller", media.caller(), found);
      lost("agent", media.agent(), found);
    }
    return List.copyOf(found);
  }

  private static void unlicensed(
      String state,
      String verticalId,
      @Nullable Licence licence,
      LocalDate day,
      List<Finding> found) {
    if (licence == null) {
      found.add(
          new Finding(
              DisputeGround.UNLICENSED_STATE,
              "no licence for " + verticalId + " in " + state + " was on file"));
    } else if (licence.expires().isBefore(day)) {
      found.add(
          new Finding(
              DisputeGround.UNLICENSED_STATE,
              "the licence in " + state + " had expired on " + licence.expires()));
    }
  }

  private static void lost(String whose, MediaFacts.OfSide side, List<Finding> found) {
    long sent = side.packets() + side.lost();
    if (sent >= PACKETS_MIN && side.lost() * 100 >= LOST_PERCENT * sent) {
      found.add(
          technical(side.lost() + " of " + sent + " packets of the " + whose + " never came"));
    }
  }

  private static Finding technical(String proof) {
    return new Finding(DisputeGround.TECHNICAL_FAILURE, proof);
  }
}

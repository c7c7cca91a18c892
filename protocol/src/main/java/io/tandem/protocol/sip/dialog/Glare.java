package io.tandem.protocol.sip.dialog;

import java.util.random.RandomGenerator;

/** Two requests that crossed (491): how long each side waits before it tries again; pure. */
public final class Glare {
  private static final int UNIT_MILLIS = 10;

  private Glare() {}

  /**
   * RFC 3261 section 14.1: 2.1 to 4 s for the side that made the Call-ID, 0 to 2 s for the other,
   * in steps of 10 ms.
   *
   * @param ours our role in the dialog: the UAC of its first INVITE made the Call-ID
   */
  public static long waitMillis(Dialog.Role ours, RandomGenerator random) {
    return ours == Dialog.Role.UAC
        ? 2_100 + (long) UNIT_MILLIS * random.nextInt(191)
        : (long) UNIT_MILLIS * random.nextInt(201);
  }
}

package io.tandem.protocol.media.dtmf;

/**
 * The sixteen keys: their telephone events (RFC 4733 §3.2) and their pairs of tones (ITU-T Q.23).
 */
final class Keypad {
  static final int KEYS = 16;

  /** Key of event code 0 to 15. */
  private static final String BY_EVENT = "0123456789*#ABCD";

  /** Keys as they lie: rows of the low group, columns of the high group. */
  private static final String BY_PLACE = "123A456B789C*0#D";

  static final int[] ROW_HZ = {697, 770, 852, 941};
  static final int[] COLUMN_HZ = {1209, 1336, 1477, 1633};

  private Keypad() {}

  static char ofEvent(int event) {
    return BY_EVENT.charAt(event);
  }

  /** The event of a key, -1 for what is no key; letters of either case. */
  static int event(char key) {
    return BY_EVENT.indexOf(Character.toUpperCase(key));
  }

  static char at(int row, int column) {
    return BY_PLACE.charAt(4 * row + column);
  }

  static int rowHz(char key) {
    return ROW_HZ[place(key) / 4];
  }

  static int columnHz(char key) {
    return COLUMN_HZ[place(key) % 4];
  }

  private static int place(char key) {
    int place = BY_PLACE.indexOf(Character.toUpperCase(key));
    if (place < 0) {
      throw new IllegalArgumentException("no key of a telephone");
    }
    return place;
  }
}

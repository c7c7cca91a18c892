package io.tandem.persistence.journal;

/** What kind of personal data a value is; keys, retention and erasure go by it. */
public enum DataClass {
  /** Name, address, e-mail, telephone of a person we do business with. */
  CONTACT(1),
  /** The number of a caller or called party. */
  CALL_NUMBER(2),
  /** What was said or written: recordings, transcripts, messages. */
  CONTENT(3),
  /** Passwords, tokens, card references. */
  SECRET(4);

  private static final DataClass[] ALL = values(); // values() makes a new array each time

  private final int code;

  DataClass(int code) {
    this.code = code;
  }

  /** The stable number that is stored. */
  public int code() {
    return code;
  }

  /** The class of a stored number. */
  public static DataClass of(int code) {
    for (DataClass each : ALL) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no data class has the code " + code);
  }
}

package io.tandem.protocol.sip.transaction.fsm;

/**
 * What can happen to a transaction. Responses come from the wire for a client and from the TU for a
 * server; only their class matters to a machine.
 */
public enum Input {
  /** The request again (server). */
  REQUEST,
  /** An ACK that matched the INVITE (server). */
  ACK,
  /** A 1xx. */
  PROVISIONAL,
  /** A 2xx. */
  SUCCESS,
  /** A 3xx to 6xx. */
  FAILURE,
  /**
   * The TU sent a CANCEL for this INVITE (client): the final response is due within 64 T1 (9.1).
   */
  CANCELLED,
  /** The transport could not send. */
  TRANSPORT_ERROR,
  TIMER_A,
  TIMER_B,
  TIMER_D,
  TIMER_E,
  TIMER_F,
  TIMER_G,
  TIMER_H,
  TIMER_I,
  TIMER_J,
  TIMER_K,
  TIMER_L,
  TIMER_M,
  TIMER_TRYING;

  /** The input that a timer's end is. */
  public static Input fired(TimerId timer) {
    return switch (timer) {
      case A -> TIMER_A;
      case B -> TIMER_B;
      case D -> TIMER_D;
      case E -> TIMER_E;
      case F -> TIMER_F;
      case G -> TIMER_G;
      case H -> TIMER_H;
      case I -> TIMER_I;
      case J -> TIMER_J;
      case K -> TIMER_K;
      case L -> TIMER_L;
      case M -> TIMER_M;
      case TRYING -> TIMER_TRYING;
    };
  }

  /** The input that a response with this status code (100..699) is. */
  public static Input response(int status) {
    return status < 200 ? PROVISIONAL : status < 300 ? SUCCESS : FAILURE;
  }
}

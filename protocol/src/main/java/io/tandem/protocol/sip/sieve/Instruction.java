package io.tandem.protocol.sip.sieve;

/**
 * One instruction of a classic BPF program, {@code struct sock_filter} of Linux
 * (Documentation/networking/filter.rst).
 *
 * @param code what it does
 * @param whenTrue how many instructions a test that holds passes over, at most 255
 * @param whenFalse the same for one that does not
 * @param operand unsigned
 */
record Instruction(int code, int whenTrue, int whenFalse, int operand) {
  /** Four octets of the packet, in network order, to the accumulator. */
  static final int LOAD_WORD = 0x20;

  /** Two octets. */
  static final int LOAD_HALF = 0x28;

  /** One octet. */
  static final int LOAD_OCTET = 0x30;

  /** The packet's length. */
  static final int LOAD_LENGTH = 0x80;

  /** The accumulator masked by the operand. */
  static final int AND = 0x54;

  /** Whether the accumulator is the operand. */
  static final int IF_EQUAL = 0x15;

  /** Whether the accumulator is at least the operand, unsigned. */
  static final int IF_AT_LEAST = 0x35;

  /** The end: so many octets of the packet are kept; none is a drop. */
  static final int RETURN = 0x06;

  /** Where {@link #LOAD_WORD} finds a number drawn anew each time (SKF_AD_OFF + SKF_AD_RANDOM). */
  static final int RANDOM = -0x1000 + 56;

  /** Where loads find the IP header (SKF_NET_OFF). */
  static final int IP_HEADER = -0x100000;
}

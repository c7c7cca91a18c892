package io.tandem.protocol.sip.sieve;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Runs a program as the system would, as far as ours go. */
final class FilterMachine {
  private FilterMachine() {}

  /**
   * Whether a packet is kept.
   *
   * @param ip its IP header
   * @param udp what the filter sees as the packet: UDP header and payload
   */
  static boolean keeps(List<Instruction> program, byte[] ip, byte[] udp, RandomGenerator random) {
    int accumulator = 0;
    for (int at = 0; at < program.size(); at++) {
      Instruction now = program.get(at);
      int operand = now.operand();
      switch (now.code()) {
        case Instruction.RETURN -> {
          return operand != 0;
        }
        case Instruction.LOAD_LENGTH -> accumulator = udp.length;
        case Instruction.AND -> accumulator &= operand;
        case Instruction.IF_EQUAL ->
            at += accumulator == operand ? now.whenTrue() : now.whenFalse();
        case Instruction.IF_AT_LEAST ->
            at +=
                Integer.compareUnsigned(accumulator, operand) >= 0
                    ? now.whenTrue()
                    : now.whenFalse();
        case Instruction.LOAD_WORD, Instruction.LOAD_HALF, Instruction.LOAD_OCTET -> {
          if (operand == Instruction.RANDOM) {
            accumulator = random.nextInt();
            continue;
          }
          boolean header = operand < 0;
          byte[] from = header ? ip : udp;
          int place = header ? operand - Instruction.IP_HEADER : operand;
          int size =
              now.code() == Instruction.LOAD_WORD ? 4 : now.code() == Instruction.LOAD_HALF ? 2 : 1;
          if (place + size > from.length) {
            return false; // a load behind the end drops the packet
          }
          ByteBuffer octets = ByteBuffer.wrap(from);
          accumulator =
              switch (size) {
                case 4 -> octets.getInt(place);
                case 2 -> octets.getShort(place) & 0xffff;
                default -> octets.get(place) & 0xff;
              };
        }
        default -> throw new AssertionError("no such instruction: " + now);
      }
    }
    throw new AssertionError("it ran past its end");
  }
}

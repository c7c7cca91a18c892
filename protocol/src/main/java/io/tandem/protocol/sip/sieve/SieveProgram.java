package io.tandem.protocol.sip.sieve;

import io.tandem.protocol.sip.defence.Cidr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The filter of a UDP socket: which datagrams are dropped by chance. A socket's filter sees the
 * packet from its UDP header on. What is shorter than what it looks for passes: a load behind the
 * end would drop it.
 *
 * <p>Jumps go forward only, so it is written from its end, where every target is known.
 *
 * @param instructions in order
 */
record SieveProgram(List<Instruction> instructions) {
  private static final int UDP_HEADER_OCTETS = 8;
  private static final int INSTRUCTION_OCTETS = 8;
  private static final int WHOLE_PACKET = -1;
  private static final double DRAWN = 0x1p32;
  private static final int JUMP_MAX = 255;

  /** Addresses behind so many instructions would be out of a jump's reach: they are strangers'. */
  private static final int ADDRESS_INSTRUCTIONS_MAX = 120;

  SieveProgram {
    instructions = List.copyOf(instructions);
  }

  /**
   * Lets shares of what is sifted through, and all else.
   *
   * @param trusted whose requests have a share of their own
   */
  static SieveProgram of(List<Sifted> sifted, List<Cidr> trusted, Openness open) {
    Draft draft = new Draft();
    int drop = draft.add(Instruction.RETURN, 0);
    int pass = draft.add(Instruction.RETURN, WHOLE_PACKET);
    int dice = draft.dice(open.strangers(), pass, drop);
    if (open.trusted() != open.strangers() && !trusted.isEmpty()) {
      int trustedDice = draft.dice(open.trusted(), pass, drop);
      dice = draft.bySource(trusted, trustedDice, dice);
    }
    int other = pass;
    int longest = 0;
    for (Sifted one : sifted) {
      byte[] method = ascii(one.method() + " ");
      int uri = UDP_HEADER_OCTETS + method.length;
      int candidate = dice;
      longest = Math.max(longest, uri);
      for (String spared : one.spared()) {
        byte[] begin = ascii(spared);
        candidate = draft.ifBegins(uri, begin, pass, candidate);
        longest = Math.max(longest, uri + begin.length);
      }
      other = draft.ifBegins(UDP_HEADER_OCTETS, method, candidate, other);
    }
    draft.test(Instruction.IF_AT_LEAST, longest, other, pass);
    draft.add(Instruction.LOAD_LENGTH, 0);
    return new SieveProgram(draft.inOrder());
  }

  /** As the system wants it: {@code struct sock_filter}, one behind the other. */
  ByteBuffer octets() {
    ByteBuffer octets =
        ByteBuffer.allocateDirect(instructions.size() * INSTRUCTION_OCTETS)
            .order(ByteOrder.nativeOrder());
    for (Instruction each : instructions) {
      octets
          .putShort((short) each.code())
          .put((byte) each.whenTrue())
          .put((byte) each.whenFalse())
          .putInt(each.operand());
    }
    return octets.flip();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Written backwards; places are counted from the end. */
  private static final class Draft {
    private final List<Instruction> backwards = new ArrayList<>();

    /** One that goes on with the one behind it; its place. */
    int add(int code, int operand) {
      backwards.add(new Instruction(code, 0, 0, operand));
      return backwards.size();
    }

    /** A test with the places that it goes on at; its own place. */
    int test(int code, int operand, int whenTrue, int whenFalse) {
      int behind = backwards.size();
      int far = behind - Math.min(whenTrue, whenFalse);
      if (far > JUMP_MAX) {
        throw new IllegalArgumentException("a jump over " + far + " instructions");
      }
      backwards.add(new Instruction(code, behind - whenTrue, behind - whenFalse, operand));
      return backwards.size();
    }

    /** By chance. */
    int dice(double share, int pass, int drop) {
      long passing = Math.round(Math.clamp(share, 0, 1) * DRAWN);
      if (passing > 0xffff_ffffL) {
        return pass;
      }
      test(Instruction.IF_AT_LEAST, (int) passing, drop, pass);
      return add(Instruction.LOAD_WORD, Instruction.RANDOM);
    }

    /** Whether the packet has these octets at a place: four, two, one at a time. */
    int ifBegins(int offset, byte[] octets, int then, int otherwise) {
      List<int[]> pieces = new ArrayList<>();
      for (int at = 0; at < octets.length; ) {
        int size = octets.length - at >= 4 ? 4 : octets.length - at >= 2 ? 2 : 1;
        int value = 0;
        for (int i = 0; i < size; i++) {
          value = value << 8 | (octets[at + i] & 0xff);
        }
        pieces.add(new int[] {size, offset + at, value});
        at += size;
      }
      int next = then;
      for (int[] piece : pieces.reversed()) {
        test(Instruction.IF_EQUAL, piece[2], next, otherwise);
        int load =
            switch (piece[0]) {
              case 4 -> Instruction.LOAD_WORD;
              case 2 -> Instruction.LOAD_HALF;
              default -> Instruction.LOAD_OCTET;
            };
        next = add(load, piece[1]);
      }
      return next;
    }

    /** Where the source's address is in one of the ranges; those out of reach are left out. */
    int bySource(List<Cidr> ranges, int then, int otherwise) {
      int limit = backwards.size() + ADDRESS_INSTRUCTIONS_MAX;
      int four = otherwise;
      int six = otherwise;
      for (Cidr range : ranges) {
        byte[] address = range.first().getAddress();
        if (backwards.size() + 3 * address.length / 4 > limit) {
          break;
        }
        if (address.length == 4) {
          four = ifFrom(12, address, range.length(), then, four);
        } else {
          six = ifFrom(8, address, range.length(), then, six);
        }
      }
      test(Instruction.IF_EQUAL, 0x40, four, six);
      add(Instruction.AND, 0xf0);
      return add(Instruction.LOAD_OCTET, Instruction.IP_HEADER);
    }

    private int ifFrom(int offset, byte[] address, int bits, int then, int otherwise) {
      int next = then;
      ByteBuffer words = ByteBuffer.wrap(address);
      for (int at = (bits - 1) / 32 * 4; at >= 0 && bits > 0; at -= 4) {
        int mask = bits - at * 8 >= 32 ? -1 : -1 << (32 - (bits - at * 8));
        test(Instruction.IF_EQUAL, words.getInt(at) & mask, next, otherwise);
        add(Instruction.AND, mask);
        next = add(Instruction.LOAD_WORD, Instruction.IP_HEADER + offset + at);
      }
      return next;
    }

    List<Instruction> inOrder() {
      List<Instruction> ordered = new ArrayList<>(backwards);
      Collections.reverse(ordered);
      return ordered;
    }
  }
}

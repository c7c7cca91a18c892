package io.tandem.persistence.journal.cbor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What reading and writing CBOR (RFC 8949) have in common. */
final class Cbor {

  static final int UNSIGNED = 0;
  static final int NEGATIVE = 1;
  static final int BINARY = 2;
  static final int TEXT = 3;
  static final int ARRAY = 4;
  static final int MAP = 5;
  static final int TAG = 6;

  /** Where the major type stands in the first byte of an item. */
  static final int MAJOR_SHIFT = 5;

  /** The greatest argument that stands in the first byte itself. */
  static final int IN_HEAD_MAX = 23;

  static final int ONE_BYTE = 24;
  static final int TWO_BYTES = 25;
  static final int FOUR_BYTES = 26;
  static final int EIGHT_BYTES = 27;
  static final int OPEN_ENDED = 31;

  static final int FALSE = 0xF4;
  static final int TRUE = 0xF5;
  static final int NULL = 0xF6;
  static final int BREAK = 0xFF;

  static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Cbor() {}
}

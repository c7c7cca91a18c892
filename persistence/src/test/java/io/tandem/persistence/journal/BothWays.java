package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Compares what is written without Jackson with what Jackson writes, for all records of a list. */
public final class BothWays {

  private static final int SHOWN_MAX = 400;

  private BothWays() {}

  /** The classes of a list that are left to Jackson. */
  public static List<Class<? extends Record>> leftToJackson(TypeNames names) {
    EventCodec stored = EventCodec.sealed(names, List.of(), new Turning());
    EventCodec sent = EventCodec.clear(names, List.of());
    return names.all().values().stream()
        .filter(type -> !stored.writesStraight(type) || !sent.writesStraight(type))
        .toList();
  }

  /** Fails where any of many records of each class is not written the same, stored and sent. */
  public static void compare(TypeNames names, int each, long seed) {
    Invented invented = new Invented(new Random(seed));
    List<EventCodec> codecs = new ArrayList<>();
    codecs.add(EventCodec.sealed(names, List.of(), new Turning()));
    codecs.add(EventCodec.clear(names, List.of()));
    codecs.add(codecs.getFirst().closed());
    for (EventCodec codec : codecs) {
      EventCodec jackson = codec.withoutShortcut();
      for (Class<? extends Record> type : names.all().values()) {
        for (int round = 0; round < each; round++) {
          compare(codec, jackson, invented.record(type), seed);
        }
      }
    }
  }

  /**
   * Fails where one record is not written the same, or not refused for the same fault, or was left
   * to Jackson after all.
   */
  static void compare(EventCodec codec, EventCodec jackson, Record record, long seed) {
    Object straight = outcome(codec, record);
    Object expected = outcome(jackson, record);
    if (straight instanceof byte[] found && expected instanceof byte[] as) {
      assertThat(codec.writesStraight(record))
          .as("seed %d, %s is written without Jackson", seed, record.getClass())
          .isTrue();
      int at = Arrays.mismatch(found, as);
      if (at >= 0) {
        int from = Math.max(0, at - 40);
        throw new AssertionError(
            "seed %d: %s differs from byte %d:%n %s%n %s"
                .formatted(seed, record.getClass(), at, shown(found, from), shown(as, from)));
      }
    } else {
      assertThat(straight).as("seed %d, %s", seed, record.getClass()).isEqualTo(expected);
    }
  }

  private static String shown(byte[] bytes, int from) {
    return HexFormat.of().formatHex(bytes, from, Math.min(bytes.length, from + SHOWN_MAX));
  }

  private static Object outcome(EventCodec codec, Record record) {
    try {
      return codec.encode(record);
    } catch (JournalException e) {
      return e.fault();
    }
  }

  /** Not a cipher: the same value is always sealed the same. One key is gone, one out of reach. */
  static final class Turning implements PersonalSealer {
    private static final KeyId GONE = new KeyId(1, 1);
    private static final KeyId OUT_OF_REACH = new KeyId(1, 2);
    private static final KeyId NEW = new KeyId(-1, 1L << 40);

    @Override
    public Optional<Sealed> seal(
        String subject, DataClass dataClass, @Nullable KeyId key, byte[] clear) {
      if (OUT_OF_REACH.equals(key)) {
        throw new JournalException(JournalException.Fault.UNAVAILABLE, "the key store is away");
      }
      return GONE.equals(key)
          ? Optional.empty()
          : Optional.of(new Sealed(key == null ? NEW : key, turned(clear)));
    }

    @Override
    public Optional<byte[]> open(String subject, DataClass dataClass, Sealed sealed) {
      return Optional.of(turned(sealed.bytes()));
    }

    private static byte[] turned(byte[] bytes) {
      byte[] out = bytes.clone();
      for (int i = 0; i < out.length; i++) {
        out[i] = (byte) ~out[i];
      }
      return out;
    }
  }
}

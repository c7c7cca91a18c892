package io.tandem.protocol.media.ice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message as it came (RFC 8489 5, 14).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     STUN Message Type     |         Message Length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Magic Cookie                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Transaction ID (96 bits)                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class StunMessage {
  public static final int BINDING_REQUEST = 0x0001;
  public static final int BINDING_INDICATION = 0x0011;
  public static final int BINDING_SUCCESS = 0x0101;
  public static final int BINDING_ERROR = 0x0111;

  static final int HEADER_OCTETS = 20;
  static final int MAGIC_COOKIE = 0x2112_A442;
  static final int FINGERPRINT_XOR = 0x5354_554e;

  /** More than any check carries; a message with more is not ours. */
  private static final int MAX_ATTRIBUTES = 32;

  /** Where an attribute lies in the message. */
  private record Place(int type, int at, int octets) {}

  private final byte[] octets;
  private final List<Place> places;

  private StunMessage(byte[] octets, List<Place> places) {
    this.octets = octets;
    this.places = places;
  }

  /**
   * Reads one datagram; empty when it is not exactly one STUN message. What follows
   * MESSAGE-INTEGRITY is left out but for the stronger integrity and the fingerprint (RFC 8489
   * 14.5).
   */
  public static Optional<StunMessage> read(byte[] datagram) {
    int length = datagram.length - HEADER_OCTETS;
    if (length < 0
        || (datagram[0] & 0xc0) != 0
        || number(datagram, 2) != length
        || (length & 3) != 0
        || word(datagram, 4) != MAGIC_COOKIE) {
      return Optional.empty();
    }
    List<Place> places = new ArrayList<>(8);
    boolean sealed = false;
    int at = HEADER_OCTETS;
    while (at < datagram.length) {
      if (at + 4 > datagram.length || places.size() == MAX_ATTRIBUTES) {
        return Optional.empty();
      }
      int type = number(datagram, at);
      int size = number(datagram, at + 2);
      int next = at + 4 + ((size + 3) & ~3);
      if (next > datagram.length) {
        return Optional.empty();
      }
      boolean counts =
          !sealed
              || type == StunAttribute.MESSAGE_INTEGRITY_SHA256
              || type == StunAttribute.FINGERPRINT;
      if (counts) {
        places.add(new Place(type, at + 4, size));
      }
      sealed |=
          type == StunAttribute.MESSAGE_INTEGRITY || type == StunAttribute.MESSAGE_INTEGRITY_SHA256;
      at = next;
      if (type == StunAttribute.FINGERPRINT && at != datagram.length) {
        return Optional.empty(); // RFC 8489 14.7: it is the last one
      }
    }
    return Optional.of(new StunMessage(datagram.clone(), places));
  }

  /** Method and class, see the constants. */
  public int type() {
    return number(octets, 0);
  }

  /** The 12 octets that a response repeats. */
  public byte[] transactionId() {
    return Arrays.copyOfRange(octets, 8, HEADER_OCTETS);
  }

  /** The value of the first attribute of that type; null without. */
  public byte @Nullable [] value(int type) {
    Place place = place(type);
    return place == null
        ? null
        : Arrays.copyOfRange(octets, place.at(), place.at() + place.octets());
  }

  /** The value as text; null without. */
  public @Nullable String text(int type) {
    byte[] value = value(type);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /** Whether it has such an attribute. */
  public boolean has(int type) {
    return place(type) != null;
  }

  /** The types below 0x8000 that {@link StunAttribute} does not know (RFC 8489 14). */
  public List<Integer> unknownRequired() {
    return places.stream()
        .map(Place::type)
        .filter(type -> type < 0x8000 && !StunAttribute.isKnown(type))
        .distinct()
        .toList();
  }

  /** Whether the last attribute is a fingerprint, and right (RFC 8489 14.7). */
  public boolean fingerprintHolds() {
    Place place = place(StunAttribute.FINGERPRINT);
    return place != null
        && place.octets() == 4
        && word(octets, place.at()) == fingerprint(octets, place.at() - 4);
  }

  /**
   * Whether the message proves knowledge of a key: by SHA-256 where it has that, else by SHA-1 (RFC
   * 8489 14.5, 14.6).
   *
   * @return false also when it has neither
   */
  public boolean integrityHolds(StunKey key) {
    Place strong = place(StunAttribute.MESSAGE_INTEGRITY_SHA256);
    Place place = strong != null ? strong : place(StunAttribute.MESSAGE_INTEGRITY);
    if (place == null) {
      return false;
    }
    int full = strong != null ? StunKey.SHA256_OCTETS : StunKey.SHA1_OCTETS;
    // RFC 8489 14.6: the stronger one may be cut to 16 octets at least, in whole words
    boolean shaped =
        place.octets() == full || (strong != null && place.octets() >= 16 && place.octets() < full);
    if (!shaped || (place.octets() & 3) != 0) {
      return false;
    }
    byte[] covered = Arrays.copyOf(octets, place.at() - 4);
    putNumber(covered, 2, place.at() + place.octets() - HEADER_OCTETS);
    byte[] code = strong != null ? key.sha256(covered) : key.sha1(covered);
    return MessageDigest.isEqual(
        Arrays.copyOf(code, place.octets()),
        Arrays.copyOfRange(octets, place.at(), place.at() + place.octets()));
  }

  private @Nullable Place place(int type) {
    for (Place place : places) {
      if (place.type() == type) {
        return place;
      }
    }
    return null;
  }

  /** CRC-32 of the first octets, whose length field already counts the fingerprint. */
  static int fingerprint(byte[] message, int octets) {
    CRC32 crc = new CRC32();
    crc.update(message, 0, octets);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }

  static int number(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
  }

  static void putNumber(byte[] octets, int at, int number) {
    octets[at] = (byte) (number >> 8);
    octets[at + 1] = (byte) number;
  }

  static int word(byte[] octets, int at) {
    return number(octets, at) << 16 | number(octets, at + 2);
  }
}

package io.tandem.protocol.sip.sdp;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payload type and what it stands for ({@code a=rtpmap}, {@code a=fmtp}; RFC 8866 6.6, RFC 3551
 * table 4).
 *
 * @param payloadType 0 to 127
 * @param name as written; compared without case
 * @param clockRateHz of the RTP time stamps
 * @param channels 1 unless written
 * @param formatParams the value of its fmtp, or null
 */
public record Codec(
    int payloadType, String name, int clockRateHz, int channels, @Nullable String formatParams) {

  public static final Codec PCMU = new Codec(0, "PCMU", 8_000, 1, null);
  public static final Codec PCMA = new Codec(8, "PCMA", 8_000, 1, null);

  /** DTMF as events 0 to 15 (RFC 4733), on the payload type most phones use. */
  public static final Codec TELEPHONE_EVENT = new Codec(101, "telephone-event", 8_000, 1, "0-15");

  /** Whether both mean the same encoding, payload type and parameters aside. */
  public boolean sameEncoding(Codec other) {
    return name.equalsIgnoreCase(other.name)
        && clockRateHz == other.clockRateHz
        && channels == other.channels;
  }

  /** Whether this carries key presses rather than sound. */
  public boolean isTelephoneEvent() {
    return name.equalsIgnoreCase("telephone-event");
  }

  /** The value of an rtpmap attribute: {@code 101 telephone-event/8000}. */
  static Optional<Codec> parse(String rtpmap) {
    int space = rtpmap.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    int payloadType = MediaLine.number(rtpmap.substring(0, space), 127);
    String[] parts = rtpmap.substring(space + 1).strip().split("/", -1);
    int clockRateHz = parts.length < 2 ? -1 : MediaLine.number(parts[1], 999_999_999);
    int channels = parts.length < 3 ? 1 : MediaLine.number(parts[2], 255);
    boolean sound =
        payloadType >= 0
            && parts.length <= 3
            && !parts[0].isEmpty()
            && clockRateHz > 0
            && channels > 0;
    return sound
        ? Optional.of(new Codec(payloadType, parts[0], clockRateHz, channels, null))
        : Optional.empty();
  }

  /** What a payload type means without an rtpmap; null for a dynamic one. */
  static @Nullable Codec assigned(int payloadType) {
    return switch (payloadType) {
      case 0 -> PCMU;
      case 3 -> new Codec(3, "GSM", 8_000, 1, null);
      case 4 -> new Codec(4, "G723", 8_000, 1, null);
      case 8 -> PCMA;
      case 9 -> new Codec(9, "G722", 8_000, 1, null);
      case 13 -> new Codec(13, "CN", 8_000, 1, null);
      case 18 -> new Codec(18, "G729", 8_000, 1, null);
      default -> null;
    };
  }

  Codec withFormatParams(@Nullable String params) {
    return new Codec(payloadType, name, clockRateHz, channels, params);
  }

  Codec withPayloadType(int other) {
    return new Codec(other, name, clockRateHz, channels, formatParams);
  }

  String rtpmap() {
    return payloadType + " " + name + '/' + clockRateHz + (channels == 1 ? "" : "/" + channels);
  }
}

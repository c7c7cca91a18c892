package io.tandem.protocol.sip.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The direction of a stream as its describer sees it (RFC 8866 6.7, RFC 3264 5.1). */
public enum Direction {
  SENDRECV("sendrecv", true, true),
  SENDONLY("sendonly", true, false),
  RECVONLY("recvonly", false, true),
  INACTIVE("inactive", false, false);

  private static final List<Direction> ALL = List.of(values());

  private final String token;
  private final boolean sends;
  private final boolean receives;

  Direction(String token, boolean sends, boolean receives) {
    this.token = token;
    this.sends = sends;
    this.receives = receives;
  }

  /** The attribute's name. */
  public String token() {
    return token;
  }

  /** Whether the describer will send. */
  public boolean sends() {
    return sends;
  }

  /** Whether the describer wants to receive. */
  public boolean receives() {
    return receives;
  }

  /** The same stream as the other side sees it. */
  public Direction reversed() {
    return of(receives, sends);
  }

  /** The most an answerer may say to this offer that wants {@code own} (RFC 3264 6.1). */
  public Direction answeredWith(Direction own) {
    return of(receives && own.sends, sends && own.receives);
  }

  /** Whether a line says a direction. */
  static boolean isOne(SdpLine line) {
    return said(line) != null;
  }

  /** The direction that a line says; null when it says none. */
  static @Nullable Direction said(SdpLine line) {
    String value = line.value();
    char first = line.type() != 'a' || value.isEmpty() ? ' ' : value.charAt(0);
    if (first != 's' && first != 'r' && first != 'i') {
      return null; // most lines
    }
    for (Direction direction : ALL) {
      if (line.isAttribute(direction.token())) {
        return direction;
      }
    }
    return null;
  }

  static Direction of(boolean sends, boolean receives) {
    return sends ? (receives ? SENDRECV : SENDONLY) : (receives ? RECVONLY : INACTIVE);
  }
}

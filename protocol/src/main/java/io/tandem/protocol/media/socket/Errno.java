package io.tandem.protocol.media.socket;

/** What the calls answer when they fail, the same on x86-64 and aarch64. */
public final class Errno {
  /** A signal came in between; again. */
  public static final int EINTR = 4;

  /** Nothing to read, or no room to send. */
  public static final int EAGAIN = 11;

  /** The process has no descriptors left. */
  public static final int EMFILE = 24;

  /** The port is somebody else's. */
  public static final int EADDRINUSE = 98;

  /** The address is none of this machine's. */
  public static final int EADDRNOTAVAIL = 99;

  /** An ICMP said that nobody listens at the peer; said once, then forgotten. */
  public static final int ECONNREFUSED = 111;

  private Errno() {}

  /**
   * In words, for who reads a log.
   *
   * @param negative as a call answered it
   */
  public static String text(long negative) {
    return switch ((int) -negative) {
      case EADDRINUSE -> "Address already in use";
      case EADDRNOTAVAIL -> "Cannot assign requested address";
      case EMFILE -> "Too many open files";
      case 13 -> "Permission denied";
      case 97 -> "Address family not supported";
      default -> "errno " + -negative;
    };
  }
}

package io.tandem.protocol.media.socket;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many files, sockets among them, the system lets this process have open ({@code ulimit -n}).
 */
public final class OpenFiles {
  private static final long KEPT_LEAST = 256;
  private static final long KEPT_MOST = 4_096;

  private OpenFiles() {}

  /** The limit; {@link Integer#MAX_VALUE} where the system tells none. */
  public static long limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Integer.MAX_VALUE;
  }

  /** What is left of a limit for media sockets. */
  public static long forSockets() {
    long limit = limit();
    return Math.max(0, limit - kept(limit));
  }

  /** How many port pairs that makes, two files each; at least one call's two. */
  public static int pairsMax() {
    return Math.clamp(forSockets() / 2, 2, Integer.MAX_VALUE);
  }

  /**
   * What of a limit is kept for connections, journals, recordings and classes: an eighth, at least
   * 256 and at most 4,096.
   */
  static long kept(long limit) {
    return Math.clamp(limit / 8, KEPT_LEAST, KEPT_MOST);
  }
}

package io.tandem.protocol.media.socket;

/**
 * Where the parts of a {@code struct epoll_event} lie: 32 bits of events, then 64 bits that come
 * back as they were given. x86-64 packs it (so that 32-bit programs share it), nobody else does.
 *
 * @param octets of one event in an array
 * @param dataOffset of the 64 bits
 */
public record EpollLayout(int octets, int dataOffset) {
  /** Packed: the 64 bits are not aligned. */
  public static final EpollLayout X86_64 = new EpollLayout(12, 4);

  /** The natural layout. */
  public static final EpollLayout AARCH64 = new EpollLayout(16, 8);

  /** Whether the layout of an architecture ({@code os.arch}) stands here. */
  public static boolean known(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64", "aarch64" -> true;
      default -> false;
    };
  }

  /**
   * The layout of an architecture ({@code os.arch}).
   *
   * @throws IllegalArgumentException when it is not {@link #known}
   */
  public static EpollLayout of(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default -> throw new IllegalArgumentException("no epoll layout known for " + architecture);
    };
  }
}

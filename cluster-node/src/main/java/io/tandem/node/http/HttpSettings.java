package io.tandem.node.http;

/**
 * Where HTTP is served and how much is taken.
 *
 * @param port 0 for any that is free
 * @param bodyBytesMax the largest body that is read
 */
public record HttpSettings(String host, int port, long bodyBytesMax) {
  private static final long BODY_BYTES_MAX = 64 * 1024;

  /** With the standard limit: an object of this API is small. */
  public static HttpSettings of(String host, int port) {
    return new HttpSettings(host, port, BODY_BYTES_MAX);
  }
}

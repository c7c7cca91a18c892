package io.tandem.node.boot;

import java.net.InetSocketAddress;

/** The HTTP front end of a node, listening. */
public final class HttpFront implements AutoCloseable {
  private final InetSocketAddress address;

  private HttpFront(InetSocketAddress address) {
    this.address = address;
  }

  static HttpFront start(Node node) {
    throw new UnsupportedOperationException("the HTTP room comes next: " + node);
  }

  /** Where HTTP is listened for. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {}
}

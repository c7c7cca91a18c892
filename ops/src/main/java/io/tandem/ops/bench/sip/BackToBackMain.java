package io.tandem.ops.bench.sip;

import io.tandem.protocol.sip.transport.CannotListen;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The process that {@code tandem bench sip} measures: prints its port, and ends when its input
 * does.
 */
final class BackToBackMain {
  private BackToBackMain() {}

  /** With the answerer's port as its only argument. */
  public static void main(String[] args) throws CannotListen, IOException {
    InetSocketAddress answerer = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
    try (BackToBack server = BackToBack.start(answerer)) {
      System.out.println(server.port());
      int unused = System.in.read();
    }
  }
}

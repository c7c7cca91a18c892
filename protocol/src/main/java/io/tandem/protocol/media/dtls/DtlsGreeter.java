package io.tandem.protocol.media.dtls;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.jspecify.annotations.Nullable;

/**
 * Asks who sends a ClientHello from an unproven address for a cookie first (RFC 6347 4.2.1): the
 * answer is shorter than the question, and nothing is kept. For peers without ICE; a ClientHello in
 * fragments does not get through here, but does from a source that ICE has proven.
 */
public final class DtlsGreeter {
  private static final int MAX_SENT_OCTETS = 1200;

  private final DTLSVerifier verifier;

  /**
   * @param identity for its randomness; the cookie's key is the greeter's own
   */
  public DtlsGreeter(DtlsIdentity identity) {
    this.verifier = new DTLSVerifier(identity.crypto());
  }

  /**
   * Looks at a datagram.
   *
   * @param answer gets a HelloVerifyRequest when one is due
   * @return the greeting when it bears our cookie; null for anything else
   */
  public @Nullable DTLSRequest greet(
      byte[] datagram, InetSocketAddress from, Consumer<byte[]> answer) {
    byte[] host = from.getAddress().getAddress();
    byte[] client = Arrays.copyOf(host, host.length + 2);
    client[host.length] = (byte) (from.getPort() >> 8);
    client[host.length + 1] = (byte) from.getPort();
    return verifier.verifyRequest(
        client,
        datagram,
        0,
        datagram.length,
        new DatagramSender() {
          @Override
          public int getSendLimit() {
            return MAX_SENT_OCTETS;
          }

          @Override
          public void send(byte[] octets, int offset, int count) {
            answer.accept(Arrays.copyOfRange(octets, offset, offset + count));
          }
        });
  }
}

package io.tandem.protocol.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * One handshake and what comes after it, on a virtual thread of its own: the media loop only drops
 * datagrams into its box and never waits. It lives until {@link #close}, because the other side may
 * have missed our last flight and must get it again (RFC 6347 4.2.4).
 */
public final class DtlsAssociation implements AutoCloseable {
  /** A datagram on an Ethernet path, less IPv6 and UDP. */
  private static final int MAX_DATAGRAM_OCTETS = 1452;

  /** A flight is a handful of datagrams; what is beyond this is lost, as on the wire. */
  private static final int BOX_DATAGRAMS = 32;

  private static final int LINGER_MILLIS = 5_000;

  private final BlockingQueue<byte[]> box = new ArrayBlockingQueue<>(BOX_DATAGRAMS);
  private final Consumer<byte[]> wire;
  private final Consumer<DtlsOutcome> outcome;
  private final int sentOctetsMax;
  private final Thread thread;
  private volatile boolean closed;

  /** What runs the handshake on a transport. */
  private interface Handshake {
    DTLSTransport run(DatagramTransport transport) throws IOException;
  }

  /** The keys of a handshake that ran through. */
  private interface Keys {
    DtlsOutcome.@Nullable Keyed get();
  }

  private DtlsAssociation(
      int sentOctetsMax,
      Handshake handshake,
      Keys keys,
      Consumer<byte[]> wire,
      Consumer<DtlsOutcome> outcome) {
    this.sentOctetsMax = sentOctetsMax;
    this.wire = wire;
    this.outcome = outcome;
    this.thread = Thread.ofVirtual().name("dtls").unstarted(() -> live(handshake, keys));
  }

  /**
   * Begins a handshake.
   *
   * @param greeting a ClientHello whose sender has proven its address by a cookie; null for none
   * @param wire sends a datagram to the peer; any thread, must not wait
   * @param outcome hears once, on the association's thread; never after {@link #close}
   */
  public static DtlsAssociation start(
      DtlsRole role,
      DtlsIdentity identity,
      DtlsTerms terms,
      @Nullable DTLSRequest greeting,
      Consumer<byte[]> wire,
      Consumer<DtlsOutcome> outcome) {
    DtlsAssociation association =
        switch (role) {
          case PASSIVE -> {
            DtlsServerPeer peer = new DtlsServerPeer(identity, terms);
            yield new DtlsAssociation(
                terms.sentOctetsMax(),
                transport ->
                    greeting == null
                        ? new DTLSServerProtocol().accept(peer, transport)
                        : new DTLSServerProtocol().accept(peer, transport, greeting),
                peer::keyed,
                wire,
                outcome);
          }
          case ACTIVE -> {
            DtlsClientPeer peer = new DtlsClientPeer(identity, terms);
            yield new DtlsAssociation(
                terms.sentOctetsMax(),
                transport -> new DTLSClientProtocol().connect(peer, transport),
                peer::keyed,
                wire,
                outcome);
          }
        };
    association.thread.start();
    return association;
  }

  /** A DTLS datagram of the peer's; false when the box is full and it was lost. */
  public boolean take(byte[] datagram) {
    return box.offer(datagram);
  }

  /** Ends the thread; nothing is told to the peer, the signalling has done that. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void live(Handshake handshake, Keys keys) {
    DTLSTransport established;
    try {
      established = handshake.run(new Box());
    } catch (IOException | RuntimeException failed) {
      tell(new DtlsOutcome.Failed(failed.toString()));
      return;
    }
    DtlsOutcome.Keyed keyed = keys.get();
    tell(keyed == null ? new DtlsOutcome.Failed("no SRTP profile was agreed") : keyed);
    byte[] ignored = new byte[MAX_DATAGRAM_OCTETS];
    try {
      while (!closed) {
        // Answers a repeated last flight; data and alerts have no meaning here: SIP ends calls.
        int unused = established.receive(ignored, 0, ignored.length, LINGER_MILLIS);
      }
    } catch (IOException | RuntimeException ended) {
      closed = true; // the peer closed its association, or we did; the keys stay
    }
  }

  private void tell(DtlsOutcome result) {
    if (!closed) {
      outcome.accept(result);
    }
  }

  /** The peer as BouncyCastle wants to see it. */
  private final class Box implements DatagramTransport {
    @Override
    public int getReceiveLimit() {
      return MAX_DATAGRAM_OCTETS;
    }

    @Override
    public int getSendLimit() {
      return sentOctetsMax;
    }

    @Override
    public int receive(byte[] into, int offset, int limit, int waitMillis) throws IOException {
      try {
        byte[] datagram = box.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (datagram == null) {
          return -1;
        }
        int octets = Math.min(limit, datagram.length);
        System.arraycopy(datagram, 0, into, offset, octets);
        return octets;
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("closed");
      }
    }

    @Override
    public void send(byte[] from, int offset, int octets) {
      if (!closed) {
        wire.accept(Arrays.copyOfRange(from, offset, offset + octets));
      }
    }

    @Override
    public void close() {
      // The socket is the relay's.
    }
  }
}

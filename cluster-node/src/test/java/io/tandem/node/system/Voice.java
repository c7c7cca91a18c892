package io.tandem.node.system;

import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.ua.CallMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A caller's voice: fifty packets of silence a second, from the answer on. */
final class Voice implements CallMedia, AutoCloseable {
  private static final int PAYLOAD = 160;

  private final DatagramSocket socket;
  private final ScheduledExecutorService mouth =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("voice").factory());
  private volatile InetSocketAddress there;
  private volatile int sequence;

  Voice() {
    try {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var unused = mouth.scheduleAtFixedRate(this::speak, 20, 20, TimeUnit.MILLISECONDS);
  }

  @Override
  public AudioSession session() {
    return AudioSession.g711("127.0.0.1", socket.getLocalPort());
  }

  @Override
  public void described(Sdp remote) {
    remote
        .audioEndpoint()
        .ifPresent(end -> there = new InetSocketAddress(end.address(), end.rtpPort()));
  }

  private void speak() {
    InetSocketAddress to = there;
    if (to == null || socket.isClosed()) {
      return;
    }
    // RFC 3550 5.1: version 2, payload type 0, one stream
    ByteBuffer packet = ByteBuffer.allocate(12 + PAYLOAD);
    packet.putShort((short) 0x8000).putShort((short) sequence).putInt(sequence * PAYLOAD).putInt(7);
    sequence = sequence + 1; // by one thread only
    try {
      socket.send(new DatagramPacket(packet.array(), packet.capacity(), to));
    } catch (IOException gone) {
      there = null; // nobody listens any more
    }
  }

  /** Packets it has sent. */
  int packets() {
    return sequence;
  }

  @Override
  public void ended() {
    there = null;
  }

  @Override
  public void close() {
    mouth.shutdownNow();
    socket.close();
  }
}

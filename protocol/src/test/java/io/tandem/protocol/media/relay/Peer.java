package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.rtcp.PartyReports;
import io.tandem.protocol.media.rtcp.SdesMask;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A UDP socket of a test that plays a phone, a trunk or a stranger. Every wait is bounded. */
final class Peer implements AutoCloseable {
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int PATIENCE_MILLIS = 5000;

  private final DatagramSocket socket;

  Peer() {
    this(LOOPBACK, 0);
  }

  Peer(InetAddress host, int port) {
    try {
      socket = new DatagramSocket(port, host);
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void send(int port, byte[] datagram) {
    try {
      InetAddress own = socket.getLocalAddress();
      InetAddress host = own instanceof Inet4Address ? LOOPBACK : own;
      socket.send(new DatagramPacket(datagram, datagram.length, host, port));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  void sendRtp(int port, int ssrc, int sequence) {
    send(port, rtp(ssrc, sequence));
  }

  /** The next datagram; fails the test when none comes. */
  byte[] receive() {
    DatagramPacket datagram = new DatagramPacket(new byte[4096], 4096);
    try {
      socket.receive(datagram);
    } catch (SocketTimeoutException late) {
      throw new AssertionError("no datagram came to " + address(), late);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return Arrays.copyOf(datagram.getData(), datagram.getLength());
  }

  /** Whether a datagram waits here now; on loopback, what was sent has arrived. */
  boolean hasReceived() {
    try {
      socket.setSoTimeout(1);
      socket.receive(new DatagramPacket(new byte[1], 1));
      return true;
    } catch (SocketTimeoutException nothing) {
      return false;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } finally {
      patient();
    }
  }

  private void patient() {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  int receiveSequence() {
    return RtpPacket.sequence(Unpooled.wrappedBuffer(receive()));
  }

  @Override
  public void close() {
    socket.close();
  }

  /** 20 ms of something with the given source and number, 172 octets. */
  static byte[] rtp(int ssrc, int sequence) {
    ByteBuf packet = Unpooled.buffer(172);
    RtpPacket.writeHeader(packet, false, 0, sequence, sequence * 160, ssrc);
    for (int i = 0; i < 160; i++) {
      packet.writeByte(sequence + i);
    }
    return packet.array();
  }

  /** 20 ms of one µ-law octet. */
  static byte[] voice(int ssrc, int sequence, byte octet) {
    byte[] packet = rtp(ssrc, sequence);
    Arrays.fill(packet, 12, packet.length, octet);
    return packet;
  }

  static byte[] senderReport(int ssrc, long ntp) {
    ByteBuf packet = Unpooled.buffer();
    packet.writeByte(0x80).writeByte(200).writeShort(6).writeInt(ssrc).writeLong(ntp);
    packet.writeInt(0).writeInt(0).writeInt(0);
    return Arrays.copyOf(packet.array(), packet.readableBytes());
  }

  static byte[] receiverReport(int ssrc, PartyReports.@Nullable Block block) {
    ByteBuf packet = Unpooled.buffer();
    PartyReports.writeReceiverReport(packet, ssrc, block, "peer@example.invalid");
    byte[] octets = new byte[packet.readableBytes()];
    packet.readBytes(octets);
    return octets;
  }

  /** A report whoever is named in it: a party hears nothing of the other's person. */
  static byte[] unnamed(byte[] report) {
    byte[] copy = report.clone();
    SdesMask.apply(Unpooled.wrappedBuffer(copy), 0);
    return copy;
  }

  /** Waits until something the event loop does has happened; fails the test when it has not. */
  static void until(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("never happened: " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }
}

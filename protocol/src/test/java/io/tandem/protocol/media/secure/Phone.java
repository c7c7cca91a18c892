package io.tandem.protocol.media.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The media socket of a phone. Every wait is bounded. */
final class Phone implements AutoCloseable {
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int PATIENCE_MILLIS = 5000;

  private final DatagramSocket socket;

  Phone() {
    this(LOOPBACK);
  }

  Phone(InetAddress host) {
    try {
      socket = new DatagramSocket(0, host);
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
      socket.send(new DatagramPacket(datagram, datagram.length, LOOPBACK, port));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  void send(int port, ByteBuf datagram) {
    send(port, ByteBufUtil.getBytes(datagram));
  }

  /** The next datagram; none when a moment passed without one. */
  byte[] receiveSoon() {
    try {
      socket.setSoTimeout(100);
      DatagramPacket datagram = new DatagramPacket(new byte[4096], 4096);
      socket.receive(datagram);
      return Arrays.copyOf(datagram.getData(), datagram.getLength());
    } catch (SocketTimeoutException nothing) {
      return new byte[0];
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The next datagram; fails the test when none comes. */
  byte[] receive() {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      DatagramPacket datagram = new DatagramPacket(new byte[4096], 4096);
      socket.receive(datagram);
      return Arrays.copyOf(datagram.getData(), datagram.getLength());
    } catch (IOException late) {
      throw new AssertionError("no datagram came", late);
    }
  }

  /** The next datagram in a buffer with room. */
  ByteBuf receiveBuffer() {
    return Unpooled.directBuffer(2048).writeBytes(receive());
  }

  /** 20 ms of something, with room for a tag. */
  static ByteBuf rtp(int ssrc, int sequence) {
    ByteBuf packet = Unpooled.directBuffer(2048);
    RtpPacket.writeHeader(packet, false, 0, sequence, sequence * 160, ssrc);
    for (int i = 0; i < 160; i++) {
      packet.writeByte(sequence + i);
    }
    return packet;
  }

  static void until(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("never happened: " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}

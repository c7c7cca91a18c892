package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.EarlyRefusal;
import io.tandem.protocol.sip.defence.Glance;
import io.tandem.protocol.sip.defence.RecentlyServed;
import io.tandem.protocol.sip.defence.WaitingLine;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipResponse;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One bound UDP socket: a datagram in, a message up; a message in, a datagram out.
 *
 * <p>What has arrived is taken from the system at once and waits here, so that it is known how long
 * it waited and what is urgent goes first (OPS-5); then it is read for a slice of time, then the
 * system is asked again.
 */
final class UdpSocket extends SimpleChannelInboundHandler<DatagramPacket> {
  /** What IPv4 leaves of a datagram for its payload. */
  private static final int MAX_PAYLOAD_BYTES = 65_507;

  private static final long SLICE_NANOS = 500_000;
  private static final int NEW_WAITING_MAX = 4_096;
  private static final int WAITING_MAX = 32_768;

  private final Bind bind;
  private final Channel channel;
  private final SipReceiver receiver;
  private final TransportCounters counters;
  private final Defence defence;
  private final WaitingLine<Datagram> line;
  private final RecentlyServed served = new RecentlyServed();

  private boolean reading;
  private boolean flushWaits;
  private boolean workWaits;

  private record Datagram(
      byte[] bytes, InetSocketAddress source, boolean opens, long receivedNanos) {}

  UdpSocket(
      Bind bound,
      Channel channel,
      SipReceiver receiver,
      TransportCounters counters,
      Defence defence) {
    this.bind = bound;
    this.channel = channel;
    this.receiver = receiver;
    this.counters = counters;
    this.defence = defence;
    this.line =
        new WaitingLine<>(
            TimeUnit.MILLISECONDS.toNanos(defence.settings().waitMillis()),
            NEW_WAITING_MAX,
            WAITING_MAX);
  }

  Bind bind() {
    return bind;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
    reading = true;
    ByteBuf content = packet.content();
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    if (isKeepAlive(bytes)) {
      counters.countKeepAlive();
      return;
    }
    long now = System.nanoTime();
    Glance.Kind kind = Glance.of(bytes, bytes.length, defence.refusedTag());
    Datagram datagram = new Datagram(bytes, packet.sender(), kind == Glance.Kind.NEW, now);
    switch (defence.admit(packet.sender().getAddress(), kind, bytes.length, now)) {
      case SERVE -> wait(datagram, kind, now);
      case REFUSE -> refuse(datagram);
      case DROP -> {
        // counted by the defence
      }
    }
  }

  private void wait(Datagram datagram, Glance.Kind kind, long now) {
    if (kind == Glance.Kind.ACK_OF_REFUSAL) {
      return;
    }
    switch (line.offer(datagram, kind, now)) {
      case WAITS -> {
        // its turn comes
      }
      case REFUSED -> shedUnlessServed(datagram);
      case LOST -> defence.countLost();
    }
  }

  /** Empty, or only line ends and zeros: what phones send to keep a NAT open. */
  private static boolean isKeepAlive(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b != '\r' && b != '\n' && b != 0) {
        return false;
      }
      if (i == 8) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    work();
  }

  /** Reads what waits, for a slice; what is left after it is gone on with after the next look. */
  private void work() {
    reading = true;
    long begun = System.nanoTime();
    long now = begun;
    WaitingLine.Next<Datagram> next = line.next(now);
    while (next != null) {
      Datagram datagram = next.item();
      if (next.serve()) {
        serve(datagram);
      } else {
        shedUnlessServed(datagram);
      }
      now = System.nanoTime();
      next = now - begun > SLICE_NANOS ? null : line.next(now);
    }
    reading = false;
    channel.flush();
    if (!line.isEmpty() && !workWaits) {
      workWaits = true;
      // scheduled, not executed: the loop looks at its sockets before it comes to it
      var unused = channel.eventLoop().schedule(this::workOn, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void serve(Datagram datagram) {
    if (datagram.opens()) {
      served.add(datagram.bytes());
    }
    receiver.datagram(datagram.bytes(), flow(datagram), datagram.receivedNanos());
  }

  private void shedUnlessServed(Datagram datagram) {
    if (served.contains(datagram.bytes())) {
      serve(datagram);
    } else {
      shed(datagram);
    }
  }

  private void workOn() {
    workWaits = false;
    work();
  }

  private Flow flow(Datagram datagram) {
    return new Flow(TransportProtocol.UDP, bind.address(), datagram.source(), 0);
  }

  private void shed(Datagram datagram) {
    defence.countShed();
    refuse(datagram);
  }

  private void refuse(Datagram datagram) {
    EarlyRefusal refusal =
        EarlyRefusal.of(
            datagram.bytes(), datagram.bytes().length, datagram.source(), defence.refusedTag());
    if (refusal == null) {
      defence.countLost();
      return;
    }
    InetSocketAddress to = new InetSocketAddress(datagram.source().getAddress(), refusal.port());
    if (defence.mayAnswer(to.getAddress(), refusal.bytes().length, false, System.nanoTime())) {
      write(Unpooled.wrappedBuffer(refusal.bytes()), to, failure -> counters.countSendFailure());
      counters.countRefusal();
    }
  }

  /** On the loop. Answers that arise while datagrams are read leave together (sendmmsg). */
  void send(InetSocketAddress to, SipMessage message, Consumer<SendFailure> onFailure) {
    ByteBuf bytes = channel.alloc().directBuffer(1_024);
    message.writeTo(bytes);
    if (bytes.readableBytes() > MAX_PAYLOAD_BYTES) {
      bytes.release();
      onFailure.accept(SendFailure.TOO_LONG);
      return;
    }
    if (message instanceof SipResponse response
        && !defence.mayAnswer(
            to.getAddress(), bytes.readableBytes(), response.isProvisional(), System.nanoTime())) {
      bytes.release(); // counted; the same request again has room for it (ACC-8)
      return;
    }
    write(bytes, to, onFailure);
    counters.countSent(message, new Flow(TransportProtocol.UDP, bind.address(), to, 0));
    if (!reading && !flushWaits) {
      flushWaits = true;
      channel.eventLoop().execute(this::flush);
    }
  }

  private void write(ByteBuf bytes, InetSocketAddress to, Consumer<SendFailure> onFailure) {
    channel
        .write(new DatagramPacket(bytes, to))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                onFailure.accept(SendFailure.REFUSED);
              }
            });
  }

  private void flush() {
    flushWaits = false;
    channel.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // An ICMP error of an earlier datagram, or the system short of memory: the socket goes on.
    counters.countSendFailure();
  }
}

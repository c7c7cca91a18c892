package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.tandem.protocol.media.ice.StunMessage;
import io.tandem.protocol.media.ice.StunWriter;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.EarlyRefusal;
import io.tandem.protocol.sip.defence.Glance;
import io.tandem.protocol.sip.defence.RecentlyServed;
import io.tandem.protocol.sip.defence.Verdict;
import io.tandem.protocol.sip.defence.WaitingLine;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sieve.Intake;
import io.tandem.protocol.sip.sieve.Sifted;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  private static final int STUN_OCTETS_MIN = 20;
  private static final long SLICE_NANOS = 500_000;
  private static final int NEW_WAITING_MAX = 4_096;
  private static final int WAITING_MAX = 32_768;
  private static final int COLD = 1_000;
  private static final int FLOWS = 256;

  private final Bind bind;
  private final Channel channel;
  private final SipReceiver receiver;
  private final TransportCounters counters;
  private final Defence defence;
  private final WaitingLine<Datagram> line;
  private final Intake intake;
  private final OneSendBuffer memory;
  private final @Nullable Flow[] flows = new Flow[FLOWS];
  private final RecentlyServed served = new RecentlyServed(new SecureRandom());

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
      Defence defence,
      List<Sifted> sifted) {
    this.bind = bound;
    this.channel = channel;
    this.memory = new OneSendBuffer(channel.alloc());
    this.receiver = receiver;
    this.counters = counters;
    this.defence = defence;
    this.intake = new Intake(channel, sifted, defence);
    this.line =
        new WaitingLine<>(
            TimeUnit.MILLISECONDS.toNanos(defence.settings().waitMillis()),
            NEW_WAITING_MAX,
            WAITING_MAX,
            COLD);
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
    if (isStun(bytes)) {
      stun(bytes, packet.sender(), now);
      return;
    }
    Glance.Kind kind = Glance.of(bytes, bytes.length, defence.refusedTag());
    Datagram datagram = new Datagram(bytes, packet.sender(), kind == Glance.Kind.NEW, now);
    if (datagram.opens()) {
      intake.read(packet.sender().getAddress());
    }
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

  /**
   * RFC 8489 section 5: its bits and its cookie. A SIP method may begin with the same bits ("!").
   */
  private static boolean isStun(byte[] bytes) {
    return bytes.length >= STUN_OCTETS_MIN
        && (bytes[0] & 0xc0) == 0
        && bytes[4] == 0x21
        && bytes[5] == 0x12
        && bytes[6] == (byte) 0xa4
        && bytes[7] == 0x42;
  }

  /**
   * The ping of a flow over UDP (RFC 5626 section 3.5.2) tells a phone where it is seen, so that it
   * notices when its NAT has forgotten it. A stranger gets no more octets than it sent: the answer
   * is for those who have shown that they hear us.
   */
  private void stun(byte[] bytes, InetSocketAddress sender, long now) {
    counters.countKeepAlive();
    StunMessage ping = StunMessage.read(bytes).orElse(null);
    if (ping == null
        || ping.type() != StunMessage.BINDING_REQUEST
        || defence.admit(sender.getAddress(), Glance.Kind.WITHIN, bytes.length, now)
            != Verdict.SERVE) {
      return;
    }
    byte[] pong =
        new StunWriter(StunMessage.BINDING_SUCCESS, ping.transactionId())
            .xorMappedAddress(sender)
            .fingerprinted();
    if (defence.mayAnswer(sender.getAddress(), pong.length, false, now)) {
      writeBriefly(pong, sender);
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
    try {
      workForASlice();
    } finally {
      // whatever one datagram did, the others are gone on with, and what was written leaves
      reading = false;
      channel.flush();
      workOnLater();
    }
  }

  private void workForASlice() {
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
  }

  private void workOnLater() {
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
    receiver.datagram(datagram.bytes(), flow(datagram.source()), datagram.receivedNanos());
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
    try {
      work();
    } catch (RuntimeException mistake) {
      // a task's exception would end in its future; the socket hears of it as of one while reading
      channel.pipeline().fireExceptionCaught(mistake);
    }
  }

  /** One for all that a peer sends, most of the time: transactions keep theirs for 32 s. */
  private Flow flow(InetSocketAddress remote) {
    int place = remote.hashCode() & (FLOWS - 1);
    Flow known = flows[place];
    if (known != null && known.remote().equals(remote)) {
      return known;
    }
    Flow flow = new Flow(TransportProtocol.UDP, bind.address(), remote, 0);
    flows[place] = flow;
    return flow;
  }

  private void shed(Datagram datagram) {
    defence.countShed();
    intake.refused(datagram.receivedNanos());
    refuse(datagram);
  }

  private void refuse(Datagram datagram) {
    if (!defence.mayRefuse(datagram.receivedNanos())) {
      return;
    }
    EarlyRefusal refusal =
        EarlyRefusal.of(
            datagram.bytes(), datagram.bytes().length, datagram.source(), defence.refusedTag());
    if (refusal == null) {
      defence.countLost();
      return;
    }
    InetSocketAddress to = new InetSocketAddress(datagram.source().getAddress(), refusal.port());
    if (defence.mayAnswer(to.getAddress(), refusal.bytes().length, false, System.nanoTime())) {
      writeBriefly(refusal.bytes(), to);
      counters.countRefusal();
    }
  }

  /** Nobody waits to hear what became of it; a failure is counted where all of them are. */
  private void writeBriefly(byte[] octets, InetSocketAddress to) {
    var unused =
        channel.write(new DatagramPacket(memory.holding(octets), to), channel.voidPromise());
  }

  /** On the loop. Answers that arise while datagrams are read leave together (sendmmsg). */
  void send(InetSocketAddress to, SipMessage message, Consumer<SendFailure> onFailure) {
    byte[] octets = message.written();
    if (octets.length > MAX_PAYLOAD_BYTES) {
      onFailure.accept(SendFailure.TOO_LONG);
      return;
    }
    if (message instanceof SipResponse response
        && !defence.mayAnswer(
            to.getAddress(), octets.length, response.isProvisional(), System.nanoTime())) {
      return; // counted; the same request again has room for it (ACC-8)
    }
    write(memory.holding(octets), to, onFailure);
    counters.countSent(message, flow(to));
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

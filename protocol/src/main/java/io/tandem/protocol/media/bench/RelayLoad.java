package io.tandem.protocol.media.bench;

import io.tandem.protocol.media.relay.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Many softphones at once on a few sockets: every call sends a G.711 packet each way in 20 ms, all
 * of them spread evenly over the period. A packet carries its time of sending, and says its stream
 * by its SSRC.
 */
final class RelayLoad implements AutoCloseable {
  private static final int SOCKETS_A_SIDE = 4;
  private static final int PACKET_OCTETS = 172;
  private static final long PERIOD_NANOS = 20_000_000L;
  private static final long TICK_NANOS = 500_000L;
  private static final long DRAIN_NANOS = 500_000_000L;
  private static final int HISTOGRAM_MICROS = 1_000_000;

  private final InetAddress address;
  private final List<DatagramChannel> sockets = new ArrayList<>();
  private final InetSocketAddress[] destinations;
  private final int[] sequences;
  private final Selector selector;
  private final int[] latencies = new int[HISTOGRAM_MICROS];
  private final Thread receiver = new Thread(this::receive, "bench-receiver");
  private final ByteBuffer packet = ByteBuffer.allocateDirect(PACKET_OCTETS);

  private volatile boolean finished;
  private volatile long received;
  private volatile long timedFromNanos;
  private long sent;
  private long startedAtNanos;

  RelayLoad(InetAddress address, int calls) throws IOException {
    this.address = address;
    this.destinations = new InetSocketAddress[2 * calls];
    this.sequences = new int[2 * calls];
    this.selector = Selector.open();
    for (int i = 0; i < 2 * SOCKETS_A_SIDE; i++) {
      DatagramChannel socket = DatagramChannel.open();
      sockets.add(socket);
      socket.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
      socket.bind(new InetSocketAddress(address, 0));
      socket.configureBlocking(false);
      socket.register(selector, SelectionKey.OP_READ);
    }
    receiver.setDaemon(true);
  }

  /** Where the packets of one side of a call come from. */
  InetSocketAddress addressOf(int call, Side side) throws IOException {
    return (InetSocketAddress) socket(call, side).getLocalAddress();
  }

  void sendTo(int call, Side side, int port) {
    destinations[stream(call, side)] = new InetSocketAddress(address, port);
  }

  void start() {
    receiver.start();
    startedAtNanos = System.nanoTime();
    timedFromNanos = startedAtNanos + Long.MAX_VALUE / 2;
  }

  /** Latencies count only for what is sent from now on. */
  void timeFromNow() {
    timedFromNanos = System.nanoTime();
  }

  /** Sends what is due until the time is over; by the thread that calls. */
  void runFor(Duration length) throws InterruptedException {
    long end = System.nanoTime() + length.toNanos();
    double nanosAPacket = (double) PERIOD_NANOS / destinations.length;
    long now = System.nanoTime();
    while (now - end < 0) {
      long due = (long) ((now - startedAtNanos) / nanosAPacket);
      while (sent < due) {
        send((int) (sent % destinations.length));
        sent++;
      }
      LockSupport.parkNanos(TICK_NANOS);
      if (Thread.interrupted()) {
        throw new InterruptedException("the benchmark was interrupted");
      }
      now = System.nanoTime();
    }
  }

  /** Waits until everything has arrived, half a second at most, and ends the receiver. */
  void finish() throws InterruptedException {
    long deadline = System.nanoTime() + DRAIN_NANOS;
    while (received < sent && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TICK_NANOS);
    }
    finished = true;
    selector.wakeup();
    receiver.join(1000);
  }

  long sent() {
    return sent;
  }

  long received() {
    return received;
  }

  /** Latencies at the given shares of the timed packets, in microseconds. */
  long[] latencyMicros(double... shares) {
    long[] answers = new long[shares.length];
    long timed = Arrays.stream(latencies).asLongStream().sum();
    for (int i = 0; i < shares.length; i++) {
      long wanted = (long) Math.ceil(timed * shares[i]);
      long seen = 0;
      int micros = 0;
      while (micros < HISTOGRAM_MICROS - 1 && (seen += latencies[micros]) < wanted) {
        micros++;
      }
      answers[i] = micros;
    }
    return answers;
  }

  @Override
  public void close() throws IOException {
    finished = true;
    selector.close();
    for (DatagramChannel socket : sockets) {
      socket.close();
    }
  }

  private void send(int stream) {
    int sequence = ++sequences[stream];
    packet.clear();
    packet.put((byte) 0x80).put((byte) 0).putShort((short) sequence);
    packet.putInt(160 * sequence).putInt(stream).putLong(System.nanoTime());
    packet.position(0).limit(PACKET_OCTETS);
    try {
      socket(stream >> 1, stream % 2 == 0 ? Side.A : Side.B).send(packet, destinations[stream]);
    } catch (IOException full) {
      return; // counted as sent, so it shows as lost
    }
  }

  private void receive() {
    ByteBuffer in = ByteBuffer.allocateDirect(2048);
    try {
      while (!finished) {
        selector.select(100);
        for (SelectionKey key : selector.selectedKeys()) {
          drain((DatagramChannel) key.channel(), in);
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException | ClosedSelectorException closed) {
      finished = true;
    }
  }

  private void drain(DatagramChannel socket, ByteBuffer in) throws IOException {
    long count = 0;
    long timedFrom = timedFromNanos;
    while (socket.receive(in.clear()) != null) {
      long sentAtNanos = in.getLong(12);
      if (sentAtNanos - timedFrom >= 0) {
        long micros = (System.nanoTime() - sentAtNanos) / 1000;
        latencies[Math.clamp(micros, 0, HISTOGRAM_MICROS - 1)]++;
      }
      count++;
    }
    received += count;
  }

  private int stream(int call, Side side) {
    return 2 * call + side.ordinal();
  }

  private DatagramChannel socket(int call, Side side) {
    return sockets.get(call % SOCKETS_A_SIDE + side.ordinal() * SOCKETS_A_SIDE);
  }
}

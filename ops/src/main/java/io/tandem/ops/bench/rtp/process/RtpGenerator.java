package io.tandem.ops.bench.rtp.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.socket.MessageBatch;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Many phones in a process of their own: {@code RtpGenerator CALLS FIRST_PHONE_PORT WARM_SECONDS
 * MEASURED_SECONDS}. Every call sends a G.711 packet each way in 20 ms, all of them spread evenly
 * over the period, in ticks of half a millisecond. Reads the relay's ports as {@link RelayHost}
 * prints them, up to {@code ready}. Prints {@code warming}, {@code measuring} and {@code measured}
 * when they happen, then {@code sent received unexpected p50 p99 p99.9 max stoodStillMillis}. A
 * latency runs from just before the call that sends to the system's stamp of the arrival.
 *
 * <p>It stands for phones that have machines of their own: nobody is late at all of them at once.
 * So it goes before the relays where it may ({@code SCHED_RR} at 2, theirs is 1), and when it was
 * kept from sending all the same, all streams go on later at their pace; what was missed is not
 * sent in one lump, which no relay would ever get.
 */
public final class RtpGenerator {
  private static final int PACKET_OCTETS = 172;
  private static final long PERIOD_NANOS = 20_000_000L;
  private static final long TICK_NANOS = 500_000L;
  private static final long DRAIN_NANOS = 500_000_000L;
  private static final int BATCH = 128;

  /** Who is later than this does not catch up. */
  private static final long STANDSTILL_NANOS = 2_000_000L;

  private static final int CHRT_SECONDS_MAX = 5;

  /** So many go out under one time stamp. */
  private static final int STAMPED_TOGETHER = 8;

  private static final int ADDRESS_OCTETS = 16;

  /** SSRC of the first stream. */
  static final int SSRC_BASE = 0x10000;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final int streamCount;
  private final Streams streams;
  private final int[] sequences;
  private final MemorySegment destinations;
  private final int[] sockets = new int[2 * PhoneSockets.EACH_SIDE];
  private final SystemCalls calls = new SystemCalls();
  private final MessageBatch[] out = new MessageBatch[sockets.length];
  private final int[] queued = new int[sockets.length];
  private final int[][] queuedStreams = new int[sockets.length][BATCH];
  private long startNanos;
  private long stoodStillNanos;
  private volatile boolean finished;

  private RtpGenerator(int callCount, PhoneSockets phones) throws IOException {
    streamCount = 2 * callCount;
    streams = new Streams(callCount);
    sequences = new int[streamCount];
    destinations = Arena.ofAuto().allocate((long) streamCount * ADDRESS_OCTETS, 8);
    for (int i = 0; i < sockets.length; i++) {
      Side side = i < PhoneSockets.EACH_SIDE ? Side.A : Side.B;
      int socket = BenchSocket.bound(calls, phones.socket(side, i % PhoneSockets.EACH_SIDE));
      BenchSocket.buffer(calls, socket, 32 << 20);
      BenchSocket.timestamps(calls, socket);
      sockets[i] = socket;
      out[i] = new MessageBatch(BATCH, PACKET_OCTETS);
      out[i].buffers().fill((byte) 0xd5);
    }
  }

  /** See the class. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int callCount = Integer.parseInt(arguments[0]);
    RtpGenerator generator =
        new RtpGenerator(callCount, new PhoneSockets(Integer.parseInt(arguments[1])));
    generator.readPorts();
    generator.run(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
  }

  private void readPorts() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (int call = 0; call < streamCount / 2; call++) {
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the relay's ports end after " + call + " calls");
      }
      String[] ports = line.split(" ", -1);
      for (int side = 0; side < 2; side++) {
        InetSocketAddress to =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(ports[side]));
        SocketAddresses.write(destinations, (2L * call + side) * ADDRESS_OCTETS, to);
      }
    }
  }

  private void run(int warmSeconds, int measuredSeconds) throws IOException, InterruptedException {
    Thread receiver = new Thread(this::receive, "receiver");
    receiver.setDaemon(true);
    receiver.start();
    goFirst();
    System.out.println("warming"); // whoever prints for the first time is late
    startNanos = System.nanoTime();
    send(0, warmSeconds);
    stoodStillNanos = 0;
    streams.measureFrom(Streams.wallNanos());
    System.out.println("measuring");
    send(warmSeconds, warmSeconds + measuredSeconds);
    System.out.println("measured");
    long deadline = System.nanoTime() + DRAIN_NANOS;
    while (streams.received() < streams.sent() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TICK_NANOS);
    }
    finished = true;
    receiver.join(1000);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%d %d %d %d %d %d %d %d",
            streams.sent(),
            streams.received(),
            streams.unexpected(),
            streams.micros(0.5),
            streams.micros(0.99),
            streams.micros(0.999),
            streams.micros(1),
            stoodStillNanos / 1_000_000));
  }

  /** This thread before the relays' (which ask for 1), if this process may; else as it is. */
  private static void goFirst() throws IOException, InterruptedException {
    Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
    Process chrt =
        new ProcessBuilder("chrt", "--rr", "--pid", "2", thread.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!chrt.waitFor(CHRT_SECONDS_MAX, TimeUnit.SECONDS) || chrt.exitValue() != 0) {
      System.err.println("the generator has no real-time priority: its stalls will show");
    }
  }

  /** Sends what is due between two seconds of the run. */
  private void send(int fromSecond, int toSecond) {
    double nanosAPacket = (double) PERIOD_NANOS / streamCount;
    long next = (long) (fromSecond * 1e9 / nanosAPacket);
    long last = (long) (toSecond * 1e9 / nanosAPacket);
    while (next < last) {
      next = tick(next, last, nanosAPacket);
      long tick = (System.nanoTime() - startNanos) / TICK_NANOS + 1;
      LockSupport.parkNanos(startNanos + tick * TICK_NANOS - System.nanoTime());
    }
  }

  /**
   * A method of its own, called so often that its compiled form is still the one in use when the
   * measurement begins; and without a branch for being late.
   *
   * @return the first packet that is not due yet
   */
  private long tick(long first, long last, double nanosAPacket) {
    long next = first;
    long elapsed = System.nanoTime() - startNanos;
    long late = elapsed - (long) (next * nanosAPacket);
    long standstill = late & ((STANDSTILL_NANOS - late) >> 63);
    startNanos += standstill;
    stoodStillNanos += standstill;
    long due = Math.min(last, (long) ((elapsed - standstill) / nanosAPacket) + 1);
    for (; next < due; next++) {
      queue((int) (next % streamCount));
    }
    for (int socket = 0; socket < sockets.length; socket++) {
      flush(socket);
    }
    return next;
  }

  /** Streams go in turn by side, then call: all A sides first, as the C generator does. */
  private void queue(int turn) {
    int call = turn % (streamCount / 2);
    int side = turn / (streamCount / 2);
    int socket = side * PhoneSockets.EACH_SIDE + call % PhoneSockets.EACH_SIDE;
    int stream = 2 * call + side;
    if (queued[socket] == BATCH) {
      flush(socket);
    }
    int index = queued[socket]++;
    queuedStreams[socket][index] = stream;
    int sequence = ++sequences[stream];
    MessageBatch batch = out[socket];
    MemorySegment packet = batch.buffers();
    long at = batch.offset(index);
    packet.set(JAVA_BYTE, at, (byte) 0x80);
    packet.set(JAVA_BYTE, at + 1, (byte) 0);
    packet.set(SHORT, at + 2, (short) sequence);
    packet.set(INT, at + 4, 160 * sequence);
    packet.set(INT, at + 8, SSRC_BASE + stream);
    batch.toSend(
        index,
        PACKET_OCTETS,
        destinations.address() + (long) stream * ADDRESS_OCTETS,
        ADDRESS_OCTETS);
  }

  private void flush(int socket) {
    MessageBatch batch = out[socket];
    int count = queued[socket];
    queued[socket] = 0;
    for (int at = 0; at < count; ) {
      int together = Math.min(STAMPED_TOGETHER, count - at);
      long now = Streams.wallNanos();
      for (int i = at; i < at + together; i++) {
        int sequence = Short.toUnsignedInt(batch.buffers().get(SHORT, batch.offset(i) + 2));
        streams.sent(queuedStreams[socket][i], sequence, now);
      }
      int sent = calls.sendBatch(sockets[socket], batch.address(at), together);
      at += sent > 0 ? sent : together; // what cannot be sent shows as lost
    }
  }

  private void receive() {
    SystemCalls receiving = new SystemCalls();
    MessageBatch in = new MessageBatch(BATCH, 256);
    while (!finished) {
      int came = 0;
      for (int socket : sockets) {
        came += drain(receiving, socket, in);
      }
      if (came < 2 * BATCH) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private int drain(SystemCalls receiving, int socket, MessageBatch in) {
    int all = 0;
    int count;
    do {
      in.toReceive(true);
      count = receiving.receiveBatch(socket, in.address(0), in.size());
      for (int i = 0; i < count; i++) {
        long at = in.offset(i);
        int stream = in.buffers().get(INT, at + 8) - SSRC_BASE;
        int sequence = Short.toUnsignedInt(in.buffers().get(SHORT, at + 2));
        streams.received(stream, sequence, in.arrivalNanos(i));
      }
      all += Math.max(count, 0);
    } while (count == in.size());
    return all;
  }
}

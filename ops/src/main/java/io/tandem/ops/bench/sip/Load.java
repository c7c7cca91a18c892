package io.tandem.ops.bench.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers and an answerer that do not wait: calls begin at their rate whatever becomes of those
 * before, which is what an overload is. INVITE, 180, 200, ACK, 50 ms, BYE, 200; a request that
 * hears nothing is repeated after 500 ms (T1), then twice as long each time, four times, then it is
 * lost. One thread, one message at a time; many sockets for the callers, for the system keeps few
 * datagrams for each.
 */
final class Load implements AutoCloseable {
  private static final long REPEAT_NANOS = 500_000_000L;
  private static final long HANG_UP_NANOS = 50_000_000L;
  private static final int REPEATS_MAX = 4;
  private static final int SOCKETS = 16;
  private static final int PATIENCE_SECONDS = 16;
  private static final int BUFFER_BYTES = 8 << 20;
  private static final int READS_AT_ONCE = 64;

  private final List<DatagramChannel> callers = new ArrayList<>();
  private final DatagramChannel answerer;
  private final ByteBuffer in = ByteBuffer.allocateDirect(65_536);
  private final ByteBuffer out = ByteBuffer.allocateDirect(65_536);
  private final byte[] bytes = new byte[65_536];
  private final List<ArrayDeque<Due>> repeats = new ArrayList<>();
  private final ArrayDeque<Due> hangUps = new ArrayDeque<>();
  private int serial;
  private Call[] calls = new Call[0];
  private int base;
  private InetSocketAddress server = new InetSocketAddress("127.0.0.1", 5060);

  /**
   * What came of a rate.
   *
   * @param dropped datagrams that the system threw away at the server's socket, which was full
   */
  record Run(
      int offered,
      int done,
      int refused,
      int lost,
      int repeats,
      int byes,
      int byesServed,
      long dropped,
      long millis) {
    boolean isClean() {
      return done == offered && repeats == 0;
    }

    int donePerSecond() {
      return (int) (done * 1_000L / Math.max(1, millis));
    }
  }

  private record Due(Call call, boolean bye, int repeat, long atNanos) {}

  private static final class Call {
    final int number;
    boolean heard;
    boolean answered;
    boolean byeServed;
    boolean over;
    @Nullable String toTag;

    Call(int number) {
      this.number = number;
    }
  }

  private int done;
  private int refused;
  private int lost;
  private int repeated;
  private int byes;
  private int byesServed;

  Load() throws IOException {
    for (int i = 0; i < SOCKETS; i++) {
      callers.add(open());
    }
    for (int i = 0; i <= REPEATS_MAX; i++) {
      repeats.add(new ArrayDeque<>());
    }
    answerer = open();
  }

  private static DatagramChannel open() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
    channel.bind(new InetSocketAddress("127.0.0.1", 0)).configureBlocking(false);
    return channel;
  }

  int answererPort() throws IOException {
    return port(answerer);
  }

  private static int port(DatagramChannel channel) throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  /** Begins so many calls a second for so long, and waits for what is still up. */
  Run run(int serverPort, int perSecond, int seconds) throws IOException {
    server = new InetSocketAddress("127.0.0.1", serverPort);
    base = serial;
    calls = new Call[perSecond * seconds];
    done = refused = lost = repeated = byes = byesServed = 0;
    repeats.forEach(ArrayDeque::clear);
    long droppedBefore = dropped(serverPort);
    hangUps.clear();
    long begun = System.nanoTime();
    long ends = begun + TimeUnit.SECONDS.toNanos(seconds);
    int begunCalls = 0;
    long now = begun;
    while (begunCalls < calls.length) {
      long due = Math.min(calls.length, (now - begun) * perSecond / 1_000_000_000L);
      for (int i = 0; i < READS_AT_ONCE && begunCalls < due; i++) {
        begin(begunCalls++, now);
      }
      turn(now);
      now = System.nanoTime();
    }
    int doneInTime = done;
    long spentMillis = TimeUnit.NANOSECONDS.toMillis(Math.max(now, ends) - begun);
    long patience = now + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (now < patience && (done + refused + lost < calls.length || byesServed < byes)) {
      turn(now);
      now = System.nanoTime();
    }
    boolean all = done == calls.length;
    return new Run(
        calls.length,
        all ? done : doneInTime,
        refused,
        calls.length - done - refused,
        repeated,
        byes,
        byesServed,
        dropped(serverPort) - droppedBefore,
        spentMillis);
  }

  private void begin(int at, long now) throws IOException {
    Call call = new Call(serial++);
    calls[at] = call;
    send(socket(call), LoadTexts.invite(call.number, server.getPort(), port(socket(call))), server);
    later(new Due(call, false, 0, 0), now);
  }

  private DatagramChannel socket(Call call) {
    return callers.get(call.number % SOCKETS);
  }

  /** Each level's wait is one, so each is in the order of its time. */
  private void later(Due due, long now) {
    long wait = REPEAT_NANOS << due.repeat();
    repeats.get(due.repeat()).add(new Due(due.call(), due.bye(), due.repeat(), now + wait));
  }

  /** What the system threw away at a UDP port, by its own count; 0 where it tells nothing. */
  private static long dropped(int port) throws IOException {
    Path table = Path.of("/proc/net/udp");
    if (!Files.isReadable(table)) {
      return 0;
    }
    String local = ":%04X ".formatted(port);
    for (String line : Files.readAllLines(table)) {
      String[] words = line.strip().split("\\s+");
      if (line.contains(local) && words.length > 12 && words[1].endsWith(local.strip())) {
        return Long.parseLong(words[words.length - 1]);
      }
    }
    return 0;
  }

  private void turn(long now) throws IOException {
    for (DatagramChannel caller : callers) {
      for (int i = 0; i < READS_AT_ONCE && read(caller) != null; i++) {
        heard(now);
      }
    }
    for (int i = 0; i < READS_AT_ONCE; i++) {
      InetSocketAddress from = read(answerer);
      if (from == null) {
        break;
      }
      answer(from);
    }
    for (Due due = hangUps.peek(); due != null && due.atNanos() <= now; due = hangUps.peek()) {
      hangUps.remove();
      hangUp(due.call(), now);
    }
    for (ArrayDeque<Due> level : repeats) {
      for (Due due = level.peek(); due != null && due.atNanos() <= now; due = level.peek()) {
        level.remove();
        repeat(due, now);
      }
    }
  }

  private @Nullable InetSocketAddress read(DatagramChannel channel) throws IOException {
    in.clear();
    InetSocketAddress from = (InetSocketAddress) channel.receive(in);
    if (from != null) {
      in.flip();
      in.get(bytes, 0, in.limit());
    }
    return from;
  }

  private void heard(long now) throws IOException {
    String text = new String(bytes, 0, in.limit(), StandardCharsets.ISO_8859_1);
    Call call = call(LoadTexts.number(text));
    if (call == null || !text.startsWith("SIP/2.0 ")) {
      return;
    }
    call.heard = true;
    char kind = text.charAt(8);
    if (text.contains("\nCSeq: 2 BYE")) {
      if (kind == '2' && !call.byeServed) {
        call.byeServed = true;
        byesServed++;
        if (!call.over) {
          call.over = true;
          done++;
        }
      }
    } else if (kind == '2') {
      call.toTag = LoadTexts.toTag(text);
      send(
          socket(call),
          LoadTexts.ack(call.number, server.getPort(), port(socket(call)), call.toTag),
          server);
      if (call.answered) {
        repeated++;
      } else {
        call.answered = true;
        hangUps.add(new Due(call, true, 0, now + HANG_UP_NANOS));
      }
    } else if (kind > '2') {
      send(socket(call), LoadTexts.ackOfFailure(text, server.getPort()), server);
      if (!call.over) {
        call.over = true;
        refused++;
      }
    }
  }

  private @Nullable Call call(int number) {
    int at = number - base;
    return at < 0 || at >= calls.length ? null : calls[at];
  }

  private void hangUp(Call call, long now) throws IOException {
    byes++;
    sendBye(call);
    later(new Due(call, true, 0, 0), now);
  }

  private void sendBye(Call call) throws IOException {
    String tag = String.valueOf(call.toTag);
    send(
        socket(call),
        LoadTexts.bye(call.number, server.getPort(), port(socket(call)), tag),
        server);
  }

  private void repeat(Due due, long now) throws IOException {
    Call call = due.call();
    if (due.bye() ? call.byeServed : call.over || call.heard) {
      return;
    }
    if (due.repeat() == REPEATS_MAX) {
      if (!call.over) {
        call.over = true;
        lost++;
      }
      return;
    }
    repeated++;
    if (due.bye()) {
      sendBye(call);
    } else {
      send(
          socket(call),
          LoadTexts.invite(call.number, server.getPort(), port(socket(call))),
          server);
    }
    later(new Due(call, due.bye(), due.repeat() + 1, 0), now);
  }

  private void answer(InetSocketAddress from) throws IOException {
    String text = new String(bytes, 0, in.limit(), StandardCharsets.ISO_8859_1);
    if (text.startsWith("INVITE ")) {
      send(answerer, LoadTexts.answer(text, "180 Ringing", port(answerer), false), from);
      send(answerer, LoadTexts.answer(text, "200 OK", port(answerer), true), from);
    } else if (text.startsWith("BYE ")) {
      send(answerer, LoadTexts.answer(text, "200 OK", port(answerer), false), from);
    }
  }

  private void send(DatagramChannel channel, String text, InetSocketAddress to) throws IOException {
    out.clear();
    out.put(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flip();
    int unused = channel.send(out, to);
  }

  @Override
  public void close() throws IOException {
    for (DatagramChannel caller : callers) {
      caller.close();
    }
    answerer.close();
  }
}

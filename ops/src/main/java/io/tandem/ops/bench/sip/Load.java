package io.tandem.ops.bench.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers and an answerer that do not wait: calls begin at their rate whatever becomes of those
 * before, which is what an overload is. INVITE, 180, 200, ACK, 50 ms, BYE, 200; a call that hears
 * nothing repeats itself after 500 ms (T1), twice, then it is lost. One thread, one message at a
 * time.
 */
final class Load implements AutoCloseable {
  private static final long REPEAT_NANOS = 500_000_000L;
  private static final long HANG_UP_NANOS = 50_000_000L;
  private static final int REPEATS_MAX = 2;
  private static final int BUFFER_BYTES = 8 << 20;
  private static final int READS_AT_ONCE = 64;

  private final DatagramChannel callers;
  private final DatagramChannel answerer;
  private final ByteBuffer in = ByteBuffer.allocateDirect(65_536);
  private final ByteBuffer out = ByteBuffer.allocateDirect(65_536);
  private final byte[] bytes = new byte[65_536];
  private final ArrayDeque<Due> repeats = new ArrayDeque<>();
  private final ArrayDeque<Due> hangUps = new ArrayDeque<>();
  private int serial;
  private Call[] calls = new Call[0];
  private int base;
  private InetSocketAddress server = new InetSocketAddress("127.0.0.1", 5060);

  /** What came of a rate. */
  record Run(
      int offered,
      int done,
      int refused,
      int lost,
      int repeats,
      int byes,
      int byesServed,
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
    callers = open();
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
    repeats.clear();
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
    long patience = now + TimeUnit.SECONDS.toNanos(3);
    while (now < patience && done + refused + lost < calls.length) {
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
        spentMillis);
  }

  private void begin(int at, long now) throws IOException {
    Call call = new Call(serial++);
    calls[at] = call;
    send(callers, LoadTexts.invite(call.number, server.getPort(), port(callers)), server);
    repeats.add(new Due(call, false, 0, now + REPEAT_NANOS));
  }

  private void turn(long now) throws IOException {
    for (int i = 0; i < READS_AT_ONCE && read(callers) != null; i++) {
      heard(now);
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
    for (Due due = repeats.peek(); due != null && due.atNanos() <= now; due = repeats.peek()) {
      repeats.remove();
      repeat(due, now);
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
      if (kind == '2' && !call.over) {
        call.over = true;
        done++;
        byesServed++;
      }
    } else if (kind == '2') {
      call.toTag = LoadTexts.toTag(text);
      send(
          callers, LoadTexts.ack(call.number, server.getPort(), port(callers), call.toTag), server);
      if (call.answered) {
        repeated++;
      } else {
        call.answered = true;
        hangUps.add(new Due(call, true, 0, now + HANG_UP_NANOS));
      }
    } else if (kind > '2') {
      send(callers, LoadTexts.ackOfFailure(text, server.getPort()), server);
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
    repeats.add(new Due(call, true, 0, now + REPEAT_NANOS));
  }

  private void sendBye(Call call) throws IOException {
    String tag = String.valueOf(call.toTag);
    send(callers, LoadTexts.bye(call.number, server.getPort(), port(callers), tag), server);
  }

  private void repeat(Due due, long now) throws IOException {
    Call call = due.call();
    if (call.over || (!due.bye() && call.heard)) {
      return;
    }
    if (due.repeat() == REPEATS_MAX) {
      call.over = true;
      lost++;
      return;
    }
    repeated++;
    if (due.bye()) {
      sendBye(call);
    } else {
      send(callers, LoadTexts.invite(call.number, server.getPort(), port(callers)), server);
    }
    repeats.add(new Due(call, due.bye(), due.repeat() + 1, now + REPEAT_NANOS));
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
    callers.close();
    answerer.close();
  }
}

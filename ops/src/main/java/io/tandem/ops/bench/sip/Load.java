package io.tandem.ops.bench.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
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
 * lost. One thread; datagrams are read and written in batches, so that it can offer several times
 * what a server takes.
 */
final class Load implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long REPEAT_NANOS = 500_000_000L;
  private static final long HANG_UP_NANOS = 50_000_000L;
  private static final int REPEATS_MAX = 4;
  private static final int SOCKETS = 4;
  private static final int PATIENCE_SECONDS = 16;
  private static final int BEGUN_AT_ONCE = 32;

  /** Repetitions come in waves: what has arrived is answered between them. */
  private static final int REPEATED_AT_ONCE = 64;

  private final List<LoadSocket> callers = new ArrayList<>();
  private final LoadSocket answerer = new LoadSocket();
  private final LoadMessage in = new LoadMessage();
  private final List<ArrayDeque<Due>> repeats = new ArrayList<>();
  private final ArrayDeque<Due> hangUps = new ArrayDeque<>();
  private LoadTexts texts = new LoadTexts(0);
  private int serial;
  private Call[] calls = new Call[0];
  private int base;
  private boolean counting;

  /**
   * What came of a rate.
   *
   * @param done calls whose BYE was answered, however late
   * @param counted those of them after the first quarter of the time in which calls began, until
   *     its end
   * @param dropped datagrams that the system threw away at the server's socket, which was full
   * @param millis in which calls began: longer than was asked when this load was too slow
   */
  record Run(
      int offered,
      int done,
      int counted,
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

    int offeredPerSecond() {
      return (int) (offered * 1_000L / Math.max(1, millis));
    }

    /**
     * In three quarters of the time; what began before it is in it as what ends after it is not.
     */
    int donePerSecond() {
      return (int) (counted * 4_000L / Math.max(1, 3 * millis));
    }
  }

  private record Due(Call call, boolean bye, int repeat, long atNanos) {}

  private static final class Call {
    final int number;
    boolean heard;
    boolean answered;
    boolean byeServed;
    boolean over;
    byte @Nullable [] toTag;

    Call(int number) {
      this.number = number;
    }
  }

  private int done;
  private int counted;
  private int refused;
  private int lost;
  private int repeated;
  private int byes;
  private int byesServed;

  Load() throws IOException {
    for (int i = 0; i < SOCKETS; i++) {
      callers.add(new LoadSocket());
    }
    for (int i = 0; i <= REPEATS_MAX; i++) {
      repeats.add(new ArrayDeque<>());
    }
  }

  int answererPort() {
    return answerer.port();
  }

  /** Begins so many calls a second for so long, and waits for what is still up. */
  Run run(int serverPort, int perSecond, int seconds) throws IOException {
    InetSocketAddress server = new InetSocketAddress("127.0.0.1", serverPort);
    callers.forEach(caller -> caller.towards(server));
    answerer.towards(server);
    texts = new LoadTexts(serverPort);
    base = serial;
    calls = new Call[perSecond * seconds];
    done = counted = refused = lost = repeated = byes = byesServed = 0;
    repeats.forEach(ArrayDeque::clear);
    hangUps.clear();
    long droppedBefore = dropped(serverPort);
    long begun = System.nanoTime();
    int begunCalls = 0;
    long now = begun;
    while (begunCalls < calls.length) {
      long due = Math.min(calls.length, (now - begun) * perSecond / SECOND_NANOS);
      counting = begunCalls * 4L >= calls.length;
      for (int i = 0; i < BEGUN_AT_ONCE && begunCalls < due; i++) {
        begin(begunCalls++, now);
      }
      turn(now);
      now = System.nanoTime();
    }
    counting = false;
    long spentMillis = TimeUnit.NANOSECONDS.toMillis(now - begun);
    long patience = now + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (now < patience && (done + refused + lost < calls.length || byesServed < byes)) {
      turn(now);
      now = System.nanoTime();
    }
    return new Run(
        calls.length,
        done,
        counted,
        refused,
        calls.length - done - refused,
        repeated,
        byes,
        byesServed,
        dropped(serverPort) - droppedBefore,
        spentMillis);
  }

  private void begin(int at, long now) {
    Call call = new Call(serial++);
    calls[at] = call;
    sendInvite(call);
    later(new Due(call, false, 0, 0), now);
  }

  private LoadSocket socket(Call call) {
    return callers.get(call.number % SOCKETS);
  }

  private void sendInvite(Call call) {
    LoadSocket socket = socket(call);
    texts.invite(call.number, socket.port());
    send(socket);
  }

  private void send(LoadSocket socket) {
    socket.send(texts.message(), texts.length());
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
    String local = ":%04X".formatted(port);
    for (String line : Files.readAllLines(table)) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 12 && words[1].endsWith(local)) {
        return Long.parseLong(words[words.length - 1]);
      }
    }
    return 0;
  }

  /** Reads one batch of each socket, does what is due, and lets everything leave. */
  private void turn(long now) {
    for (LoadSocket caller : callers) {
      int came = caller.receive();
      for (int i = 0; i < came; i++) {
        in.look(caller.read(i, in.bytes()));
        heard(caller, now);
      }
    }
    int asked = answerer.receive();
    for (int i = 0; i < asked; i++) {
      in.look(answerer.read(i, in.bytes()));
      answer();
    }
    for (Due due = hangUps.peek(); due != null && due.atNanos() <= now; due = hangUps.peek()) {
      hangUps.remove();
      hangUp(due.call(), now);
    }
    for (ArrayDeque<Due> level : repeats) {
      Due due = level.peek();
      for (int i = 0; i < REPEATED_AT_ONCE && due != null && due.atNanos() <= now; i++) {
        level.remove();
        repeat(due, now);
        due = level.peek();
      }
    }
    callers.forEach(LoadSocket::flush);
    answerer.flush();
  }

  private void heard(LoadSocket socket, long now) {
    Call call = call(in.number());
    if (call == null || !in.isResponse()) {
      return;
    }
    call.heard = true;
    char kind = in.statusClass();
    if (in.isOfBye()) {
      if (kind == '2' && !call.byeServed) {
        call.byeServed = true;
        byesServed++;
        ended(call);
      }
    } else if (kind == '2') {
      byte[] toTag = in.toTag();
      call.toTag = toTag;
      texts.ack(call.number, socket.port(), toTag);
      send(socket);
      if (call.answered) {
        repeated++;
      } else {
        call.answered = true;
        hangUps.add(new Due(call, true, 0, now + HANG_UP_NANOS));
      }
    } else if (kind > '2') {
      texts.ackOfFailure(in);
      send(socket);
      if (!call.over) {
        call.over = true;
        refused++;
      }
    }
  }

  private void ended(Call call) {
    if (!call.over) {
      call.over = true;
      done++;
      counted += counting ? 1 : 0;
    }
  }

  private @Nullable Call call(int number) {
    int at = number - base;
    return at < 0 || at >= calls.length ? null : calls[at];
  }

  private void hangUp(Call call, long now) {
    byes++;
    sendBye(call);
    later(new Due(call, true, 0, 0), now);
  }

  private void sendBye(Call call) {
    LoadSocket socket = socket(call);
    texts.bye(call.number, socket.port(), call.toTag);
    send(socket);
  }

  private void repeat(Due due, long now) {
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
      sendInvite(call);
    }
    later(new Due(call, due.bye(), due.repeat() + 1, 0), now);
  }

  private void answer() {
    if (in.is(LoadTexts.INVITE)) {
      texts.answer(in, LoadTexts.RINGING, answerer.port(), false);
      send(answerer);
      texts.answer(in, LoadTexts.OK, answerer.port(), true);
      send(answerer);
    } else if (in.is(LoadTexts.BYE)) {
      texts.answer(in, LoadTexts.OK, answerer.port(), false);
      send(answerer);
    }
  }

  @Override
  public void close() {
    callers.forEach(LoadSocket::close);
    answerer.close();
  }
}

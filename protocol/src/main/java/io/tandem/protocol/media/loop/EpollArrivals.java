package io.tandem.protocol.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.tandem.protocol.media.socket.EpollLayout;
import io.tandem.protocol.media.socket.Errno;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Epoll tells which sockets are ready, and each is read once: a leg gets one packet in 20 ms, so a
 * second read would find nothing, and a flood on one port waits its turn behind other calls.
 */
final class EpollArrivals implements Arrivals {
  private static final EpollLayout EPOLL = EpollLayout.of(System.getProperty("os.arch"));
  private static final int MAX_EVENTS = 512;
  private static final int RELIEFS_EVENTS = 64;
  private static final int WAKE = -1;

  // --- the loop's own
  private final SystemCalls calls = new SystemCalls();
  private final MemorySegment events = Arena.ofAuto().allocate(MAX_EVENTS * EPOLL.octets(), 8);
  private final MemorySegment woken = Arena.ofAuto().allocate(8, 8);

  /** Written so that what was anticipated is not left out as useless. */
  @SuppressWarnings("unused")
  private int anticipated;

  // --- the relief's
  private final SystemCalls reliefsCalls = new SystemCalls();
  private final MemorySegment reliefsEvents =
      Arena.ofAuto().allocate(RELIEFS_EVENTS * EPOLL.octets(), 8);

  // --- under the loop's lock
  private final SystemCalls othersCalls = new SystemCalls();
  private final MemorySegment word = Arena.ofAuto().allocate(16, 8);

  private final int epoll;
  private final int wake;

  /** By descriptor. An element is written under the lock and published by writing the field. */
  private volatile @Nullable NativeSocket[] sockets = new NativeSocket[256];

  EpollArrivals() throws IOException {
    epoll = NativeSocket.checked(calls.epoll(), "epoll");
    wake = NativeSocket.checked(calls.eventDescriptor(), "eventfd");
    watch(wake, WAKE);
  }

  @Override
  public void add(NativeSocket socket) throws IOException {
    @Nullable NativeSocket[] table = sockets;
    if (socket.descriptor() >= table.length) {
      table = Arrays.copyOf(table, Math.max(2 * table.length, socket.descriptor() + 1));
    }
    table[socket.descriptor()] = socket;
    sockets = table;
    watch(socket.descriptor(), socket.descriptor());
  }

  private void watch(int descriptor, int data) throws IOException {
    word.set(JAVA_INT_UNALIGNED, 0, SystemCalls.EPOLLIN);
    word.set(JAVA_LONG_UNALIGNED, EPOLL.dataOffset(), data);
    NativeSocket.checked(
        othersCalls.epollControl(epoll, SystemCalls.EPOLL_ADD, descriptor, word.address()),
        "epoll_ctl");
  }

  @Override
  public void wakeUp() {
    word.set(JAVA_LONG_UNALIGNED, 0, 1);
    othersCalls.write(wake, word.address(), 8); // full means it is awake
  }

  @Override
  public void await(NativeLoop loop) {
    int ready = checked(calls.epollWait(epoll, events.address(), MAX_EVENTS, -1));
    loop.woken();
    @Nullable NativeSocket[] table = sockets;
    anticipate(table, ready);
    for (int i = 0; i < ready; i++) {
      long data = data(events, i);
      if (data == WAKE) {
        calls.read(wake, woken.address(), 8);
      } else {
        NativeSocket socket = table[(int) data];
        if (socket != null) { // else closed by an earlier event of this round
          loop.ready(socket);
        }
      }
    }
    loop.carried(ready);
  }

  /** No question waits for another one of its step, so the machine asks many at a time. */
  private void anticipate(@Nullable NativeSocket[] table, int ready) {
    int read = 0;
    for (int i = 0; i < ready; i++) {
      read += inlet(table, i) == null ? 0 : 1;
    }
    for (int step = 0; step < PacketInlet.STEPS; step++) {
      for (int i = 0; i < ready; i++) {
        PacketInlet inlet = inlet(table, i);
        read += inlet == null ? 0 : inlet.anticipate(step);
      }
    }
    anticipated = read;
  }

  private @Nullable PacketInlet inlet(@Nullable NativeSocket[] table, int event) {
    long data = data(events, event);
    NativeSocket socket = data == WAKE ? null : table[(int) data];
    return socket == null ? null : socket.inlet();
  }

  private static int checked(int ready) {
    if (ready < 0 && ready != -Errno.EINTR) {
      throw new IllegalStateException("epoll_wait: " + Errno.text(ready));
    }
    return Math.max(0, ready);
  }

  private static long data(MemorySegment events, int index) {
    return events.get(JAVA_LONG_UNALIGNED, index * EPOLL.octets() + EPOLL.dataOffset());
  }

  /** What is not read stays ready, so the loop's thread finds what the relief leaves. */
  @Override
  public boolean canBeRelieved() {
    return true;
  }

  @Override
  public boolean relieve(NativeLoop loop) {
    int ready = checked(reliefsCalls.epollWait(epoll, reliefsEvents.address(), RELIEFS_EVENTS, 0));
    @Nullable NativeSocket[] table = sockets;
    boolean any = false;
    for (int i = 0; i < ready; i++) {
      long data = data(reliefsEvents, i);
      NativeSocket socket = data == WAKE ? null : table[(int) data];
      any |= socket != null && loop.readyForRelief(socket);
    }
    return any;
  }

  /** Closing takes it out of the epoll set. */
  @Override
  public void forget(NativeSocket socket) {
    @Nullable NativeSocket[] table = sockets;
    table[socket.descriptor()] = null;
    sockets = table;
  }

  @Override
  public void close() {
    calls.close(wake);
    calls.close(epoll);
  }
}

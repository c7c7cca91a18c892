package io.tandem.protocol.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.socket.Errno;
import io.tandem.protocol.media.socket.Ring;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * An io_uring receives for every socket at once, each into memory of its own: one call a round
 * takes all datagrams that came, and asks for the next of each. As with epoll, a socket gives one
 * datagram a round.
 */
final class RingArrivals implements Arrivals {
  private static final int ROOM = 4096;
  private static final long WAKE = 0;
  private static final long CANCELLING = -1;
  private static final int TRIES_TO_CLOSE = 100;

  // --- the loop's own
  private final SystemCalls calls = new SystemCalls();
  private final Ring ring;
  private final MemorySegment woken = Arena.ofAuto().allocate(8, 8);
  private final List<Place> places = new ArrayList<>();
  private final Deque<Place> free = new ArrayDeque<>();
  private int pending;
  private boolean watching;
  private Ring.@Nullable Outcomes told;

  // --- everybody's
  private final Queue<NativeSocket> added = new ConcurrentLinkedQueue<>();
  private final int wake;

  // --- under the loop's lock
  private final SystemCalls othersCalls = new SystemCalls();
  private final MemorySegment word = Arena.ofAuto().allocate(8, 8);

  /** Where the datagrams of one socket arrive: {@code struct msghdr}, its vector, name, octets. */
  private static final class Place {
    private static final int HEADER_OCTETS = 56;
    private static final int VECTOR_OCTETS = 16;
    private static final int NAME_AT = HEADER_OCTETS + VECTOR_OCTETS;
    private static final int PACKET_AT = NAME_AT + 32;

    final long number;
    final MemorySegment memory =
        Arena.ofAuto()
            .allocate(PACKET_AT + PacketInlet.MAX_DATAGRAM_OCTETS + PacketInlet.ROOM_OCTETS, 8);
    final MemorySegment sender = memory.asSlice(NAME_AT, 32);
    final MemorySegment octets = memory.asSlice(PACKET_AT);
    final ByteBuf packet = Unpooled.wrappedBuffer(octets.asByteBuffer());
    @Nullable NativeSocket socket;
    boolean waiting;

    Place(long number) {
      this.number = number;
      memory.set(JAVA_LONG, 0, sender.address());
      memory.set(JAVA_LONG, 16, memory.address() + HEADER_OCTETS);
      memory.set(JAVA_LONG, 24, 1);
      memory.set(JAVA_LONG, HEADER_OCTETS, octets.address());
      memory.set(JAVA_LONG, HEADER_OCTETS + 8, PacketInlet.MAX_DATAGRAM_OCTETS);
    }

    void ready() {
      memory.set(JAVA_INT, 8, SocketAddresses.MAX_OCTETS); // the system wrote how long it was
      memory.set(JAVA_INT, 48, 0);
    }
  }

  RingArrivals() throws IOException {
    ring = new Ring(ROOM);
    wake = calls.eventDescriptor();
    if (wake < 0) {
      ring.close();
      throw new IOException("eventfd: " + Errno.text(wake));
    }
  }

  @Override
  public void add(NativeSocket socket) {
    added.add(socket);
    wakeUp();
  }

  @Override
  public void wakeUp() {
    word.set(JAVA_LONG, 0, 1);
    othersCalls.write(wake, word.address(), 8); // full means it is awake
  }

  @Override
  public void await(NativeLoop loop) {
    if (!watching) {
      watching = true;
      ring.poll(wake, WAKE);
    }
    NativeSocket next = added.poll();
    while (next != null) {
      Place place = free.isEmpty() ? anotherPlace() : free.pop();
      place.socket = next;
      receive(place);
      next = added.poll();
    }
    int failed = ring.submit(1);
    if (failed < 0) {
      throw new IllegalStateException("io_uring_enter: " + Errno.text(failed));
    }
    Ring.Outcomes outcomes = told;
    if (outcomes == null) {
      outcomes = (number, result) -> came(loop, number, result); // once: a round makes no garbage
      told = outcomes;
    }
    ring.each(outcomes);
  }

  /** What the kernel has written is known to the loop's thread only. */
  @Override
  public boolean canBeRelieved() {
    return false;
  }

  @Override
  public boolean relieve(NativeLoop loop) {
    return false;
  }

  private Place anotherPlace() {
    Place place = new Place(places.size() + 1L);
    places.add(place);
    return place;
  }

  private void receive(Place place) {
    NativeSocket socket = place.socket;
    if (socket != null) {
      place.ready();
      place.waiting = true;
      pending++;
      ring.receive(socket.descriptor(), place.memory.address(), place.number);
    }
  }

  private void came(NativeLoop loop, long number, int result) {
    if (number == CANCELLING) {
      return;
    }
    if (number == WAKE) {
      watching = false;
      calls.read(wake, woken.address(), 8);
      return;
    }
    Place place = places.get((int) number - 1);
    place.waiting = false;
    pending--;
    NativeSocket socket = place.socket;
    if (socket != null) {
      if (result >= 0) {
        place.packet.setIndex(0, result);
      }
      loop.arrived(socket, place.packet, place.octets.address(), place.sender, result);
    }
    if (place.socket == null) {
      free.push(place);
    } else {
      receive(place);
    }
  }

  /** The wish holds the socket open: it is taken back before the socket is closed. */
  @Override
  public void forget(NativeSocket socket) {
    for (Place place : places) {
      if (socket.equals(place.socket)) {
        place.socket = null;
        if (place.waiting) {
          ring.cancel(place.number, CANCELLING);
          int unused = ring.submit(0);
        }
        return;
      }
    }
    var unused = added.remove(socket);
  }

  @Override
  public void close() {
    for (Place place : places) {
      place.socket = null;
      if (place.waiting) {
        ring.cancel(place.number, CANCELLING);
      }
    }
    for (int i = 0; i < TRIES_TO_CLOSE && pending > 0 && ring.submit(1) >= 0; i++) {
      ring.each(
          (number, result) -> {
            if (number > WAKE) {
              pending--;
            }
          });
    }
    ring.close();
    calls.close(wake);
  }
}

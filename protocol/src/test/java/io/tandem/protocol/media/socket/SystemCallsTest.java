package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the machine it runs on: the layouts are right when the system agrees. */
class SystemCallsTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(256, 8);
  private final SystemCalls calls = new SystemCalls();
  private final List<Integer> open = new ArrayList<>();

  @BeforeEach
  void on_linux_only() {
    assumeThat(SystemCalls.available()).isTrue();
  }

  @AfterEach
  void close() {
    open.forEach(calls::close);
  }

  @Test
  void where_a_sandbox_forbids_one_of_them_they_are_not_available_and_nothing_stays_open() {
    List<Integer> closed = new ArrayList<>();
    assertThat(SystemCalls.canOpen(closed::add, () -> 7, () -> 8, () -> 9)).isTrue();
    assertThat(closed).containsExactly(7, 8, 9);
    closed.clear();
    assertThat(SystemCalls.canOpen(closed::add, () -> 7, () -> -1, () -> 9)).isFalse();
    assertThat(closed).containsExactly(7, 9);
  }

  @Test
  void a_threads_niceness_is_its_own() throws Exception {
    List<String> told = new ArrayList<>();
    Thread nice =
        new Thread(
            () -> {
              told.add(Integer.toString(Precedence.niceness(7)));
              told.add(niceness());
            });
    nice.start();
    nice.join(5000);
    assertThat(told).containsExactly("0", "7");
    assertThat(niceness()).isNotEqualTo("7");
  }

  @ParameterizedTest
  @EnumSource(Precedence.class)
  void a_thread_has_the_precedence_that_it_is_told_it_has(Precedence wanted) throws Exception {
    List<String> told = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              Precedence taken = wanted.take();
              assertThat(taken).isGreaterThanOrEqualTo(wanted);
              told.add(
                  switch (taken) {
                    case REAL_TIME -> "policy 2";
                    case FAVOURED -> "policy 0, nice -5";
                    case ORDINARY -> "policy 0, nice " + niceness();
                  });
              told.add(
                  stat(41).equals("2")
                      ? "policy 2"
                      : "policy " + stat(41) + ", nice " + niceness());
            });
    thread.start();
    thread.join(5000);
    assertThat(told).hasSize(2);
    assertThat(told.get(1)).isEqualTo(told.get(0));
  }

  private static String niceness() {
    return stat(19);
  }

  /** A field of proc(5)'s stat, counted from 1; the second one is a name in parentheses. */
  private static String stat(int field) {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1)[field - 3];
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void epoll_tells_which_socket_has_a_datagram_and_the_datagram_who_sent_it(String host) {
    int receiver = bound(host);
    int sender = bound(host);
    int epoll = opened(calls.epoll());
    EpollLayout layout = EpollLayout.of(System.getProperty("os.arch"));
    memory.set(JAVA_INT_UNALIGNED, 0, SystemCalls.EPOLLIN);
    memory.set(JAVA_LONG_UNALIGNED, layout.dataOffset(), 0x1234_5678_9abcL);
    assertThat(calls.epollControl(epoll, SystemCalls.EPOLL_ADD, receiver, memory.address()))
        .isZero();
    assertThat(receive(receiver)).isEqualTo(-Errno.EAGAIN);

    InetSocketAddress to = name(receiver);
    int octets = SocketAddresses.write(memory, 0, to);
    memory.set(JAVA_INT, 64, 0xcafe);
    assertThat(calls.send(sender, memory.address() + 64, 4, memory.address(), octets)).isEqualTo(4);

    assertThat(calls.epollWait(epoll, memory.address(), 2, 5000)).isEqualTo(1);
    assertThat(memory.get(JAVA_LONG_UNALIGNED, layout.dataOffset())).isEqualTo(0x1234_5678_9abcL);
    assertThat(receive(receiver)).isEqualTo(4);
    assertThat(memory.get(JAVA_INT, 128)).isEqualTo(0xcafe);
    assertThat(SocketAddresses.read(memory, 160)).isEqualTo(name(sender));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void a_connected_socket_is_told_once_when_nobody_listens_any_more(String host) {
    int peer = bound(host);
    int socket = bound(host);
    int octets = SocketAddresses.write(memory, 0, name(peer));
    assertThat(calls.connect(socket, memory.address(), octets)).isZero();
    calls.close(peer);
    open.remove((Integer) peer);
    assertThat(calls.send(socket, memory.address(), 4, 0, 0)).isEqualTo(4);
    assertThat(receive(socket)).isEqualTo(-Errno.ECONNREFUSED);
    assertThat(receive(socket)).isEqualTo(-Errno.EAGAIN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void a_busy_port_is_said_in_words(String host) {
    int holder = bound(host);
    int octets = SocketAddresses.write(memory, 0, name(holder));
    int second = opened(calls.udpSocket(host.contains(":")));
    int answer = calls.bind(second, memory.address(), octets);
    assertThat(answer).isEqualTo(-Errno.EADDRINUSE);
    assertThat(Errno.text(answer)).isEqualTo("Address already in use");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void batches_carry_octets_addresses_and_the_time_of_arrival(String host) {
    int receiver = bound(host);
    int sender = bound(host);
    memory.set(JAVA_INT, 0, 1);
    assertThat(calls.option(receiver, SocketOption.TIMESTAMPS, memory.address())).isZero();
    int octets = SocketAddresses.write(memory, 0, name(receiver));
    MessageBatch out = new MessageBatch(3, 100);
    for (int i = 0; i < 3; i++) {
      out.buffers().set(JAVA_INT_UNALIGNED, out.offset(i), i);
      out.toSend(i, 10 + i, memory.address(), octets);
    }
    assertThat(calls.sendBatch(sender, out.address(0), 3)).isEqualTo(3);
    MessageBatch in = new MessageBatch(4, 100);
    in.toReceive(true);
    assertThat(calls.receiveBatch(receiver, in.address(0), 4)).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(in.octets(i)).isEqualTo(10 + i);
      assertThat(in.buffers().get(JAVA_INT_UNALIGNED, in.offset(i))).isEqualTo(i);
      assertThat(in.arrivalNanos(i)).isGreaterThan(1_600_000_000_000_000_000L);
    }
  }

  private int bound(String host) {
    InetAddress address = InetAddress.ofLiteral(host);
    int socket = opened(calls.udpSocket(host.contains(":")));
    int octets = SocketAddresses.write(memory, 0, new InetSocketAddress(address, 0));
    int answer = calls.bind(socket, memory.address(), octets);
    assumeThat(answer).as("%s is an address of this machine", host).isZero();
    return socket;
  }

  private InetSocketAddress name(int socket) {
    memory.set(JAVA_INT, 224, SocketAddresses.MAX_OCTETS);
    assertThat(calls.name(socket, memory.address() + 192, memory.address() + 224)).isZero();
    return SocketAddresses.read(memory, 192);
  }

  private long receive(int socket) {
    memory.set(JAVA_INT, 224, SocketAddresses.MAX_OCTETS);
    return calls.receive(
        socket, memory.address() + 128, 32, memory.address() + 160, memory.address() + 224);
  }

  private int opened(int descriptor) {
    assertThat(descriptor).isNotNegative();
    open.add(descriptor);
    return descriptor;
  }
}

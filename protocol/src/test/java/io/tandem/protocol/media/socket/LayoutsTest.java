package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LayoutsTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);

  @Test
  void an_epoll_event_is_packed_on_x86_64_only() {
    assertThat(EpollLayout.of("amd64")).isEqualTo(new EpollLayout(12, 4));
    assertThat(EpollLayout.of("x86_64")).isEqualTo(new EpollLayout(12, 4));
    assertThat(EpollLayout.of("aarch64")).isEqualTo(new EpollLayout(16, 8));
  }

  @Test
  void an_architecture_that_nobody_checked_has_no_layout() {
    assertThat(EpollLayout.known("riscv64")).isFalse();
    assertThatThrownBy(() -> EpollLayout.of("riscv64")).hasMessageContaining("riscv64");
  }

  @Test
  void an_ipv4_address_lies_as_linux_has_it() {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 0x1f90); // 8080
    assertThat(SocketAddresses.write(memory, 8, address)).isEqualTo(16);
    // family 2 in the machine's (little) order, port and address in the network's
    assertThat(hex(8, 16)).isEqualTo("02001f90c00002070000000000000000");
    assertThat(SocketAddresses.read(memory, 8)).isEqualTo(address);
  }

  @Test
  void an_ipv6_address_lies_as_linux_has_it_with_its_scope() throws Exception {
    byte[] octets = HexFormat.of().parseHex("fe800000000000000000000000000001");
    InetSocketAddress address =
        new InetSocketAddress(Inet6Address.getByAddress(null, octets, 3), 0x1f90);
    assertThat(SocketAddresses.write(memory, 0, address)).isEqualTo(28);
    assertThat(hex(0, 28)).isEqualTo("0a001f9000000000fe80000000000000000000000000000103000000");
    InetSocketAddress read = SocketAddresses.read(memory, 0);
    assertThat(read).isEqualTo(address);
    assertThat(((Inet6Address) read.getAddress()).getScopeId()).isEqualTo(3);
  }

  @Test
  void two_ipv6_addresses_that_differ_in_their_flow_label_only_are_the_same() {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 5004);
    SocketAddresses.write(memory, 0, address);
    SocketAddresses.write(memory, 32, address);
    memory.set(JAVA_INT, 36, 0x1234);
    assertThat(SocketAddresses.same(memory, 0, memory, 32, true)).isTrue();
    memory.set(JAVA_BYTE, 32 + 23, (byte) 2);
    assertThat(SocketAddresses.same(memory, 0, memory, 32, true)).isFalse();
  }

  @Test
  void an_address_of_another_family_is_refused() {
    memory.fill((byte) 0);
    memory.set(JAVA_BYTE, 0, (byte) 1); // AF_UNIX
    assertThatThrownBy(() -> SocketAddresses.read(memory, 0)).hasMessageContaining("family 1");
  }

  @Test
  @SuppressWarnings("restricted")
  void a_batch_is_an_array_of_mmsghdr_that_points_at_its_buffers() {
    MessageBatch batch = new MessageBatch(3, 200);
    batch.toSend(2, 172, memory.address(), 16);
    MemorySegment header = MemorySegment.ofAddress(batch.address(2)).reinterpret(64);
    assertThat(batch.address(2) - batch.address(0)).isEqualTo(128);
    assertThat(header.get(JAVA_LONG, 0)).isEqualTo(memory.address());
    assertThat(header.get(JAVA_INT, 8)).isEqualTo(16);
    assertThat(header.get(JAVA_LONG, 24)).isEqualTo(1);
    MemorySegment vector = MemorySegment.ofAddress(header.get(JAVA_LONG, 16)).reinterpret(16);
    assertThat(vector.get(JAVA_LONG, 0)).isEqualTo(batch.buffers().address() + batch.offset(2));
    assertThat(vector.get(JAVA_LONG, 8)).isEqualTo(172);
  }

  private String hex(long at, int octets) {
    return HexFormat.of().formatHex(memory.asSlice(at, octets).toArray(JAVA_BYTE));
  }
}

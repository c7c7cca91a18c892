package io.tandem.protocol.sip.resolve;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server on loopback, over UDP, that says what it is told to and counts what it is asked;
 * what it was not told does not exist (NXDOMAIN with an SOA of 7 s).
 */
public final class NameServer implements AutoCloseable {
  private static final int NO_ERROR = 0;
  private static final int SERVER_FAILURE = 2;
  private static final int NAME_ERROR = 3;
  private static final int A = 1;
  private static final int CNAME = 5;
  private static final int SOA = 6;
  private static final int AAAA = 28;
  private static final int SRV = 33;
  private static final int NAPTR = 35;

  private final DatagramSocket socket;
  private final Map<String, List<Row>> rows = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private volatile int ttl = 300;
  private volatile boolean broken;

  private record Row(int type, byte[] data) {}

  public NameServer() {
    try {
      socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("test-name-server").start(this::serve);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Of all that is said from now on. */
  public NameServer ttl(int seconds) {
    ttl = seconds;
    return this;
  }

  /** Answers with SERVFAIL from now on, or no longer. */
  public void broken(boolean now) {
    broken = now;
  }

  public NameServer address(String name, String address) {
    try {
      byte[] octets = InetAddress.getByName(address).getAddress();
      return row(octets.length == 4 ? A : AAAA, name, octets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public NameServer alias(String name, String of) {
    return row(CNAME, name, written(out -> name(out, of)));
  }

  public NameServer service(String name, int priority, int weight, int port, String target) {
    return row(
        SRV,
        name,
        written(
            out -> {
              out.writeShort(priority);
              out.writeShort(weight);
              out.writeShort(port);
              name(out, target);
            }));
  }

  public NameServer rule(
      String name, int order, int preference, String service, String replacement) {
    return row(
        NAPTR,
        name,
        written(
            out -> {
              out.writeShort(order);
              out.writeShort(preference);
              word(out, "s");
              word(out, service);
              word(out, "");
              name(out, replacement);
            }));
  }

  /** Nothing is said of that name any more. */
  public void forget(String name) {
    rows.remove(name.toLowerCase(Locale.ROOT));
  }

  /** How often that name was asked for, whatever of it. */
  public int asked(String name) {
    AtomicInteger count = asked.get(name.toLowerCase(Locale.ROOT));
    return count == null ? 0 : count.get();
  }

  private NameServer row(int type, String name, byte[] data) {
    rows.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new CopyOnWriteArrayList<>())
        .add(new Row(type, data));
    return this;
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void word(DataOutputStream out, String text) throws IOException {
    out.writeByte(text.length());
    out.writeBytes(text);
  }

  private static void name(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.")) {
      if (!label.isEmpty()) {
        word(out, label);
      }
    }
    out.writeByte(0);
  }

  private void serve() {
    byte[] buffer = new byte[4_096];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        byte[] answer = answer(packet);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private byte[] answer(DatagramPacket packet) throws IOException {
    DataInputStream in =
        new DataInputStream(
            new java.io.ByteArrayInputStream(packet.getData(), 0, packet.getLength()));
    int id = in.readUnsignedShort();
    in.skipNBytes(10);
    StringBuilder asking = new StringBuilder();
    for (int octets = in.readUnsignedByte(); octets > 0; octets = in.readUnsignedByte()) {
      asking.append(asking.isEmpty() ? "" : ".");
      asking.append(new String(in.readNBytes(octets), StandardCharsets.US_ASCII));
    }
    String name = asking.toString().toLowerCase(Locale.ROOT);
    int type = in.readUnsignedShort();
    asked.computeIfAbsent(name, n -> new AtomicInteger()).incrementAndGet();
    return written(out -> write(out, id, name, type));
  }

  private void write(DataOutputStream out, int id, String name, int type) throws IOException {
    List<Row> of = rows.getOrDefault(name, List.of());
    List<Row> said =
        broken
            ? List.of()
            : of.stream().filter(r -> r.type() == type || r.type() == CNAME).toList();
    int code = broken ? SERVER_FAILURE : of.isEmpty() ? NAME_ERROR : NO_ERROR;
    boolean negative = said.isEmpty() && !broken;
    out.writeShort(id);
    out.writeShort(0x8580 | code);
    out.writeShort(1);
    out.writeShort(said.size());
    out.writeShort(negative ? 1 : 0);
    out.writeShort(0);
    name(out, name);
    out.writeShort(type);
    out.writeShort(1);
    for (Row row : said) {
      row(out, row.type(), ttl, row.data());
    }
    if (negative) {
      byte[] soa =
          written(
              more -> {
                name(more, "ns.test");
                name(more, "root.test");
                for (int number : new int[] {1, 2, 3, 4, 7}) {
                  more.writeInt(number);
                }
              });
      row(out, SOA, 60, soa);
    }
  }

  /** The owner is what was asked for, by a pointer to it (RFC 1035 4.1.4). */
  private static void row(DataOutputStream out, int type, int ttl, byte[] data) throws IOException {
    out.writeShort(0xc00c);
    out.writeShort(type);
    out.writeShort(1);
    out.writeInt(ttl);
    out.writeShort(data.length);
    out.write(data);
  }

  @Override
  public void close() {
    socket.close();
  }
}

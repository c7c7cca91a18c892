package io.tandem.protocol.media.capture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the UDP datagrams of a capture: classic pcap of either byte order, in microseconds or
 * nanoseconds, and pcapng, over Ethernet, Linux cooked, loopback or raw IP. IP fragments and other
 * protocols are passed over; a file cut off in the middle gives what is whole.
 */
public final class PcapReader {
  private static final int PCAP_MICROS = 0xa1b2c3d4;
  private static final int PCAP_NANOS = 0xa1b23c4d;
  private static final int PCAP_HEADER_OCTETS = 24;
  private static final int PCAP_RECORD_OCTETS = 16;

  private static final int NG_SECTION = 0x0a0d0d0a;
  private static final int NG_BYTE_ORDER = 0x1a2b3c4d;
  private static final int NG_INTERFACE = 1;
  private static final int NG_ENHANCED_PACKET = 6;
  private static final int NG_OPTION_TIME_RESOLUTION = 9;

  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int PROTOCOL_UDP = 17;

  private final List<CapturedDatagram> datagrams = new ArrayList<>();

  private PcapReader() {}

  /**
   * All UDP datagrams of the file, in its order.
   *
   * @throws IOException when the file cannot be read or is no capture
   */
  public static List<CapturedDatagram> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
    PcapReader reader = new PcapReader();
    if (in.remaining() >= 12 && in.getInt(0) == NG_SECTION) {
      reader.pcapng(in);
    } else if (in.remaining() >= PCAP_HEADER_OCTETS) {
      reader.pcap(in, file);
    } else {
      throw new IOException("too short for a capture: " + file.getFileName());
    }
    return reader.datagrams;
  }

  private void pcap(ByteBuffer in, Path file) throws IOException {
    int magic = in.getInt(0);
    if (magic != PCAP_MICROS && magic != PCAP_NANOS) {
      in.order(ByteOrder.LITTLE_ENDIAN);
      magic = in.getInt(0);
    }
    if (magic != PCAP_MICROS && magic != PCAP_NANOS) {
      throw new IOException("neither pcap nor pcapng: " + file.getFileName());
    }
    int nanosPerTick = magic == PCAP_NANOS ? 1 : 1000;
    int linkType = in.getInt(20) & 0xffff;
    int at = PCAP_HEADER_OCTETS;
    while (at + PCAP_RECORD_OCTETS <= in.limit()) {
      long seconds = in.getInt(at) & 0xffff_ffffL;
      long ticks = in.getInt(at + 4) & 0xffff_ffffL;
      int length = in.getInt(at + 8);
      at += PCAP_RECORD_OCTETS;
      if (length < 0 || length > in.limit() - at) {
        return;
      }
      frame(linkType, Instant.ofEpochSecond(seconds, ticks * nanosPerTick), slice(in, at, length));
      at += length;
    }
  }

  /** What an interface description block says of the packets that name it. */
  private record Interface(int linkType, long ticksPerSecond) {}

  private void pcapng(ByteBuffer in) {
    List<Interface> interfaces = new ArrayList<>();
    int at = 0;
    while (at + 12 <= in.limit()) {
      if (in.getInt(at) == NG_SECTION) {
        in.order(ByteOrder.BIG_ENDIAN);
        if (in.getInt(at + 8) != NG_BYTE_ORDER) {
          in.order(ByteOrder.LITTLE_ENDIAN);
        }
        interfaces.clear();
      }
      int type = in.getInt(at);
      int length = in.getInt(at + 4);
      if (length < 12 || length % 4 != 0 || length > in.limit() - at) {
        return;
      }
      if (type == NG_INTERFACE && length >= 20) {
        interfaces.add(interfaceBlock(in, at, length));
      } else if (type == NG_ENHANCED_PACKET && length >= 32) {
        packetBlock(in, at, length, interfaces);
      }
      at += length;
    }
  }

  private static Interface interfaceBlock(ByteBuffer in, int block, int length) {
    long ticksPerSecond = 1_000_000;
    int at = block + 16;
    while (at + 4 <= block + length - 4) {
      int option = in.getShort(at) & 0xffff;
      int octets = in.getShort(at + 2) & 0xffff;
      if (option == NG_OPTION_TIME_RESOLUTION && octets >= 1 && at + 5 <= block + length) {
        int resolution = in.get(at + 4);
        ticksPerSecond =
            resolution < 0
                ? 1L << Math.min(62, resolution & 0x7f)
                : (long) Math.pow(10, Math.min(18, resolution));
      }
      at += 4 + (octets + 3) / 4 * 4;
    }
    return new Interface(in.getShort(block + 8) & 0xffff, ticksPerSecond);
  }

  private void packetBlock(ByteBuffer in, int block, int length, List<Interface> interfaces) {
    int which = in.getInt(block + 8);
    int captured = in.getInt(block + 20);
    if (which < 0 || which >= interfaces.size() || captured < 0 || captured > length - 32) {
      return;
    }
    Interface seenBy = interfaces.get(which);
    long ticks = ((long) in.getInt(block + 12) << 32) | (in.getInt(block + 16) & 0xffff_ffffL);
    long fraction = ticks % seenBy.ticksPerSecond();
    long nanos = (long) ((double) fraction / seenBy.ticksPerSecond() * 1e9);
    Instant at = Instant.ofEpochSecond(ticks / seenBy.ticksPerSecond(), nanos);
    frame(seenBy.linkType(), at, slice(in, block + 28, captured));
  }

  private static ByteBuffer slice(ByteBuffer in, int at, int length) {
    return in.slice(at, length).order(ByteOrder.BIG_ENDIAN);
  }

  /** One frame: find the IP packet behind the link header (tcpdump.org/linktypes.html). */
  private void frame(int linkType, Instant at, ByteBuffer frame) {
    int ip =
        switch (linkType) {
          case 0, 108 -> 4; // NULL and LOOP: the address family
          case 1 -> ethernetHeader(frame);
          case 12, 101 -> 0; // raw IP
          case 113 -> 16; // Linux cooked
          case 276 -> 20; // Linux cooked, second version
          default -> -1;
        };
    if (ip < 0 || frame.limit() - ip < 20) {
      return;
    }
    ByteBuffer packet = slice(frame, ip, frame.limit() - ip);
    switch ((packet.get(0) >> 4) & 0x0f) {
      case 4 -> ipv4(at, packet);
      case 6 -> ipv6(at, packet);
      default -> {} // ARP and its like
    }
  }

  private static int ethernetHeader(ByteBuffer frame) {
    int at = 12;
    while (at + 2 <= frame.limit()) {
      int type = frame.getShort(at) & 0xffff;
      if (type == 0x8100 || type == 0x88a8) {
        at += 4; // VLAN tag
      } else {
        return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6 ? at + 2 : -1;
      }
    }
    return -1;
  }

  private void ipv4(Instant at, ByteBuffer packet) {
    int header = 4 * (packet.get(0) & 0x0f);
    int total = Math.min(packet.limit(), packet.getShort(2) & 0xffff);
    boolean fragment = (packet.getShort(6) & 0x3fff) != 0;
    if (packet.get(9) != PROTOCOL_UDP || fragment || header < 20) {
      return;
    }
    udp(at, address(packet, 12, 4), address(packet, 16, 4), packet, header, total);
  }

  private void ipv6(Instant at, ByteBuffer packet) {
    if (packet.limit() < 40 || packet.get(6) != PROTOCOL_UDP) {
      return;
    }
    int total = Math.min(packet.limit(), 40 + (packet.getShort(4) & 0xffff));
    udp(at, address(packet, 8, 16), address(packet, 24, 16), packet, 40, total);
  }

  private void udp(
      Instant at,
      @Nullable InetAddress source,
      @Nullable InetAddress destination,
      ByteBuffer packet,
      int header,
      int total) {
    if (source == null || destination == null || total - header < 8) {
      return;
    }
    int length = Math.min(total - header, packet.getShort(header + 4) & 0xffff) - 8;
    if (length < 0) {
      return;
    }
    byte[] payload = new byte[length];
    packet.get(header + 8, payload);
    datagrams.add(
        new CapturedDatagram(
            at,
            new InetSocketAddress(source, packet.getShort(header) & 0xffff),
            new InetSocketAddress(destination, packet.getShort(header + 2) & 0xffff),
            payload));
  }

  private static @Nullable InetAddress address(ByteBuffer packet, int at, int octets) {
    byte[] raw = new byte[octets];
    packet.get(at, raw);
    try {
      return InetAddress.getByAddress(raw);
    } catch (UnknownHostException impossible) {
      return null; // only for lengths other than 4 and 16
    }
  }
}

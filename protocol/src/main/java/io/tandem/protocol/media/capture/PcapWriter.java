package io.tandem.protocol.media.capture;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes UDP datagrams as a classic pcap file over Ethernet and IPv4, with valid checksums: what
 * SIPp's {@code play_pcap_audio} plays and every analyser reads.
 */
public final class PcapWriter {
  private static final int MAGIC_MICROS = 0xa1b2c3d4;
  private static final int LINKTYPE_ETHERNET = 1;
  private static final int SNAP_OCTETS = 65535;
  private static final int FILE_HEADER_OCTETS = 24;
  private static final int RECORD_OCTETS = 16;
  private static final int ETHERNET_OCTETS = 14;
  private static final int IP_OCTETS = 20;
  private static final int UDP_OCTETS = 8;

  private PcapWriter() {}

  /**
   * Writes the datagrams in the order given.
   *
   * @throws IOException when the file cannot be written
   * @throws IllegalArgumentException on an IPv6 address
   */
  public static void write(Path file, List<CapturedDatagram> datagrams) throws IOException {
    int size = FILE_HEADER_OCTETS;
    for (CapturedDatagram datagram : datagrams) {
      size += RECORD_OCTETS + frameOctets(datagram);
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC_MICROS).putShort((short) 2).putShort((short) 4);
    out.putInt(0).putInt(0).putInt(SNAP_OCTETS).putInt(LINKTYPE_ETHERNET);
    for (CapturedDatagram datagram : datagrams) {
      int octets = frameOctets(datagram);
      out.putInt((int) datagram.at().getEpochSecond()).putInt(datagram.at().getNano() / 1000);
      out.putInt(octets).putInt(octets);
      out.put(frame(datagram));
    }
    Files.write(file, out.array());
  }

  private static int frameOctets(CapturedDatagram datagram) {
    return ETHERNET_OCTETS + IP_OCTETS + UDP_OCTETS + datagram.payload().length;
  }

  private static byte[] frame(CapturedDatagram datagram) {
    byte[] source = ipv4(datagram.source().getAddress());
    byte[] destination = ipv4(datagram.destination().getAddress());
    int udpOctets = UDP_OCTETS + datagram.payload().length;
    ByteBuffer out = ByteBuffer.allocate(frameOctets(datagram));
    out.position(12);
    out.putShort((short) 0x0800);
    out.put((byte) 0x45).put((byte) 0).putShort((short) (IP_OCTETS + udpOctets));
    out.putShort((short) 0).putShort((short) 0x4000).put((byte) 64).put((byte) 17);
    out.putShort((short) 0).put(source).put(destination);
    out.putShort((short) datagram.source().getPort());
    out.putShort((short) datagram.destination().getPort());
    out.putShort((short) udpOctets).putShort((short) 0).put(datagram.payload());

    int ip = ETHERNET_OCTETS;
    int udp = ip + IP_OCTETS;
    out.putShort(ip + 10, (short) ~folded(sum(out, ip, IP_OCTETS)));
    // RFC 768: over a pseudo header of addresses, protocol and length; zero is sent as all ones.
    long pseudo = sum(out, ip + 12, 8) + 17 + udpOctets;
    int checksum = ~folded(pseudo + sum(out, udp, udpOctets)) & 0xffff;
    out.putShort(udp + 6, (short) (checksum == 0 ? 0xffff : checksum));
    return out.array();
  }

  private static byte[] ipv4(InetAddress address) {
    if (!(address instanceof Inet4Address)) {
      throw new IllegalArgumentException("only IPv4 is written to a capture");
    }
    return address.getAddress();
  }

  private static long sum(ByteBuffer in, int at, int octets) {
    long sum = 0;
    for (int i = 0; i < octets; i++) {
      int octet = in.get(at + i) & 0xff;
      sum += i % 2 == 0 ? octet << 8 : octet;
    }
    return sum;
  }

  private static int folded(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }
}

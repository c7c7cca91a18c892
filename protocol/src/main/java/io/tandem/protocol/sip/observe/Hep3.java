package io.tandem.protocol.sip.observe;

import io.tandem.protocol.sip.transport.TransportProtocol;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * HEP/EEP version 3 ("Homer Encapsulation Protocol", HEP3 network protocol specification rev. 35):
 * the id, the whole length, then chunks of vendor, type, length and value.
 *
 * @param captureId of this node, for the collector
 * @param key what the collector asks for; empty for none
 */
public record Hep3(int captureId, String key) {
  private static final byte[] ID = {'H', 'E', 'P', '3'};
  private static final int GENERIC = 0;
  private static final int CHUNK_HEAD = 6;
  private static final int FAMILY = 1;
  private static final int PROTOCOL = 2;
  private static final int SOURCE_4 = 3;
  private static final int DESTINATION_4 = 4;
  private static final int SOURCE_6 = 5;
  private static final int DESTINATION_6 = 6;
  private static final int SOURCE_PORT = 7;
  private static final int DESTINATION_PORT = 8;
  private static final int SECONDS = 9;
  private static final int MICROS = 10;
  private static final int PAYLOAD_TYPE = 11;
  private static final int CAPTURE_ID = 12;
  private static final int KEY = 14;
  private static final int PAYLOAD = 15;
  private static final int CORRELATION = 17;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;
  private static final int SIP = 1;

  /** The most that one packet may be: its length has sixteen bits, and UDP takes no more. */
  private static final int OCTETS_MAX = 65_507;

  /**
   * The packet of a message; empty when it is too long for one.
   *
   * @param correlation what all messages of one call share; empty for nothing
   */
  public byte[] packet(
      TransportProtocol protocol,
      InetSocketAddress from,
      InetSocketAddress to,
      Instant at,
      String correlation,
      byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 160);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      boolean six = from.getAddress() instanceof Inet6Address;
      out.write(ID);
      out.writeShort(0);
      octet(out, FAMILY, six ? AF_INET6 : AF_INET);
      octet(out, PROTOCOL, protocol == TransportProtocol.UDP ? IPPROTO_UDP : IPPROTO_TCP);
      chunk(out, six ? SOURCE_6 : SOURCE_4, from.getAddress().getAddress());
      chunk(out, six ? DESTINATION_6 : DESTINATION_4, to.getAddress().getAddress());
      word(out, SOURCE_PORT, from.getPort());
      word(out, DESTINATION_PORT, to.getPort());
      number(out, SECONDS, (int) at.getEpochSecond());
      number(out, MICROS, at.getNano() / 1_000);
      octet(out, PAYLOAD_TYPE, SIP);
      number(out, CAPTURE_ID, captureId);
      text(out, KEY, key);
      text(out, CORRELATION, correlation);
      chunk(out, PAYLOAD, payload);
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory takes what it is given", impossible);
    }
    byte[] packet = bytes.toByteArray();
    if (packet.length > OCTETS_MAX) {
      return new byte[0];
    }
    packet[4] = (byte) (packet.length >> 8);
    packet[5] = (byte) packet.length;
    return packet;
  }

  private static void head(DataOutputStream out, int type, int octets) throws IOException {
    out.writeShort(GENERIC);
    out.writeShort(type);
    out.writeShort(CHUNK_HEAD + octets);
  }

  private static void octet(DataOutputStream out, int type, int value) throws IOException {
    head(out, type, 1);
    out.writeByte(value);
  }

  private static void word(DataOutputStream out, int type, int value) throws IOException {
    head(out, type, 2);
    out.writeShort(value);
  }

  private static void number(DataOutputStream out, int type, int value) throws IOException {
    head(out, type, 4);
    out.writeInt(value);
  }

  private static void text(DataOutputStream out, int type, String value) throws IOException {
    if (!value.isEmpty()) {
      chunk(out, type, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void chunk(DataOutputStream out, int type, byte[] value) throws IOException {
    head(out, type, value.length);
    out.write(value);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Hep3[" + captureId + "]";
  }
}

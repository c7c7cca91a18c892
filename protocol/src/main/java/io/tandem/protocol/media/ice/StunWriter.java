package io.tandem.protocol.media.ice;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes one STUN message, attribute by attribute, in the order they are asked for. */
public final class StunWriter {
  private static final int FAMILY_IPV4 = 1;
  private static final int FAMILY_IPV6 = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);
  private final byte[] transactionId;

  /**
   * @param type method and class
   * @param transactionId 12 octets
   */
  public StunWriter(int type, byte[] transactionId) {
    this.transactionId = transactionId.clone();
    number(type);
    number(0);
    word(StunMessage.MAGIC_COOKIE);
    out.writeBytes(this.transactionId);
  }

  /** An attribute; padded with zeros to whole words. */
  public StunWriter attribute(int type, byte[] value) {
    number(type);
    number(value.length);
    out.writeBytes(value);
    for (int i = value.length; (i & 3) != 0; i++) {
      out.write(0);
    }
    return this;
  }

  /** An attribute of text. */
  public StunWriter text(int type, String value) {
    return attribute(type, value.getBytes(StandardCharsets.UTF_8));
  }

  /** XOR-MAPPED-ADDRESS (RFC 8489 14.2): where the request was seen to come from. */
  public StunWriter xorMappedAddress(InetSocketAddress seen) {
    byte[] host = seen.getAddress().getAddress();
    byte[] value = new byte[4 + host.length];
    value[1] = (byte) (host.length == 4 ? FAMILY_IPV4 : FAMILY_IPV6);
    StunMessage.putNumber(value, 2, seen.getPort() ^ (StunMessage.MAGIC_COOKIE >>> 16));
    for (int i = 0; i < host.length; i++) {
      int pad = i < 4 ? StunMessage.MAGIC_COOKIE >>> (24 - 8 * i) : transactionId[i - 4];
      value[4 + i] = (byte) (host[i] ^ pad);
    }
    return attribute(StunAttribute.XOR_MAPPED_ADDRESS, value);
  }

  /** ERROR-CODE (RFC 8489 14.8). */
  public StunWriter error(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[4 + text.length];
    value[2] = (byte) (code / 100);
    value[3] = (byte) (code % 100);
    System.arraycopy(text, 0, value, 4, text.length);
    return attribute(StunAttribute.ERROR_CODE, value);
  }

  /** UNKNOWN-ATTRIBUTES (RFC 8489 14.9). */
  public StunWriter unknown(List<Integer> types) {
    byte[] value = new byte[2 * types.size()];
    for (int i = 0; i < types.size(); i++) {
      StunMessage.putNumber(value, 2 * i, types.get(i));
    }
    return attribute(StunAttribute.UNKNOWN_ATTRIBUTES, value);
  }

  /** MESSAGE-INTEGRITY over all so far. */
  public StunWriter integrity(StunKey key) {
    byte[] covered = counting(4 + StunKey.SHA1_OCTETS);
    return attribute(StunAttribute.MESSAGE_INTEGRITY, key.sha1(covered));
  }

  /** MESSAGE-INTEGRITY-SHA256 over all so far. */
  public StunWriter integritySha256(StunKey key) {
    byte[] covered = counting(4 + StunKey.SHA256_OCTETS);
    return attribute(StunAttribute.MESSAGE_INTEGRITY_SHA256, key.sha256(covered));
  }

  /** The message, closed with a fingerprint. */
  public byte[] fingerprinted() {
    byte[] covered = counting(8);
    int crc = StunMessage.fingerprint(covered, covered.length);
    number(StunAttribute.FINGERPRINT);
    number(4);
    word(crc);
    return counting(0);
  }

  /** The octets so far, with a length field that counts what is to follow. */
  private byte[] counting(int following) {
    byte[] octets = out.toByteArray();
    StunMessage.putNumber(octets, 2, octets.length - StunMessage.HEADER_OCTETS + following);
    return octets;
  }

  private void number(int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private void word(int value) {
    number(value >>> 16);
    number(value);
  }
}

package io.tandem.protocol.media.voice;

/** Where a leg's packets go: a socket, or a test. */
@FunctionalInterface
public interface PacketDoor {
  /**
   * Sends one RTP packet.
   *
   * @param packet read before the call returns; the array is used again
   */
  void send(byte[] packet, int octets);
}

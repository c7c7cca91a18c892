package io.tandem.protocol.sip.defence;

import java.net.InetAddress;
import java.util.List;

/**
 * How much is borne from whom.
 *
 * @param newRequests requests that open something, from one address
 * @param messages all messages from one address
 * @param refusals early refusals of all together; beyond it nothing is answered, and over UDP on
 *     Linux not even read (ADR 13)
 * @param perAccount attempts to register one user name
 * @param trusted addresses that are neither limited nor banned nor held to their octets
 * @param tracked how many addresses and accounts are told apart
 * @param waitMillis a new request that waited longer is refused with a 503 (OPS-5)
 */
public record DefenceSettings(
    Rate newRequests,
    Rate messages,
    Rate refusals,
    Rate perAccount,
    List<Cidr> trusted,
    int tracked,
    int waitMillis) {

  /** Nobody is held to anything but the waiting time: for what speaks with known peers only. */
  public static final DefenceSettings OPEN =
      new DefenceSettings(
          new Rate(1, 1),
          new Rate(1, 1),
          new Rate(5_000, 5_000),
          new Rate(1, 1),
          List.of(everyone("0.0.0.0/0"), everyone("::/0")),
          1,
          2_000);

  /**
   * 100 new requests a second from an address, 1,000 messages, 2 registrations of a name; 5,000
   * refusals.
   */
  public static final DefenceSettings DEFAULT =
      new DefenceSettings(
          new Rate(100, 500),
          new Rate(1_000, 5_000),
          new Rate(5_000, 5_000),
          new Rate(2, 20),
          List.of(everyone("127.0.0.0/8"), everyone("::1/128")),
          65_536,
          300);

  public DefenceSettings {
    trusted = List.copyOf(trusted);
  }

  private static Cidr everyone(String text) {
    return Cidr.parse(text).orElseThrow();
  }

  boolean trusts(InetAddress address) {
    for (Cidr range : trusted) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}

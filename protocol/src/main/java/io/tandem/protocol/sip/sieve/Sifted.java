package io.tandem.protocol.sip.sieve;

import java.util.List;

/**
 * A method whose requests are dropped when there are too many, and which of them are not.
 *
 * @param method as it stands at the beginning of a request
 * @param spared how Request-URIs begin that are never dropped
 */
public record Sifted(String method, List<String> spared) {
  /**
   * The user part of every Contact of ours: a request within a dialog is sent there (RFC 3261
   * 12.2.1.1), which is how a re-INVITE is told from an INVITE without reading it.
   */
  public static final String CONTACT_USER = "tandem";

  /**
   * What opens something and costs: calls, those to emergency numbers apart (TEL-12), and
   * registrations.
   */
  public static final List<Sifted> OPENING =
      List.of(
          new Sifted(
              "INVITE",
              List.of(
                  "sip:" + CONTACT_USER + "@",
                  "sip:911@",
                  "sip:112@",
                  "sip:933@",
                  "urn:service:sos")),
          new Sifted("REGISTER", List.of()));

  public Sifted {
    spared = List.copyOf(spared);
  }
}

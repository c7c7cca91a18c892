package io.tandem.protocol.sip.sieve;

import java.util.ArrayList;
import java.util.Collection;
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

  /** A program has room for so many numbers. */
  public static final int NUMBERS_MAX = 12;

  /** Of so many characters each. */
  public static final int NUMBER_LENGTH_MAX = 8;

  public Sifted {
    spared = List.copyOf(spared);
  }

  /**
   * What opens something and costs: calls, those to emergency numbers apart (TEL-12), and
   * registrations.
   *
   * @param emergencyNumbers as they are dialled
   * @throws IllegalArgumentException for more or longer ones than a program has room for
   */
  public static List<Sifted> opening(Collection<String> emergencyNumbers) {
    if (emergencyNumbers.size() > NUMBERS_MAX
        || emergencyNumbers.stream().anyMatch(number -> number.length() > NUMBER_LENGTH_MAX)) {
      throw new IllegalArgumentException("at most 12 numbers of 8 characters");
    }
    List<String> spared = new ArrayList<>();
    spared.add("sip:" + CONTACT_USER + "@");
    spared.add("urn:service:sos");
    emergencyNumbers.forEach(number -> spared.add("sip:" + number + "@"));
    return List.of(new Sifted("INVITE", spared), new Sifted("REGISTER", List.of()));
  }
}

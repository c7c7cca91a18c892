package io.tandem.persistence.trunk;

import io.tandem.persistence.journal.Personal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a trunk is used (TEL-3).
 *
 * @param targets SIP URIs with literal addresses, in the order in which they are tried
 * @param login what it challenges us with, and what registers; null where it asks for nothing
 * @param addresses ranges its calls come from, such as {@code 192.0.2.0/24}
 * @param certificates names of the TLS client certificates its calls come with
 * @param callsPerSecond new calls in any second, both ways; null for no limit (MKT-10)
 * @param concurrentCalls calls at the same time, both ways; null for no limit (MKT-10)
 * @param codecs encoding names that are offered to it; empty for all that are offered to us
 * @param routes prefixes of E.164 digits that go out over it, and before which other trunks
 */
public record TrunkTerms(
    List<String> targets,
    @Nullable Login login,
    List<String> addresses,
    List<String> certificates,
    @Nullable Integer callsPerSecond,
    @Nullable Integer concurrentCalls,
    List<String> codecs,
    Numbers numbers,
    List<Route> routes) {

  /**
   * Credentials at the carrier.
   *
   * @param password a secret that has to be said again, so it is sealed and not hashed
   * @param registerSeconds how long a registration is asked for; 0: it is not registered with
   * @param edge name of the edge that registers; empty: every edge does
   */
  public record Login(
      String username, Personal<String> password, int registerSeconds, String edge) {}

  /**
   * How numbers are written towards it and read from it.
   *
   * @param style {@code PLUS}, {@code DIGITS} or {@code NATIONAL}
   * @param country calling code of national numbers, without plus
   * @param trunkPrefix before a national number, such as {@code 0}; may be empty
   * @param internationalPrefix before a foreign number, such as {@code 00} or {@code 011}
   * @param technicalPrefix what the carrier wants before every number it is given; may be empty
   */
  public record Numbers(
      String style,
      String country,
      String trunkPrefix,
      String internationalPrefix,
      String technicalPrefix) {}

  /**
   * Where it leads.
   *
   * @param prefix of E.164 digits; empty for everywhere
   * @param rank the lower goes first among trunks with a prefix of the same length
   */
  public record Route(String prefix, int rank) {}

  /** Whether calls must be admitted by the trunk's entity. */
  public boolean limited() {
    return callsPerSecond != null || concurrentCalls != null;
  }
}

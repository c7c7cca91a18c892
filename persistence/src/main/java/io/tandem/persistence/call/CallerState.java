package io.tandem.persistence.call;

/**
 * The US state a caller is taken to be in, and where that is known from (MKT-2).
 *
 * @param code two-letter code, or empty when it is not known
 */
public record CallerState(String code, Source source) {

  /** Where the state is known from. */
  public enum Source {
    PUBLISHER,
    NUMBER_AREA,
    UNKNOWN
  }

  /** Nobody knows. */
  public static final CallerState UNKNOWN = new CallerState("", Source.UNKNOWN);
}

package io.tandem.node.routing;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.geocoding.PhoneNumberOfflineGeocoder;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.CallerState.Source;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The US state a caller is taken to be in (MKT-2): what the publisher says, else the area of the
 * number, else unknown; the source is kept with it.
 *
 * <p>An unknown state is no state: no agent is licensed there, so nobody is rung, and the trace
 * says {@code NOT_LICENSED}, in an unknown state. That is so for a withheld number, a toll-free
 * one, and one from outside the United States. A licence is a matter of law, so it is not guessed.
 */
public final class CallerStates {

  private static final int NORTH_AMERICA = 1;

  /** The 1, the area and the exchange. */
  private static final int EXCHANGE_DIGITS = 7;

  private static final int EXCHANGES_MAX = 200_000;
  private static final Map<String, Optional<String>> BY_EXCHANGE = new ConcurrentHashMap<>();

  private CallerStates() {}

  /**
   * The caller's state.
   *
   * @param publisherState two-letter code as the publisher gave it; null or not a state when it
   *     gave none
   * @param number the caller's number, E.164 or national; may be empty or no number at all
   */
  public static CallerState of(@Nullable String publisherState, String number) {
    Optional<String> given =
        publisherState == null ? Optional.empty() : UsStates.code(publisherState);
    return given
        .map(code -> new CallerState(code, Source.PUBLISHER))
        .or(() -> ofNumber(number).map(code -> new CallerState(code, Source.NUMBER_AREA)))
        .orElse(CallerState.UNKNOWN);
  }

  /**
   * In North America area and exchange tell the place, so each of them is looked up once: to parse
   * a number costs more than to rank a hundred agents.
   */
  private static Optional<String> ofNumber(String number) {
    if (!isNorthAmerican(number)) {
      return lookUp(number);
    }
    String exchange = number.substring(0, EXCHANGE_DIGITS);
    Optional<String> known = BY_EXCHANGE.get(exchange);
    if (known == null) {
      known = lookUp(number);
      // all there are fit; only numbers that nobody was given could be more
      if (BY_EXCHANGE.size() >= EXCHANGES_MAX) {
        BY_EXCHANGE.clear();
      }
      BY_EXCHANGE.put(exchange, known);
    }
    return known;
  }

  /** Eleven digits with the country's 1 and an area that can be. */
  private static boolean isNorthAmerican(String number) {
    if (number.length() != 11 || number.charAt(0) != '1' || number.charAt(1) < '2') {
      return false;
    }
    for (int i = 1; i < number.length(); i++) {
      if (number.charAt(i) < '0' || number.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  static Optional<String> lookUp(String number) {
    try {
      PhoneNumber parsed = PhoneNumberUtil.getInstance().parse(number, "US");
      return parsed.getCountryCode() == NORTH_AMERICA
          ? UsStates.ofPlace(
              PhoneNumberOfflineGeocoder.getInstance()
                  .getDescriptionForValidNumber(parsed, Locale.US))
          : Optional.empty();
    } catch (NumberParseException notANumber) {
      return Optional.empty();
    }
  }
}

package io.tandem.node.routing;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.geocoding.PhoneNumberOfflineGeocoder;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.CallerState.Source;
import java.util.Locale;
import java.util.Optional;
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

  private static Optional<String> ofNumber(String number) {
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

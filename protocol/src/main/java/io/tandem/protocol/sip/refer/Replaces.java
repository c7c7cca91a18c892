package io.tandem.protocol.sip.refer;

import io.tandem.protocol.sip.dialog.DialogId;
import java.util.Locale;
import java.util.Optional;

/**
 * The dialog that a new one is to take the place of (RFC 3891 section 6.1), as its receiver knows
 * it.
 *
 * @param toTag its receiver's own tag
 * @param fromTag the other side's
 * @param earlyOnly only while that dialog was not answered
 */
public record Replaces(String callId, String toTag, String fromTag, boolean earlyOnly) {

  /** The header's name. */
  public static final String HEADER = "Replaces";

  /** The option tag. */
  public static final String OPTION = "replaces";

  /** A header's value; empty when a part is missing or given twice. */
  public static Optional<Replaces> parse(String value) {
    String[] parts = value.split(";", -1);
    String toTag = null;
    String fromTag = null;
    boolean earlyOnly = false;
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      int equals = part.indexOf('=');
      String name = (equals < 0 ? part : part.substring(0, equals)).strip();
      String given = equals < 0 ? "" : part.substring(equals + 1).strip();
      switch (name.toLowerCase(Locale.ROOT)) {
        case "to-tag" -> {
          if (toTag != null) {
            return Optional.empty();
          }
          toTag = given;
        }
        case "from-tag" -> {
          if (fromTag != null) {
            return Optional.empty();
          }
          fromTag = given;
        }
        case "early-only" -> earlyOnly = true;
        default -> {
          // other parameters mean nothing here (section 6.1: generic-param)
        }
      }
    }
    String callId = parts[0].strip();
    boolean whole =
        toTag != null && fromTag != null && isWord(callId) && isWord(toTag) && isWord(fromTag);
    return whole
        ? Optional.of(
            new Replaces(callId, String.valueOf(toTag), String.valueOf(fromTag), earlyOnly))
        : Optional.empty();
  }

  private static boolean isWord(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',');
  }

  /** The dialog's name at its receiver. */
  public DialogId dialog() {
    return new DialogId(callId, toTag, fromTag);
  }

  /** As it is written. */
  public String value() {
    return callId + ";to-tag=" + toTag + ";from-tag=" + fromTag + (earlyOnly ? ";early-only" : "");
  }
}

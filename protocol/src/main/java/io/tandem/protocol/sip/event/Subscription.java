package io.tandem.protocol.sip.event;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.SipRequest;
import java.util.Locale;
import java.util.Optional;

/**
 * A subscription at the notifier (RFC 6665 section 4.2), in its dialog. Immutable; instants are
 * milliseconds of the caller's clock.
 *
 * @param event the package, lower case: {@code dialog}, {@code message-summary}
 * @param eventId the id parameter of Event; empty without
 * @param endsAtMs when it ends unless it is refreshed
 * @param version of the next notification's document, from 0
 */
public record Subscription(
    Dialog dialog, String event, String eventId, long endsAtMs, long version) {

  /** Longer is granted no longer. */
  public static final long EXPIRES_SECONDS_MAX = 3_600;

  /** Where a SUBSCRIBE names none (RFC 4235 3.4). */
  public static final long EXPIRES_SECONDS = 3_600;

  /** What a SUBSCRIBE asks about: the package, and its id parameter. */
  public record Asked(String event, String id) {

    /** The Event header; empty without one (489 is the answer). */
    public static Optional<Asked> of(SipRequest subscribe) {
      String value = subscribe.header("Event");
      if (value == null || value.isBlank()) {
        return Optional.empty();
      }
      String[] parts = value.split(";", -1);
      String id = "";
      for (int i = 1; i < parts.length; i++) {
        String part = parts[i].strip();
        if (part.toLowerCase(Locale.ROOT).startsWith("id=")) {
          id = part.substring(3);
        }
      }
      return Optional.of(new Asked(parts[0].strip().toLowerCase(Locale.ROOT), id));
    }
  }

  /** How many seconds a SUBSCRIBE is granted: none ends it (4.2.1.1). */
  public static long granted(SipRequest subscribe) {
    long asked = subscribe.expiresSeconds();
    return asked < 0 ? EXPIRES_SECONDS : Math.min(asked, EXPIRES_SECONDS_MAX);
  }

  /** Refreshed by a SUBSCRIBE within its dialog. */
  public Subscription refreshed(Dialog heard, long endsAtMs) {
    return new Subscription(heard, event, eventId, endsAtMs, version);
  }

  /** A notification and the subscription after it. */
  public record Notification(Subscription next, SipRequest.Builder request) {}

  /** Whether it has ended by then. */
  public boolean isOver(long nowMs) {
    return nowMs >= endsAtMs;
  }

  /**
   * The next NOTIFY (4.2.2): what is left of its time, or that it is over. Contact and body are to
   * be added; {@link #version} is the body's.
   */
  public Notification notifying(long nowMs) {
    Dialog.Spoken spoken = dialog.request(SipRequest.NOTIFY);
    long left = Math.max(0, (endsAtMs - nowMs) / 1_000);
    SipRequest.Builder request =
        spoken
            .request()
            .header("Event", eventId.isEmpty() ? event : event + ";id=" + eventId)
            .header(
                "Subscription-State",
                isOver(nowMs) ? "terminated;reason=timeout" : "active;expires=" + left);
    return new Notification(
        new Subscription(spoken.next(), event, eventId, endsAtMs, version + 1), request);
  }
}

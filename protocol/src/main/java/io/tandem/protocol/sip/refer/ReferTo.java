package io.tandem.protocol.sip.refer;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a REFER wants called (RFC 3515 section 2.1).
 *
 * @param target without headers and method
 * @param replaces the dialog to take the place of, for a transfer that was talked over before; null
 *     for a blind one
 */
public record ReferTo(SipUri target, @Nullable Replaces replaces) {

  /**
   * What a REFER says; empty when it names nobody or several (section 2.4.2: 400), wants something
   * else than a call, or a dialog replaced that it does not name whole.
   */
  public static Optional<ReferTo> of(SipRequest refer) {
    List<NameAddress> named = refer.addresses(HeaderName.REFER_TO);
    if (named.size() != 1 || refer.headers().all(HeaderName.REFER_TO).size() != 1) {
      return Optional.empty();
    }
    SipUri uri = named.getFirst().uri();
    String method = uri.params().get("method");
    if (!uri.isSip() || (method != null && !method.equals(SipRequest.INVITE))) {
      return Optional.empty();
    }
    String replaces = replaces(uri.headers());
    SipUri bare =
        new SipUri(
            uri.scheme(), uri.user(), uri.host(), uri.port(), uri.params().without("method"), null);
    if (replaces == null) {
      return Optional.of(new ReferTo(bare, null));
    }
    return Replaces.parse(replaces).map(dialog -> new ReferTo(bare, dialog));
  }

  private static @Nullable String replaces(@Nullable String headers) {
    if (headers == null) {
      return null;
    }
    for (String header : headers.replaceFirst("^\\?", "").split("&", -1)) {
      int equals = header.indexOf('=');
      if (equals > 0 && header.substring(0, equals).toLowerCase(Locale.ROOT).equals("replaces")) {
        return decoded(header.substring(equals + 1));
      }
    }
    return null;
  }

  /** Escapes only: a plus is a plus in a URI of SIP. A broken escape names no dialog. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return "";
    }
  }
}

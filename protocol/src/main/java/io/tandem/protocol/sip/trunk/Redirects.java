package io.tandem.protocol.sip.trunk;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a carrier's redirection is worth (RFC 3261 8.1.3.4): it may name another gateway of its own
 * and another way to write the number, and nothing else, for who is sent elsewhere by a stranger's
 * word pays for calls to wherever that is.
 */
public final class Redirects {
  private static final int FOLLOWED_MAX = 4;

  private Redirects() {}

  /** Whether the contacts of an answer are places to try instead: 300, 301, 302 and 305. */
  public static boolean names(int status) {
    return status == 300 || status == 301 || status == 302 || status == 305;
  }

  /**
   * Where to try instead, the preferred first; none where it names nobody who may be called.
   *
   * @param own whether a URI is an address of the carrier that says so
   */
  public static List<SipUri> of(SipResponse response, Predicate<SipUri> own) {
    if (!names(response.status())) {
      return List.of();
    }
    return response.contacts().stream()
        .sorted(Comparator.comparingInt(contact -> -contact.qThousandths()))
        .map(NameAddress::uri)
        .filter(uri -> uri.isSip() && !uri.userText().isEmpty() && own.test(uri))
        .map(Redirects::plain)
        .distinct()
        .limit(FOLLOWED_MAX)
        .toList();
  }

  /** RFC 3261 19.1.5: headers and a method that a URI carries would be its author's, not ours. */
  private static SipUri plain(SipUri uri) {
    return new SipUri(
        uri.scheme(), uri.user(), uri.host(), uri.port(), uri.params().without("method"), null);
  }
}

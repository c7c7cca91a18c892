package io.tandem.protocol.sip.hops;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way of a call so far, as whom it is sent on to is told (RFC 7044): what came in, the number
 * that was called, and whom that became. What cannot be read is left out, and a way that is too
 * long is forgotten but for its end. Pure.
 */
public final class History {

  private static final int ENTRIES_MAX = 20;
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,4}(\\.[0-9]{1,4}){0,20}");
  private static final SipUri NOBODY = SipUri.sip("anonymous", "anonymous.invalid", -1);

  private History() {}

  /**
   * The values of the header for one branch of an INVITE that is sent on.
   *
   * @param hidden whether the caller asks for privacy: then nothing is said of the way before us
   *     (section 10.1.2)
   * @param becomes whom the called number became: the Request-URI of the branch
   * @param branch counts the branches from 0
   */
  public static List<String> sentOn(SipRequest invite, boolean hidden, SipUri becomes, int branch) {
    List<NameAddress> way = new ArrayList<>();
    if (!hidden) {
      invite.addresses(HeaderName.HISTORY_INFO).stream()
          .filter(entry -> index(entry) != null)
          .map(History::shown)
          .forEach(way::add);
    }
    while (way.size() > ENTRIES_MAX - 2) {
      way.removeFirst();
    }
    NameAddress last = way.isEmpty() ? null : way.getLast();
    if (last == null || !isSame(last.uri(), invite.uri())) {
      // section 9.1: who sent it here did not say where it was going
      way.add(entry(invite.uri(), last == null ? "1" : index(last) + ".1"));
    }
    String called = index(way.getLast());
    way.add(entry(becomes, called + "." + (branch + 1)).withParam("mp", called));
    return way.stream().map(NameAddress::toString).toList();
  }

  private static boolean isSame(SipUri one, SipUri other) {
    return one.userText().equals(other.userText()) && one.host().equalsIgnoreCase(other.host());
  }

  private static NameAddress entry(SipUri uri, String index) {
    return NameAddress.of(uri.bare()).withParam("index", index);
  }

  private static @Nullable String index(NameAddress entry) {
    String index = entry.params().get("index");
    return index != null && INDEX.matcher(index).matches() ? index : null;
  }

  /** Section 10.1.2: an entry that asks not to be shown is nobody's; names are never shown. */
  private static NameAddress shown(NameAddress entry) {
    String headers = entry.uri().headers();
    boolean asks = headers != null && headers.toLowerCase(Locale.ROOT).contains("privacy=");
    return new NameAddress(null, asks ? NOBODY : entry.uri(), entry.params());
  }
}

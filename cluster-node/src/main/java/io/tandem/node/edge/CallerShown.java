package io.tandem.node.edge;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whom a called party is shown as its caller. A caller that asks for privacy is nobody (RFC 3323
 * section 4.2, RFC 3325 section 9.3); what it asserted of itself stays here. That its media and its
 * addresses are not shown (session, header) is so for every call: both end at us. Pure.
 */
final class CallerShown {
  private static final Set<String> HIDING = Set.of("id", "user", "header");
  private static final NameAddress NOBODY =
      NameAddress.of("Anonymous", SipUri.sip("anonymous", "anonymous.invalid", -1));

  private CallerShown() {}

  /** Whether the caller of this INVITE asks not to be shown. */
  static boolean isHidden(SipRequest invite) {
    List<String> asked = invite.headers().all("Privacy");
    return asked.stream()
        .flatMap(value -> Arrays.stream(value.split("[;,]", -1)))
        .map(word -> word.strip().toLowerCase(Locale.ROOT))
        .anyMatch(HIDING::contains);
  }

  /**
   * The From of a call of ours, without its tag.
   *
   * @param own our address with the caller's user, as the called party sees it
   */
  static NameAddress of(SipRequest invite, SipUri own) {
    return isHidden(invite) ? NOBODY : NameAddress.of(invite.from().display(), own);
  }
}

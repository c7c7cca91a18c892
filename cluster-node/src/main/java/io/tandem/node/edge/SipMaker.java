package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Farewell;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.refer.Replaces;
import io.tandem.protocol.sip.reliable.RAck;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sieve.Sifted;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.uas.Capabilities;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What every message of ours has: our Contact towards that peer, what we allow, who we are. */
final class SipMaker {
  /** Methods we take inside and outside dialogs, and the extensions that may be required. */
  static final Capabilities CAPABILITIES =
      new Capabilities(
          List.of(
              "INVITE",
              "ACK",
              "CANCEL",
              "BYE",
              "OPTIONS",
              "INFO",
              "UPDATE",
              "PRACK",
              "REFER",
              "SUBSCRIBE",
              "REGISTER"),
          List.of(SessionPolicy.TIMER, RAck.OPTION, Replaces.OPTION),
          List.of(Sdp.CONTENT_TYPE));

  static final String ALLOW = CAPABILITIES.allow();

  static final String SERVER = "Tandem";

  private final SipTransport transport;

  SipMaker(SipTransport transport) {
    this.transport = transport;
  }

  /** Where that peer reaches us: the user part shows in its call log, and the sieve knows it. */
  NameAddress contact(Target peer) {
    return NameAddress.of(uri(Sifted.CONTACT_USER, peer));
  }

  /** Our address as that peer sees it. */
  SipUri uri(@Nullable String user, Target peer) {
    var bind =
        transport
            .facing(peer)
            .orElseThrow(() -> new IllegalStateException("no socket of ours faces the peer"));
    SipUri uri = SipUri.sip(user, bind.sentByHost(), bind.address().getPort());
    return peer.protocol().isReliable()
        ? uri.withParam("transport", peer.protocol().name().toLowerCase(Locale.ROOT))
        : uri;
  }

  /** A response with our name; 405 says what is allowed. */
  static SipResponse response(SipRequest request, int status, @Nullable String toTag) {
    SipResponse response = SipResponse.to(request, status, toTag).with(HeaderName.SERVER, SERVER);
    return status == 405 || request.is(SipRequest.OPTIONS)
        ? response.with(HeaderName.ALLOW, ALLOW)
        : response;
  }

  /** A refusal that says when to come back and why. */
  static SipResponse later(
      SipRequest request, int status, String toTag, String why, int retryAfterSeconds) {
    return response(request, status, toTag)
        .with(HeaderName.RETRY_AFTER, Integer.toString(retryAfterSeconds))
        .with(HeaderName.REASON, Farewell.reason(status, why));
  }
}

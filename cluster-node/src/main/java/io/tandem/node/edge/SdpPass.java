package io.tandem.node.edge;

import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.sdp.OwnOrigin;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpAnchor;
import io.tandem.protocol.sip.sdp.SdpParser;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One side's session descriptions on their way through the anchor: what this side says tells the
 * relay where its media comes from, what the other side says is shown to it with our address, its
 * own o= line and its own security: the legs of a call agree on keys each for itself.
 */
final class SdpPass {
  private static final SdpParser PARSER = new SdpParser();

  private final RelayLeg leg;
  private final String mediaHost;
  private final LegSecurity security;
  private OwnOrigin origin;
  private @Nullable Sdp shown;
  private @Nullable RemoteParty party;

  SdpPass(RelayLeg leg, LegSecurity security, String mediaHost, long sessionId) {
    this.leg = leg;
    this.security = security;
    this.mediaHost = mediaHost;
    this.origin = OwnOrigin.fresh("tandem", sessionId, mediaHost);
  }

  /** The description a message carries, when it has voice that can be anchored. */
  static Optional<Sdp> of(SipMessage message) {
    return message.hasBody(Sdp.CONTENT_TYPE)
        ? PARSER.parse(message.body()).good().filter(sdp -> sdp.audioEndpoint().isPresent())
        : Optional.empty();
  }

  /** This side's offer, one that can be taken. */
  void heardOffer(Sdp offer, Target signalling) {
    security.heardOffer(offer);
    heard(offer, signalling);
  }

  /** Whether this side's answer to what it was {@link #offered} can be taken. */
  boolean takes(Sdp answer) {
    return security.objection(answer).isEmpty();
  }

  /** This side's answer, one that can be taken. */
  void heardAnswer(Sdp answer, Target signalling) {
    security.heardAnswer(answer);
    heard(answer, signalling);
  }

  /**
   * This side said where it wants its media; who signals from where helps to tell its packets from
   * a stranger's. With ICE its checks say that, not its description.
   */
  private void heard(Sdp sdp, Target signalling) {
    if (security.findsPath()) {
      return;
    }
    InetAddress host =
        switch (signalling) {
          case Flow flow -> flow.remote().getAddress();
          case Destination destination -> destination.address().getAddress();
        };
    sdp.audioEndpoint()
        .flatMap(
            endpoint ->
                Destination.literal(endpoint.address())
                    .map(
                        address ->
                            RemoteParty.phone(
                                new InetSocketAddress(address, endpoint.rtpPort()), host)))
        .map(found -> security.muxesRtcp() ? found.withRtcpMux() : found)
        .ifPresent(this::expect);
  }

  /**
   * Whether packets can be meant to reach this side where it said: not at a private address when it
   * signals from a public one, for it is behind NAT then and heard before it can be sent to.
   */
  boolean isDescribedWithinReach() {
    RemoteParty known = party;
    return known == null || Reach.isWithin(known.rtp().getAddress(), known.signallingHost());
  }

  private void expect(RemoteParty next) {
    party = next;
    leg.expect(next);
  }

  /** What this side speaks runs by that clock, which its jitter is measured with. */
  void clockRate(int hertz) {
    RemoteParty known = party;
    if (known != null && known.clockRateHz() != hertz) {
      expect(known.withClockRate(hertz));
    }
  }

  /** What the other side said, as an offer to this side. */
  byte[] offered(Sdp otherSide) {
    shown = otherSide;
    return issued(security.offer(anchored(otherSide)));
  }

  /** What the other side said, as the answer to this side's offer. */
  byte[] answered(Sdp otherSide) {
    shown = otherSide;
    return issued(security.answer(anchored(otherSide)));
  }

  /** What was shown last, as an offer once more. */
  byte[] offeredAgain() {
    return offered(lastShown());
  }

  /** What was shown last, as an answer once more. */
  byte[] answeredAgain() {
    return answered(lastShown());
  }

  private Sdp lastShown() {
    return Objects.requireNonNull(shown, "nothing was described to this side yet");
  }

  private Sdp anchored(Sdp otherSide) {
    return SdpAnchor.at(mediaHost, leg.localPort()).anchor(otherSide);
  }

  private byte[] issued(Sdp sdp) {
    OwnOrigin.Issued issued = origin.issue(sdp);
    origin = issued.origin();
    return issued.sdp().bytes();
  }

  /** The call is over; handshakes end. */
  void close() {
    security.close();
  }
}

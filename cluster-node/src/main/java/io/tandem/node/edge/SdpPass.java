package io.tandem.node.edge;

import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
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
import java.util.Optional;

/**
 * One side's session descriptions on their way through the anchor: what this side says tells the
 * relay where its media comes from, what the other side says is shown to it with our address and
 * its own o= line.
 */
final class SdpPass {
  private static final SdpParser PARSER = new SdpParser();

  private final RelayLeg leg;
  private final String mediaHost;
  private OwnOrigin origin;

  SdpPass(RelayLeg leg, String mediaHost, long sessionId) {
    this.leg = leg;
    this.mediaHost = mediaHost;
    this.origin = OwnOrigin.fresh("tandem", sessionId, mediaHost);
  }

  /** The description a message carries, when it has voice that can be anchored. */
  static Optional<Sdp> of(SipMessage message) {
    return message.hasBody(Sdp.CONTENT_TYPE)
        ? PARSER.parse(message.body()).good().filter(sdp -> sdp.audioEndpoint().isPresent())
        : Optional.empty();
  }

  /**
   * This side said where it wants its media; who signals from where helps to tell its packets from
   * a stranger's.
   */
  void heard(Sdp sdp, Target signalling) {
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
        .ifPresent(leg::expect);
  }

  /** What the other side said, as this side is to see it. */
  byte[] shown(Sdp otherSide) {
    OwnOrigin.Issued issued =
        origin.issue(SdpAnchor.at(mediaHost, leg.localPort()).anchor(otherSide));
    origin = issued.origin();
    return issued.sdp().bytes();
  }
}

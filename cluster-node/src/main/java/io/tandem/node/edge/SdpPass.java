package io.tandem.node.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.secure.GuardCount;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.sdp.MediaEndpoint;
import io.tandem.protocol.sip.sdp.OwnOrigin;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpAnchor;
import io.tandem.protocol.sip.sdp.SdpParser;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
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
  private static final int LAST_PORT = 65_535;

  private final RelayLeg leg;
  private final String mediaHost;
  private final MeterRegistry meters;
  private final LegSecurity security;
  private OwnOrigin origin;
  private @Nullable Sdp shown;
  private @Nullable RemoteParty party;
  private boolean closed;

  /**
   * @param meters told once, when the call is over, how often the leg's guard did what
   */
  SdpPass(
      RelayLeg leg, LegSecurity security, String mediaHost, long sessionId, MeterRegistry meters) {
    this.leg = leg;
    this.meters = meters;
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
        .flatMap(endpoint -> described(endpoint, host))
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

  /** RTCP goes where a=rtcp says (RFC 3605), else to the port above. */
  private static Optional<RemoteParty> described(MediaEndpoint endpoint, InetAddress host) {
    Optional<RemoteParty> party =
        Destination.literal(endpoint.address())
            .map(
                address ->
                    RemoteParty.phone(new InetSocketAddress(address, endpoint.rtpPort()), host));
    int port = endpoint.rtcpPort();
    Optional<InetAddress> reports =
        port > 0 && port <= LAST_PORT
            ? Destination.literal(endpoint.rtcpAddress())
            : Optional.empty();
    return reports.isEmpty()
        ? party
        : party.map(known -> known.withRtcp(new InetSocketAddress(reports.get(), port)));
  }

  private void expect(RemoteParty next) {
    party = next;
    leg.expect(next);
  }

  /** What this side speaks runs by that clock, which its jitter is measured with. */
  void clockRate(int hertz) {
    if (security.findsPath()) {
      security.clockRate(hertz);
      return;
    }
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
    security
        .guard()
        .filter(guard -> !closed)
        .ifPresent(
            guard -> {
              for (GuardCount what : GuardCount.values()) {
                count(what, guard.count(what));
              }
            });
    closed = true;
    security.close();
  }

  private void count(GuardCount what, long times) {
    if (times > 0) {
      String name = what.name().toLowerCase(Locale.ROOT).replace('_', '-');
      meters.counter("tandem.media.guard", "what", name).increment(times);
    }
  }
}

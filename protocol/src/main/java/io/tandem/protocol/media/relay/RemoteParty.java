package io.tandem.protocol.media.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who a leg expects to hear, as the last offer/answer said, and how far a source may differ from
 * that.
 *
 * @param rtp address and port of the SDP's media line, resolved
 * @param rtcp from {@code a=rtcp} (RFC 3605), else the port above
 * @param learning which other sources may be learned
 * @param signallingHost the host its SIP comes from, where it is known; a second trusted host
 * @param clockRateHz RTP ticks a second of the negotiated codec, for the jitter
 * @param rtcpMux RTCP shares the RTP port (RFC 5761)
 * @param proven whether it has answered from the RTP address, as ICE's checks do
 */
public record RemoteParty(
    InetSocketAddress rtp,
    InetSocketAddress rtcp,
    Learning learning,
    @Nullable InetAddress signallingHost,
    int clockRateHz,
    boolean rtcpMux,
    boolean proven) {

  /** How far the first source may differ from the negotiated address. */
  public enum Learning {
    /** Only the negotiated address and port: trunks and peers without NAT. */
    NEGOTIATED,
    /** Any port of the negotiated host or of the host the signalling comes from: phones. */
    TRUSTED_HOST,
    /** The first source that speaks within the learning window: media behind another address. */
    FIRST_SPEAKER
  }

  /** How well a source fits; a higher rank may displace a lower one, see {@link SourceLatch}. */
  static final int RANK_NONE = 0;

  static final int RANK_FIRST_SPEAKER = 1;
  private static final int RANK_TRUSTED_HOST = 2;
  static final int RANK_NEGOTIATED = 3;

  /**
   * @throws IllegalArgumentException on unresolved addresses or a clock rate below one
   */
  public RemoteParty {
    if (rtp.isUnresolved() || rtcp.isUnresolved()) {
      throw new IllegalArgumentException("a remote party needs resolved addresses");
    }
    if (clockRateHz <= 0) {
      throw new IllegalArgumentException("clockRateHz must be positive: " + clockRateHz);
    }
  }

  /** A trunk or gateway: exactly the negotiated address, 8 kHz clock, RTCP on the next port. */
  public static RemoteParty trunk(InetSocketAddress rtp) {
    return new RemoteParty(rtp, next(rtp), Learning.NEGOTIATED, null, 8000, false, false);
  }

  /**
   * A phone that may sit behind NAT: any port of its own or its signalling's host can be learned.
   */
  public static RemoteParty phone(InetSocketAddress rtp, InetAddress signallingHost) {
    return new RemoteParty(
        rtp, next(rtp), Learning.TRUSTED_HOST, signallingHost, 8000, false, false);
  }

  /** A party whose media comes from an address nobody announced: the first speaker is learned. */
  public static RemoteParty roaming(InetSocketAddress rtp, @Nullable InetAddress signallingHost) {
    return new RemoteParty(
        rtp, next(rtp), Learning.FIRST_SPEAKER, signallingHost, 8000, false, false);
  }

  /** The same party with an RTCP address of its own ({@code a=rtcp}). */
  public RemoteParty withRtcp(InetSocketAddress address) {
    return new RemoteParty(rtp, address, learning, signallingHost, clockRateHz, rtcpMux, proven);
  }

  /** The same party with RTP and RTCP on one port ({@code a=rtcp-mux}). */
  public RemoteParty withRtcpMux() {
    return new RemoteParty(rtp, rtp, learning, signallingHost, clockRateHz, true, proven);
  }

  /** The same party with another RTP clock, 48000 for Opus. */
  public RemoteParty withClockRate(int hertz) {
    return new RemoteParty(rtp, rtcp, learning, signallingHost, hertz, rtcpMux, proven);
  }

  /** The same party after it has proven that it is at its RTP address (ICE, RFC 8445). */
  public RemoteParty asProven() {
    return new RemoteParty(rtp, rtcp, learning, signallingHost, clockRateHz, rtcpMux, true);
  }

  /** Whether its media is surely where it says: no NAT between its signalling and us. */
  boolean isAddressKnown() {
    return proven || learning == Learning.NEGOTIATED || rtp.getAddress().equals(signallingHost);
  }

  /** Whether packets can be sent there: not 0.0.0.0 and not port 0. */
  static boolean sendable(InetSocketAddress address) {
    return address.getPort() != 0 && !address.getAddress().isAnyLocalAddress();
  }

  /**
   * How well a source fits this party.
   *
   * @param learningOpen whether a first speaker may still be learned
   */
  int rank(InetSocketAddress source, boolean learningOpen) {
    if (source.equals(rtp)) {
      return RANK_NEGOTIATED;
    }
    if (learning == Learning.NEGOTIATED) {
      return RANK_NONE;
    }
    InetAddress host = source.getAddress();
    if (host.equals(rtp.getAddress()) || host.equals(signallingHost)) {
      return RANK_TRUSTED_HOST;
    }
    return learning == Learning.FIRST_SPEAKER && learningOpen ? RANK_FIRST_SPEAKER : RANK_NONE;
  }

  private static InetSocketAddress next(InetSocketAddress rtp) {
    int port = rtp.getPort();
    return new InetSocketAddress(rtp.getAddress(), port == 0 || port == 65535 ? 0 : port + 1);
  }
}

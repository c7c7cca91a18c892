package io.tandem.protocol.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Lets an offer or answer pass through a media anchor: the first live audio stream is sent to the
 * anchor's ports, codecs, keys and unknown lines stay as they are, and what would lead media around
 * the anchor is taken out. Other streams are refused with port 0 in their place, so that the answer
 * has as many as the offer (RFC 3264 6).
 *
 * @param address the anchor's own address as this side sees it, a literal
 * @param rtpPort the anchor's RTP port for this side
 * @param rtcpPort the anchor's RTCP port for this side; the RTP port when it multiplexes
 * @param rtcpMux what happens to a=rtcp-mux
 */
public record SdpAnchor(String address, int rtpPort, int rtcpPort, RtcpMux rtcpMux) {

  /** Whether RTCP may share the RTP port on its way through the anchor. */
  public enum RtcpMux {
    /** The line goes: RTCP comes to its own port. The safe choice for a plain relay. */
    DROP,
    /**
     * The line stays where there is one: the anchor must tell RTP from RTCP itself (RFC 5761 4).
     */
    KEEP
  }

  /** Candidates and bundles name other ports than the anchor's (RFC 8839, RFC 9143). */
  private static final Set<String> AROUND_THE_ANCHOR =
      Set.of(
          "candidate",
          "remote-candidates",
          "end-of-candidates",
          "ice-ufrag",
          "ice-pwd",
          "ice-options",
          "ice-lite",
          "ice-mismatch",
          "ice-pacing",
          "bundle-only",
          "rtcp",
          "rtcp-mux-only");

  /** An anchor with RTCP one above RTP and no multiplexing. */
  public static SdpAnchor at(String address, int rtpPort) {
    return new SdpAnchor(address, rtpPort, rtpPort + 1, RtcpMux.DROP);
  }

  /**
   * The description as the other side of the anchor is to see it; its o= line is the caller's
   * business.
   */
  public Sdp anchor(Sdp sdp) {
    MediaDescription audio = sdp.audio().orElse(null);
    List<MediaDescription> media = new ArrayList<>(sdp.media().size());
    boolean done = false;
    for (MediaDescription medium : sdp.media()) {
      boolean chosen = !done && medium.equals(audio);
      media.add(chosen ? anchored(sdp, medium) : medium.rejected());
      done |= chosen;
    }
    return new Sdp(sessionLines(sdp), media);
  }

  private List<SdpLine> sessionLines(Sdp sdp) {
    List<SdpLine> lines = new ArrayList<>(sdp.session().size() + 1);
    boolean connected = false;
    for (SdpLine line : sdp.session()) {
      if (line.type() == 'c') {
        continue;
      }
      // RFC 8866 5: c= comes after v o s i u e p, and before all others
      if (!connected && "vosiuep".indexOf(line.type()) < 0) {
        lines.add(connection());
        connected = true;
      }
      if (!leadsAround(line) && !line.value().startsWith("group:BUNDLE")) {
        lines.add(line);
      }
    }
    if (!connected) {
      lines.add(connection());
    }
    return lines;
  }

  private MediaDescription anchored(Sdp sdp, MediaDescription medium) {
    List<SdpLine> lines = new ArrayList<>(medium.lines().size() + 1);
    boolean mux = rtcpMux == RtcpMux.KEEP && medium.attribute("rtcp-mux") != null;
    for (SdpLine line : medium.lines()) {
      boolean muxDropped = line.isAttribute("rtcp-mux") && !mux;
      if (line.type() != 'c' && !leadsAround(line) && !muxDropped && !Direction.isOne(line)) {
        lines.add(line);
      }
    }
    int ownRtcpPort = mux ? rtpPort : rtcpPort;
    if (ownRtcpPort != rtpPort + 1) {
      lines.add(SdpLine.attribute("rtcp:" + ownRtcpPort));
    }
    // c=0.0.0.0 became our address: what it meant is said by the direction (RFC 3264 8.4)
    lines.add(SdpLine.attribute(sdp.direction(medium).token()));
    return new MediaDescription(medium.media().withPort(rtpPort), lines);
  }

  private SdpLine connection() {
    return new SdpLine('c', Connection.of(address).value());
  }

  private static boolean leadsAround(SdpLine line) {
    if (line.type() != 'a') {
      return false;
    }
    int colon = line.value().indexOf(':');
    return AROUND_THE_ANCHOR.contains(colon < 0 ? line.value() : line.value().substring(0, colon));
  }
}

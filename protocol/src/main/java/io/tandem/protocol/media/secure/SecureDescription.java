package io.tandem.protocol.media.secure;

import io.tandem.protocol.media.dtls.DtlsFingerprint;
import io.tandem.protocol.media.ice.IceLite;
import io.tandem.protocol.sip.sdp.MediaDescription;
import io.tandem.protocol.sip.sdp.MediaLine;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the security of one leg into a description that came from the other. */
final class SecureDescription {
  /** What belongs to the path of the leg it came from, and would be a lie on this one. */
  private static final Set<String> OF_THE_OTHER_LEG =
      Set.of(
          "crypto",
          "fingerprint",
          "setup",
          "tls-id",
          "identity",
          "key-mgmt",
          "zrtp-hash",
          "connection",
          "rtcp-mux",
          "rtcp-rsize",
          "rtcp-fb",
          "extmap",
          "extmap-allow-mixed",
          "ssrc",
          "ssrc-group",
          "msid",
          "msid-semantic",
          "ice-ufrag",
          "ice-pwd",
          "ice-lite",
          "ice-options",
          "candidate",
          "end-of-candidates");

  /** The highest priority a host candidate of component 1 can have (RFC 8445 5.1.2.1). */
  private static final long HOST_PRIORITY = (126L << 24) + (65_535L << 8) + 255;

  /**
   * The lines to add.
   *
   * @param muxed RTCP shares the port, so no {@code a=rtcp} stays
   */
  record Lines(List<String> session, List<String> media, boolean muxed) {
    Lines {
      session = List.copyOf(session);
      media = List.copyOf(media);
    }
  }

  static final Lines PLAIN = new Lines(List.of(), List.of(), false);

  private SecureDescription() {}

  static Lines crypto(List<CryptoLine> lines) {
    return new Lines(
        List.of(), lines.stream().map(line -> "crypto:" + line.value()).toList(), false);
  }

  /**
   * @param agent null for a peer without ICE
   */
  static Lines dtls(
      DtlsFingerprint fingerprint,
      String setup,
      @Nullable IceLite agent,
      String host,
      int rtpPort) {
    List<String> media = new ArrayList<>(8);
    media.add("rtcp-mux");
    media.add("fingerprint:" + fingerprint.value());
    media.add("setup:" + setup);
    if (agent == null) {
      return new Lines(List.of(), media, true);
    }
    media.add("ice-ufrag:" + agent.own().ufrag());
    media.add("ice-pwd:" + agent.own().password());
    media.add("candidate:1 1 udp " + HOST_PRIORITY + ' ' + host + ' ' + rtpPort + " typ host");
    media.add("end-of-candidates");
    return new Lines(List.of("ice-lite"), media, true);
  }

  /** The description with another protocol and these lines in its first live audio. */
  static Sdp dress(Sdp anchored, String protocol, Lines lines) {
    List<SdpLine> session = new ArrayList<>(anchored.session().size() + 1);
    for (SdpLine line : anchored.session()) {
      if (!isOfTheOtherLeg(line)) {
        session.add(line);
      }
    }
    lines.session().forEach(value -> session.add(new SdpLine('a', value)));
    MediaDescription audio = anchored.audio().orElse(null);
    List<MediaDescription> media = new ArrayList<>(anchored.media().size());
    boolean done = false;
    for (MediaDescription medium : anchored.media()) {
      boolean chosen = !done && medium.equals(audio);
      media.add(chosen ? dressed(medium, protocol, lines) : medium);
      done |= chosen;
    }
    return new Sdp(session, media);
  }

  /** Without the lines that carry keys or passwords; sessions may carry a {@code k=}, too. */
  static Sdp withoutKeys(Sdp sdp) {
    return new Sdp(
        withoutKeys(sdp.session()),
        sdp.media().stream()
            .map(medium -> new MediaDescription(medium.media(), withoutKeys(medium.lines())))
            .toList());
  }

  private static List<SdpLine> withoutKeys(List<SdpLine> lines) {
    return lines.stream()
        .filter(
            line ->
                line.type() != 'k'
                    && !(line.type() == 'a'
                        && (line.value().startsWith("crypto:")
                            || line.value().startsWith("ice-pwd:")
                            || line.value().startsWith("key-mgmt:"))))
        .toList();
  }

  private static MediaDescription dressed(MediaDescription medium, String protocol, Lines lines) {
    MediaLine line = medium.media();
    List<SdpLine> kept = new ArrayList<>(medium.lines().size() + lines.media().size());
    for (SdpLine attribute : medium.lines()) {
      boolean rtcp = lines.muxed() && attribute.value().startsWith("rtcp:");
      if (!isOfTheOtherLeg(attribute) && !rtcp) {
        kept.add(attribute);
      }
    }
    lines.media().forEach(value -> kept.add(new SdpLine('a', value)));
    return new MediaDescription(
        new MediaLine(line.kind(), line.port(), line.portCount(), protocol, line.formats()), kept);
  }

  private static boolean isOfTheOtherLeg(SdpLine line) {
    if (line.type() != 'a') {
      return false;
    }
    int colon = line.value().indexOf(':');
    return OF_THE_OTHER_LEG.contains(colon < 0 ? line.value() : line.value().substring(0, colon));
  }
}

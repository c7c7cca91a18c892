package io.tandem.protocol.media.secure;

import io.tandem.protocol.media.dtls.DtlsFingerprint;
import io.tandem.protocol.media.dtls.DtlsRole;
import io.tandem.protocol.media.ice.IceCredentials;
import io.tandem.protocol.sip.sdp.MediaDescription;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a description says about the security of its first live audio. */
sealed interface DescribedSecurity {
  /** Nothing: RTP as it is. */
  record Plain() implements DescribedSecurity {}

  /**
   * Keys in the description (RFC 4568).
   *
   * @param lines the ones we can follow, in order of preference; at least one
   */
  record Sdes(List<CryptoLine> lines) implements DescribedSecurity {}

  /**
   * Keys by a handshake (RFC 5763).
   *
   * @param setup the word, {@code actpass} when none is there
   * @param ice null for a peer without ICE
   */
  record Dtls(List<DtlsFingerprint> fingerprints, String setup, @Nullable IceCredentials ice)
      implements DescribedSecurity {}

  /** Something we cannot follow. */
  record Refused(String reason) implements DescribedSecurity {}

  static DescribedSecurity of(Sdp sdp) {
    MediaDescription audio = sdp.audio().orElse(null);
    if (audio == null) {
      return new Refused("no live audio");
    }
    String protocol = audio.media().protocol();
    boolean secure = protocol.contains("SAVP");
    List<String> fingerprints = all(sdp, audio, "fingerprint");
    if (protocol.startsWith("UDP/TLS/") || (secure && !fingerprints.isEmpty())) {
      return dtls(sdp, audio, fingerprints);
    }
    List<CryptoLine> lines = new ArrayList<>(2);
    String reason = "RTP/SAVP without keys";
    for (String value : audio.attributes("crypto")) {
      switch (CryptoLine.read(value)) {
        case CryptoLine.Reading.Good(CryptoLine line) -> lines.add(line);
        case CryptoLine.Reading.Refused(String why) -> reason = why;
      }
    }
    if (!lines.isEmpty()) {
      return new Sdes(lines);
    }
    return secure ? new Refused(reason) : new Plain();
  }

  private static DescribedSecurity dtls(Sdp sdp, MediaDescription audio, List<String> values) {
    List<DtlsFingerprint> fingerprints =
        values.stream().map(DtlsFingerprint::parse).flatMap(Optional::stream).toList();
    if (fingerprints.isEmpty()) {
      return new Refused("no fingerprint of SHA-256 or better");
    }
    if (audio.attribute("rtcp-mux") == null) {
      return new Refused("DTLS-SRTP without rtcp-mux");
    }
    String setup = first(sdp, audio, "setup");
    String ufrag = first(sdp, audio, "ice-ufrag");
    String password = first(sdp, audio, "ice-pwd");
    IceCredentials ice = null;
    if (ufrag != null && password != null) {
      if (!IceCredentials.areValid(ufrag, password)) {
        return new Refused("malformed ICE credentials");
      }
      ice = new IceCredentials(ufrag, password);
    }
    return new Dtls(fingerprints, setup == null ? DtlsRole.EITHER : setup.strip(), ice);
  }

  /** The medium's own, else the session's. */
  private static @Nullable String first(Sdp sdp, MediaDescription audio, String name) {
    List<String> values = all(sdp, audio, name);
    return values.isEmpty() ? null : values.getFirst();
  }

  private static List<String> all(Sdp sdp, MediaDescription audio, String name) {
    List<String> own = audio.attributes(name);
    if (!own.isEmpty()) {
      return own;
    }
    String prefix = name + ':';
    return sdp.session().stream()
        .filter(line -> line.type() == 'a' && line.value().startsWith(prefix))
        .map(SdpLine::value)
        .map(value -> value.substring(prefix.length()))
        .toList();
  }
}

package io.tandem.protocol.media.secure;

import io.tandem.protocol.media.dtls.DtlsFingerprint;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.dtls.DtlsRole;
import io.tandem.protocol.media.dtls.DtlsTerms;
import io.tandem.protocol.media.ice.IceCredentials;
import io.tandem.protocol.media.ice.IceLite;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.srtp.SrtpKeys;
import io.tandem.protocol.media.srtp.SrtpOpener;
import io.tandem.protocol.media.srtp.SrtpProfile;
import io.tandem.protocol.sip.sdp.Sdp;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The security of one leg through all its offers and answers (RFC 3264 with RFC 4568, 5763, 8839).
 * What the other leg of the call has is none of its business. On the edge's loop only.
 *
 * <p>Where we answer: {@link #heardOffer}, then {@link #answer}. Where we offer: {@link #offer},
 * then {@link #heardAnswer}. A refused description changes nothing.
 */
public final class LegSecurity implements AutoCloseable {
  /** What we offer, best first; counter mode makes no garbage (ADR 9). */
  private static final List<SrtpProfile> OFFERED =
      List.of(
          SrtpProfile.AES_CM_128_HMAC_SHA1_80,
          SrtpProfile.AES_256_CM_HMAC_SHA1_80,
          SrtpProfile.AEAD_AES_256_GCM,
          SrtpProfile.AEAD_AES_128_GCM,
          SrtpProfile.AES_CM_128_HMAC_SHA1_32);

  private final RelayLeg leg;
  private final SecurityPolicy policy;
  private final DtlsIdentity identity;
  private final SecureRandom random;
  private final LongSupplier nanoClock;
  private final String host;

  private @Nullable LegGuard guard;
  private @Nullable IceLite agent;
  private @Nullable String remoteUfrag;
  private @Nullable Handshakes handshakes;
  private List<CryptoLine> ownLines = List.of();
  private @Nullable SrtpKeys theirKeys;
  private @Nullable String protocol;
  private boolean dtlsOffered;
  private DescribedSecurity agreed = new DescribedSecurity.Plain();

  /**
   * A leg that has agreed nothing yet.
   *
   * @param host our media address as the leg sees it, a literal
   * @param nanoClock the relay's
   */
  public LegSecurity(
      RelayLeg leg,
      SecurityPolicy policy,
      DtlsIdentity identity,
      SecureRandom random,
      LongSupplier nanoClock,
      String host) {
    this.leg = leg;
    this.policy = policy;
    this.identity = identity;
    this.random = random;
    this.nanoClock = nanoClock;
    this.host = host;
  }

  /** Why an offer cannot be taken, for a 488; empty when it can. */
  public static Optional<String> objection(Sdp offer, SecurityPolicy policy) {
    return switch (DescribedSecurity.of(offer)) {
      case DescribedSecurity.Refused(String reason) -> Optional.of(reason);
      case DescribedSecurity.Plain plain when !policy.takesPlain() ->
          Optional.of("media must be encrypted here");
      case DescribedSecurity.Dtls dtls when DtlsRole.answering(dtls.setup()).isEmpty() ->
          Optional.of("this a=setup cannot be answered");
      default -> Optional.empty();
    };
  }

  /** Why an answer to our offer cannot be taken; empty when it can. */
  public Optional<String> objection(Sdp answer) {
    return switch (DescribedSecurity.of(answer)) {
      case DescribedSecurity.Refused(String reason) -> Optional.of(reason);
      case DescribedSecurity.Plain plain
          when !policy.takesPlain() || offeredProtocol().contains("SAVP") ->
          Optional.of("an encrypted offer was answered in clear");
      case DescribedSecurity.Plain plain -> Optional.empty();
      case DescribedSecurity.Sdes sdes when ownLine(sdes.lines().getFirst()) == null ->
          Optional.of("a crypto line was answered that was not offered");
      case DescribedSecurity.Sdes sdes -> Optional.empty();
      case DescribedSecurity.Dtls dtls
          when !dtlsOffered || DtlsRole.answered(dtls.setup()).isEmpty() ->
          Optional.of("DTLS was answered that was not offered");
      case DescribedSecurity.Dtls dtls -> Optional.empty();
    };
  }

  /** The description without what protects media, for storing: keys are in no event (PRV-4). */
  public static Sdp withoutKeys(Sdp sdp) {
    return SecureDescription.withoutKeys(sdp);
  }

  /** The peer's offer, one without {@link #objection}. */
  public void heardOffer(Sdp offer) {
    DescribedSecurity said = DescribedSecurity.of(offer);
    protocol = offer.audio().map(audio -> audio.media().protocol()).orElse("RTP/AVP");
    switch (said) {
      case DescribedSecurity.Refused refused -> {
        return;
      }
      case DescribedSecurity.Plain plain -> plain();
      case DescribedSecurity.Sdes sdes -> {
        CryptoLine theirs = sdes.lines().getFirst();
        boolean sameKeys = theirs.keys().equals(theirKeys) && ownLines.size() == 1;
        // Their keys are new, so ours are, too
        SrtpKeys ours =
            sameKeys
                ? ownLines.getFirst().keys()
                : SrtpKeys.random(theirs.keys().profile(), random);
        sdes(new CryptoLine(theirs.tag(), ours, theirs.lifetimePackets()), theirs);
      }
      case DescribedSecurity.Dtls dtls ->
          dtls(dtls, DtlsRole.answering(dtls.setup()).orElse(DtlsRole.PASSIVE), offer);
    }
    agreed = said;
  }

  /** The peer's answer, one without {@link #objection}. */
  public void heardAnswer(Sdp answer) {
    DescribedSecurity said = DescribedSecurity.of(answer);
    switch (said) {
      case DescribedSecurity.Refused refused -> {
        return;
      }
      case DescribedSecurity.Plain plain -> plain();
      case DescribedSecurity.Sdes sdes -> {
        CryptoLine theirs = sdes.lines().getFirst();
        CryptoLine ours = ownLine(theirs);
        if (ours == null) {
          return;
        }
        sdes(ours, theirs);
      }
      case DescribedSecurity.Dtls dtls ->
          dtls(dtls, DtlsRole.answered(dtls.setup()).orElse(DtlsRole.PASSIVE), answer);
    }
    agreed = said;
  }

  /** Whether ICE finds the peer's address, so that the description's must not be expected. */
  public boolean findsPath() {
    return agreed instanceof DescribedSecurity.Dtls dtls && dtls.ice() != null;
  }

  /** What was agreed runs by that clock, which the path that ICE finds is measured with. */
  public void clockRate(int hertz) {
    if (guard != null) {
      guard.clockRate(hertz);
    }
  }

  /** Whether RTCP shares the RTP port on this leg. */
  public boolean muxesRtcp() {
    return agreed instanceof DescribedSecurity.Dtls;
  }

  /** What passes this leg's packets; empty for a plain leg. */
  public Optional<LegGuard> guard() {
    return agreed instanceof DescribedSecurity.Plain
        ? Optional.empty()
        : Optional.ofNullable(guard);
  }

  /** Our answer: the anchored description of the other leg, with this leg's security. */
  public Sdp answer(Sdp anchored) {
    String own = protocol == null ? "RTP/AVP" : protocol;
    return SecureDescription.dress(
        anchored,
        own,
        switch (agreed) {
          case DescribedSecurity.Sdes sdes -> SecureDescription.crypto(ownLines);
          case DescribedSecurity.Dtls dtls ->
              SecureDescription.dtls(
                  identity.fingerprint(), role().setup(), agent, host, leg.localPort());
          default -> SecureDescription.PLAIN;
        });
  }

  /** Our offer: the anchored description of the other leg, with what this leg is to be asked. */
  public Sdp offer(Sdp anchored) {
    return switch (agreed) {
      case DescribedSecurity.Sdes sdes ->
          SecureDescription.dress(anchored, offeredProtocol(), SecureDescription.crypto(ownLines));
      case DescribedSecurity.Dtls dtls -> offerDtls(anchored);
      default -> {
        if (policy == SecurityPolicy.DTLS) {
          yield offerDtls(anchored);
        }
        if (!policy.offersKeys()) {
          yield SecureDescription.dress(anchored, offeredProtocol(), SecureDescription.PLAIN);
        }
        if (ownLines.isEmpty()) {
          ownLines = freshLines();
        }
        yield SecureDescription.dress(
            anchored, offeredProtocol(), SecureDescription.crypto(ownLines));
      }
    };
  }

  private Sdp offerDtls(Sdp anchored) {
    dtlsOffered = true;
    if (agent == null && !(agreed instanceof DescribedSecurity.Dtls dtls && dtls.ice() == null)) {
      // Checks may come before the answer; a party who still speaks here is not cut off for them.
      LegGuard own = leg.isSecured() ? made() : guarding();
      agent = new IceLite(IceCredentials.random(random));
      own.path(agent, 8000);
    }
    return SecureDescription.dress(
        anchored,
        offeredProtocol(),
        SecureDescription.dtls(
            identity.fingerprint(), DtlsRole.EITHER, agent, host, leg.localPort()));
  }

  private String offeredProtocol() {
    return protocol == null ? policy.offeredProtocol() : protocol;
  }

  private List<CryptoLine> freshLines() {
    List<CryptoLine> lines = new ArrayList<>(OFFERED.size());
    for (SrtpProfile profile : OFFERED) {
      lines.add(
          new CryptoLine(lines.size() + 1, SrtpKeys.random(profile, random), SrtpOpener.UNLIMITED));
    }
    return lines;
  }

  private @Nullable CryptoLine ownLine(CryptoLine theirs) {
    for (CryptoLine line : ownLines) {
      if (line.tag() == theirs.tag() && line.keys().profile() == theirs.keys().profile()) {
        return line;
      }
    }
    return null;
  }

  private DtlsRole role() {
    return handshakes == null ? DtlsRole.PASSIVE : handshakes.role();
  }

  // ---- what was agreed takes effect

  private void plain() {
    if (guard != null) {
      guard.close();
      guard.forgetKeys();
    }
    theirKeys = null;
    handshakes = null;
    leg.secure(null);
  }

  private void sdes(CryptoLine ours, CryptoLine theirs) {
    LegGuard own = guarding();
    own.handshakes(null);
    own.path(null, 8000);
    own.keys(ours.keys(), theirs.keys(), theirs.lifetimePackets());
    ownLines = List.of(ours);
    theirKeys = theirs.keys();
    handshakes = null;
    agent = null;
  }

  private void dtls(DescribedSecurity.Dtls said, DtlsRole role, Sdp sdp) {
    LegGuard own = guarding();
    int clockRateHz =
        sdp.audio()
            .flatMap(audio -> audio.codecs().stream().findFirst())
            .map(codec -> codec.clockRateHz())
            .orElse(8000);
    ice(own, said.ice(), clockRateHz);
    Handshakes running = handshakes;
    List<DtlsFingerprint> fingerprints = said.fingerprints();
    boolean same =
        running != null
            && running.terms().peer().equals(fingerprints)
            && agreed instanceof DescribedSecurity.Dtls;
    if (!same) {
      running = new Handshakes(leg, own, identity, role, DtlsTerms.of(fingerprints));
      handshakes = running;
      own.handshakes(running);
    }
    if (running != null && said.ice() == null) {
      Handshakes begun = running;
      address(sdp).ifPresent(begun::reached);
    }
  }

  /** RFC 8445 9: another user fragment is a restart, and ours must be new, too. */
  private void ice(LegGuard own, @Nullable IceCredentials theirs, int clockRateHz) {
    if (theirs == null) {
      agent = null;
      own.path(null, clockRateHz);
      return;
    }
    boolean restart = remoteUfrag != null && !remoteUfrag.equals(theirs.ufrag());
    IceLite lite = agent;
    if (lite == null || restart) {
      lite = new IceLite(IceCredentials.random(random));
      agent = lite;
      own.path(lite, clockRateHz);
    }
    remoteUfrag = theirs.ufrag();
    lite.remote(theirs.ufrag());
  }

  private static Optional<InetSocketAddress> address(Sdp sdp) {
    return sdp.audioEndpoint()
        .flatMap(
            endpoint ->
                io.tandem.protocol.sip.transport.Destination.literal(endpoint.address())
                    .map(literal -> new InetSocketAddress(literal, endpoint.rtpPort())));
  }

  private LegGuard guarding() {
    LegGuard own = made();
    leg.secure(own);
    return own;
  }

  private LegGuard made() {
    LegGuard own = guard;
    if (own == null) {
      own = new LegGuard(leg, nanoClock);
      guard = own;
    }
    return own;
  }

  /** The call is over. */
  @Override
  public void close() {
    if (guard != null) {
      guard.close();
    }
  }
}

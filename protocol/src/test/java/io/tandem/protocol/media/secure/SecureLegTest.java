package io.tandem.protocol.media.secure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tandem.protocol.media.dtls.DtlsAssociation;
import io.tandem.protocol.media.dtls.DtlsFingerprint;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.dtls.DtlsOutcome;
import io.tandem.protocol.media.dtls.DtlsRole;
import io.tandem.protocol.media.dtls.DtlsTerms;
import io.tandem.protocol.media.ice.StunAttribute;
import io.tandem.protocol.media.ice.StunKey;
import io.tandem.protocol.media.ice.StunMessage;
import io.tandem.protocol.media.ice.StunWriter;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.relay.TestPorts;
import io.tandem.protocol.media.srtp.SrtpKeys;
import io.tandem.protocol.media.srtp.SrtpOpener;
import io.tandem.protocol.media.srtp.SrtpProfile;
import io.tandem.protocol.media.srtp.SrtpSealer;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.MediaDescription;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpAnchor;
import io.tandem.protocol.sip.sdp.SdpParser;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call with one secure leg and one plain one: real descriptions, real sockets on loopback. */
class SecureLegTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final DtlsIdentity OURS = DtlsIdentity.generate(RANDOM, Instant.EPOCH);
  private static final DtlsIdentity THEIRS = DtlsIdentity.generate(RANDOM, Instant.EPOCH);
  private static final int SSRC_A = 0xaaaa_0001;
  private static final int SSRC_B = 0xbbbb_0001;

  private final AtomicLong nanos = new AtomicLong(1);
  private final Phone a = new Phone();
  private final Phone b = new Phone();
  private final Phone stranger = new Phone();
  private MediaAnchor anchor;
  private Relay relay;
  private LegSecurity security;

  @BeforeEach
  void a_call_whose_other_leg_is_plain() {
    anchor =
        ((MediaAnchor.Opening.Opened)
                MediaAnchor.open(AnchorSettings.of(Phone.LOOPBACK, TestPorts.range()), nanos::get))
            .anchor();
    relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("call")).relay();
    relay.leg(Side.B).expect(RemoteParty.phone(b.address(), Phone.LOOPBACK));
    relay.bridge();
    security = leg(SecurityPolicy.NONE);
  }

  @AfterEach
  void close() {
    security.close();
    anchor.close();
    a.close();
    b.close();
    stranger.close();
  }

  private LegSecurity leg(SecurityPolicy policy) {
    return new LegSecurity(legA(), policy, OURS, RANDOM, nanos::get, "127.0.0.1");
  }

  private RelayLeg legA() {
    return relay.leg(Side.A);
  }

  @ParameterizedTest
  @EnumSource
  void voice_passes_between_an_sdes_leg_and_a_plain_one_both_ways(SrtpProfile profile) {
    SrtpKeys keys = SrtpKeys.random(profile, RANDOM);
    Sdp answer = answerTo(sdesOffer("RTP/SAVP", keys));
    CryptoLine ours = crypto(answer);
    assertThat(answer.media().getFirst().media().protocol()).isEqualTo("RTP/SAVP");
    assertThat(ours.tag()).isEqualTo(7);
    assertThat(ours.keys()).isNotEqualTo(keys);
    passesBothWays(
        new SrtpSealer(keys, SrtpOpener.UNLIMITED),
        new SrtpOpener(ours.keys(), SrtpOpener.UNLIMITED));
  }

  @Test
  void forged_and_spoiled_packets_are_counted_and_the_call_goes_on() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, RANDOM);
    CryptoLine ours = crypto(answerTo(sdesOffer("RTP/SAVP", keys)));
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    a.send(legA().localPort(), Phone.rtp(SSRC_A, 1)); // in clear
    ByteBuf spoiled = Phone.rtp(SSRC_A, 2);
    assertThat(sealer.rtp(spoiled)).isPositive();
    spoiled.setByte(40, spoiled.getByte(40) ^ 1);
    a.send(legA().localPort(), spoiled);
    LegGuard guard = security.guard().orElseThrow();
    Phone.until("both are counted", () -> guard.count(GuardCount.NOT_AUTHENTIC) == 2);
    passesBothWays(sealer, new SrtpOpener(ours.keys(), SrtpOpener.UNLIMITED));
  }

  /** A transfer: the phone that is to take over rings while the former one speaks on. */
  @Test
  void who_is_offered_dtls_on_a_leg_on_which_another_speaks_does_not_cut_that_one_off() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, RANDOM);
    CryptoLine ours = crypto(answerTo(sdesOffer("RTP/SAVP", keys)));
    try (LegSecurity next = leg(SecurityPolicy.DTLS)) {
      assertThat(next.offer(anchored()).text()).contains("a=fingerprint:", "a=ice-ufrag:");
      passesBothWays(
          new SrtpSealer(keys, SrtpOpener.UNLIMITED),
          new SrtpOpener(ours.keys(), SrtpOpener.UNLIMITED));
    }
  }

  @Test
  void a_reoffer_with_new_keys_changes_both_and_one_with_the_same_changes_none() {
    SrtpKeys first = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, RANDOM);
    SrtpSealer formerSealer = new SrtpSealer(first, SrtpOpener.UNLIMITED);
    CryptoLine before = crypto(answerTo(sdesOffer("RTP/SAVP", first)));
    assertThat(crypto(answerTo(sdesOffer("RTP/SAVP", first))).keys()).isEqualTo(before.keys());
    ByteBuf early = Phone.rtp(SSRC_A, 10);
    assertThat(formerSealer.rtp(early)).isPositive();
    SrtpKeys second = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, RANDOM);
    CryptoLine after = crypto(answerTo(sdesOffer("RTP/SAVP", second)));
    assertThat(after.keys()).isNotEqualTo(before.keys());
    a.send(legA().localPort(), early); // was under way when the keys changed
    assertThat(b.receive()).isEqualTo(ByteBufUtil.getBytes(Phone.rtp(SSRC_A, 10)));
    passesBothWays(
        new SrtpSealer(second, SrtpOpener.UNLIMITED),
        new SrtpOpener(after.keys(), SrtpOpener.UNLIMITED));
  }

  @Test
  void we_offer_keys_beside_plain_rtp_and_follow_the_answer() {
    security = leg(SecurityPolicy.OPTIONAL);
    Sdp offer = security.offer(anchored());
    assertThat(offer.media().getFirst().media().protocol()).isEqualTo("RTP/AVP");
    assertThat(offer.media().getFirst().attributes("crypto")).hasSize(5);
    Sdp plain = described("RTP/AVP", List.of());
    assertThat(security.objection(plain)).isEmpty();
    security.heardAnswer(plain);
    assertThat(security.guard()).isEmpty();

    CryptoLine ours = crypto(offer);
    SrtpKeys keys = SrtpKeys.random(ours.keys().profile(), RANDOM);
    Sdp secure = described("RTP/AVP", List.of(line(ours.tag(), keys)));
    assertThat(security.objection(secure)).isEmpty();
    security.heardAnswer(secure);
    legA().expect(RemoteParty.phone(a.address(), Phone.LOOPBACK));
    passesBothWays(
        new SrtpSealer(keys, SrtpOpener.UNLIMITED),
        new SrtpOpener(ours.keys(), SrtpOpener.UNLIMITED));
  }

  @Test
  void where_security_is_required_clear_media_is_refused_either_way() {
    Sdp plain = described("RTP/AVP", List.of());
    assertThat(LegSecurity.objection(plain, SecurityPolicy.REQUIRED)).isPresent();
    security = leg(SecurityPolicy.REQUIRED);
    assertThat(security.offer(anchored()).media().getFirst().media().protocol())
        .isEqualTo("RTP/SAVP");
    assertThat(security.objection(plain)).isPresent();
  }

  @Test
  void what_cannot_be_followed_is_refused_by_name() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, RANDOM);
    String good = "1 AES_CM_128_HMAC_SHA1_80 inline:" + keys.base64();
    assertThat(objection(good)).isEmpty();
    assertThat(objection(good + "|2^31")).isEmpty();
    assertThat(objection(good + " WSH=128")).isEmpty();
    assertThat(objection(good + "|2^20|1:4")).get().asString().contains("MKI");
    assertThat(objection(good + "|1:4")).get().asString().contains("MKI");
    assertThat(objection(good + " UNENCRYPTED_SRTP")).isPresent();
    assertThat(objection(good + " KDR=1")).isPresent();
    assertThat(objection("1 F8_128_HMAC_SHA1_80 inline:" + keys.base64())).isPresent();
    assertThat(objection("1 AES_CM_128_HMAC_SHA1_80 inline:AAAA")).isPresent();
    assertThat(LegSecurity.objection(described("RTP/SAVP", List.of()), SecurityPolicy.NONE))
        .isPresent();
  }

  @Test
  void keys_are_in_nothing_that_is_stored() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, RANDOM);
    Sdp offer = sdesOffer("RTP/SAVP", keys);
    assertThat(LegSecurity.withoutKeys(offer).text()).doesNotContain(keys.base64(), "inline");
    assertThat(offer.toString()).doesNotContain("inline");
    String browser = LegSecurity.withoutKeys(browserOffer("abcd", "abcdefghijklmnopqrstuv")).text();
    assertThat(browser).contains("ice-ufrag").doesNotContain("abcdefghijklmnopqrstuv");
  }

  @Test
  void voice_passes_between_a_browser_and_a_plain_phone_after_ice_and_a_handshake()
      throws Exception {
    Sdp answer = answerTo(browserOffer("brow", "abcdefghijklmnopqrstuv"));
    MediaDescription audio = answer.media().getFirst();
    assertThat(audio.media().protocol()).isEqualTo("UDP/TLS/RTP/SAVPF");
    assertThat(audio.attribute("setup")).isEqualTo("passive");
    assertThat(audio.attribute("rtcp-mux")).isEmpty();
    assertThat(answer.text()).contains("a=ice-lite").contains(" typ host");
    int port = legA().localPort();
    LegGuard guard = security.guard().orElseThrow();

    // A ClientHello from a source that has proven nothing is not answered (amplification).
    CompletableFuture<DtlsOutcome> keyed = new CompletableFuture<>();
    DtlsFingerprint ours = DtlsFingerprint.parse(audio.attribute("fingerprint")).orElseThrow();
    try (DtlsAssociation client =
        DtlsAssociation.start(
            DtlsRole.ACTIVE,
            THEIRS,
            new DtlsTerms(List.of(ours), DtlsTerms.PROFILES, 50, 10_000, 1200),
            null,
            datagram -> a.send(port, datagram),
            keyed::complete)) {
      Phone.until("it is dropped", () -> guard.count(GuardCount.UNPROVEN_DTLS) > 0);
      assertThat(guard.count(GuardCount.HANDSHAKES)).isZero();

      a.send(port, check(audio));
      keyed.completeOnTimeout(new DtlsOutcome.Failed("late"), 10, TimeUnit.SECONDS);
      while (!keyed.isDone()) {
        byte[] datagram = a.receiveSoon();
        if (datagram.length > 0 && datagram[0] < 4) {
          assertThat(StunMessage.read(datagram).orElseThrow().type())
              .isEqualTo(StunMessage.BINDING_SUCCESS);
        } else if (datagram.length > 0) {
          client.take(datagram);
        }
      }
      DtlsOutcome.Keyed keys = (DtlsOutcome.Keyed) keyed.get(10, TimeUnit.SECONDS);
      Phone.until("we have them, too", guard::isKeyed);
      passesBothWays(
          new SrtpSealer(keys.sending(), SrtpOpener.UNLIMITED),
          new SrtpOpener(keys.receiving(), SrtpOpener.UNLIMITED));

      measuresByItsOwnClock(new SrtpSealer(keys.sending(), SrtpOpener.UNLIMITED));

      // Consent lapses without checks, and nothing is sent any more (RFC 7675).
      nanos.addAndGet(31_000_000_000L);
      b.send(relay.leg(Side.B).localPort(), Phone.rtp(SSRC_B, 3));
      Phone.until("it is held", () -> guard.count(GuardCount.NO_CONSENT) > 0);
    }
  }

  @Test
  void without_ice_a_stranger_cannot_keep_the_party_from_its_handshake() throws Exception {
    Sdp answer = answerTo(dtlsOffer());
    LegGuard guard = security.guard().orElseThrow();
    try (Phone elsewhere = new Phone(InetAddress.ofLiteral("127.0.0.2"))) {
      assertThat(handshake(elsewhere, THEIRS, answer, 300)).isInstanceOf(DtlsOutcome.Failed.class);
      assertThat(guard.count(GuardCount.UNPROVEN_DTLS)).isPositive();
      assertThat(elsewhere.receiveSoon()).as("an answer to a stranger").isEmpty();
    }
    DtlsOutcome.Keyed keys = (DtlsOutcome.Keyed) handshake(a, THEIRS, answer, 10_000);
    Phone.until("we have them, too", guard::isKeyed);
    passesBothWays(
        new SrtpSealer(keys.sending(), SrtpOpener.UNLIMITED),
        new SrtpOpener(keys.receiving(), SrtpOpener.UNLIMITED));
  }

  @Test
  void who_failed_often_on_the_party_s_address_does_not_use_up_its_attempts() throws Exception {
    Sdp answer = answerTo(dtlsOffer());
    LegGuard guard = security.guard().orElseThrow();
    DtlsIdentity wrong = DtlsIdentity.generate(RANDOM, Instant.EPOCH);
    for (int i = 1; i <= 9; i++) {
      nanos.addAndGet(1_000_000_000L);
      assertThat(handshake(a, wrong, answer, 10_000)).isInstanceOf(DtlsOutcome.Failed.class);
      int failed = i;
      Phone.until("it failed", () -> guard.count(GuardCount.FAILED_HANDSHAKES) == failed);
    }
    nanos.addAndGet(1_000_000_000L);
    assertThat(handshake(a, THEIRS, answer, 10_000)).isInstanceOf(DtlsOutcome.Keyed.class);
    Phone.until("we have keys", guard::isKeyed);
  }

  /** Opus was agreed, whatever the offer's first codec was: 960 ticks in 20 ms. */
  private void measuresByItsOwnClock(SrtpSealer sealer) {
    security.clockRate(48_000);
    long before = relay.statistics().a().rtpIn().packets();
    for (int i = 1; i <= 50; i++) {
      nanos.addAndGet(20_000_000L);
      ByteBuf packet = Phone.rtp(SSRC_A, 100 + i);
      packet.setInt(4, 960 * i);
      assertThat(sealer.rtp(packet)).isPositive();
      a.send(legA().localPort(), packet);
      long soFar = before + i;
      Phone.until("it came", () -> relay.statistics().a().rtpIn().packets() == soFar);
    }
    assertThat(relay.statistics().a().jitterMicros()).isZero();
  }

  /** A handshake of a phone's, from its socket. */
  private DtlsOutcome handshake(Phone phone, DtlsIdentity identity, Sdp answer, int timeoutMillis)
      throws Exception {
    MediaDescription audio = answer.media().getFirst();
    DtlsFingerprint ours = DtlsFingerprint.parse(audio.attribute("fingerprint")).orElseThrow();
    CompletableFuture<DtlsOutcome> outcome = new CompletableFuture<>();
    try (DtlsAssociation client =
        DtlsAssociation.start(
            DtlsRole.ACTIVE,
            identity,
            new DtlsTerms(List.of(ours), DtlsTerms.PROFILES, 50, timeoutMillis, 1200),
            null,
            datagram -> phone.send(legA().localPort(), datagram),
            outcome::complete)) {
      outcome.completeOnTimeout(new DtlsOutcome.Failed("late"), 12, TimeUnit.SECONDS);
      while (!outcome.isDone()) {
        byte[] datagram = phone.receiveSoon();
        if (datagram.length > 0) {
          client.take(datagram);
        }
      }
      return outcome.get(1, TimeUnit.SECONDS);
    }
  }

  // ---- what a phone says and does

  private void passesBothWays(SrtpSealer sealer, SrtpOpener opener) {
    ByteBuf packet = Phone.rtp(SSRC_A, 100);
    assertThat(sealer.rtp(packet)).isPositive();
    a.send(legA().localPort(), packet);
    assertThat(b.receive()).hasSize(172).endsWith(payload(100));
    b.send(relay.leg(Side.B).localPort(), Phone.rtp(SSRC_B, 200));
    ByteBuf heard = a.receiveBuffer();
    while (heard.getUnsignedByte(0) < 128) {
      heard = a.receiveBuffer(); // a repeated flight of the handshake
    }
    assertThat(ByteBufUtil.hexDump(heard)).doesNotContain(ByteBufUtil.hexDump(payload(200)));
    assertThat(opener.rtp(heard)).isEqualTo(172);
    assertThat(ByteBufUtil.getBytes(heard)).endsWith(payload(200));
  }

  private static byte[] payload(int sequence) {
    return ByteBufUtil.getBytes(Phone.rtp(0, sequence).slice(12, 160));
  }

  private Sdp answerTo(Sdp offer) {
    assertThat(LegSecurity.objection(offer, SecurityPolicy.NONE)).isEmpty();
    security.heardOffer(offer);
    if (!security.findsPath()) {
      legA().expect(RemoteParty.phone(a.address(), Phone.LOOPBACK));
    }
    return read(security.answer(anchored()).text());
  }

  /** What the plain leg said, anchored for leg A. */
  private Sdp anchored() {
    return SdpAnchor.at("127.0.0.1", legA().localPort())
        .anchor(AudioSession.g711("127.0.0.1", 4000).offer(Direction.SENDRECV));
  }

  private Sdp sdesOffer(String protocol, SrtpKeys keys) {
    return described(protocol, List.of(line(7, keys)));
  }

  private static String line(int tag, SrtpKeys keys) {
    return "crypto:" + new CryptoLine(tag, keys, 1).value();
  }

  private Sdp dtlsOffer() {
    return described(
        "UDP/TLS/RTP/SAVP",
        List.of("rtcp-mux", "setup:actpass", "fingerprint:" + THEIRS.fingerprint().value()));
  }

  private Sdp browserOffer(String ufrag, String password) {
    return described(
        "UDP/TLS/RTP/SAVPF",
        List.of(
            "rtcp-mux",
            "setup:actpass",
            "fingerprint:" + THEIRS.fingerprint().value(),
            "ice-ufrag:" + ufrag,
            "ice-pwd:" + password,
            "ice-options:trickle"));
  }

  private Sdp described(String protocol, List<String> attributes) {
    StringBuilder text =
        new StringBuilder(
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n")
            .append("m=audio ")
            .append(a.address().getPort())
            .append(' ')
            .append(protocol)
            .append(" 0\r\n");
    attributes.forEach(attribute -> text.append("a=").append(attribute).append("\r\n"));
    return read(text.toString());
  }

  private static Sdp read(String text) {
    return new SdpParser().parse(text).good().orElseThrow();
  }

  private Optional<String> objection(String crypto) {
    return LegSecurity.objection(
        described("RTP/SAVP", List.of("crypto:" + crypto)), SecurityPolicy.NONE);
  }

  private static CryptoLine crypto(Sdp sdp) {
    String value = sdp.media().getFirst().attributes("crypto").getFirst();
    return ((CryptoLine.Reading.Good) CryptoLine.read(value)).line();
  }

  private static byte[] check(MediaDescription answered) {
    return new StunWriter(
            StunMessage.BINDING_REQUEST, "abcdefghijkl".getBytes(StandardCharsets.UTF_8))
        .text(StunAttribute.USERNAME, answered.attribute("ice-ufrag") + ":brow")
        .attribute(StunAttribute.PRIORITY, new byte[] {1, 0, 0, 0})
        .attribute(StunAttribute.USE_CANDIDATE, new byte[0])
        .integrity(new StunKey(String.valueOf(answered.attribute("ice-pwd"))))
        .fingerprinted();
  }
}

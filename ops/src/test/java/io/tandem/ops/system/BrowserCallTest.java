package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.media.playout.RtpEndpoint;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpAnchor;
import io.tandem.protocol.sip.sdp.SdpParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real browser speaks with a plain telephone through the relay: ICE, DTLS and SRTP are Chromium's
 * on one side and ours on the other. Each hears the other's tone, by Fourier transform.
 */
@NeedsPeer(Browser.PROGRAM)
class BrowserCallTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MEASURED_PACKETS = 100;

  @TempDir Path folder;

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private MediaAnchor anchor;
  private Relay relay;
  private RtpEndpoint phone;

  @BeforeEach
  void a_plain_phone_on_side_b() throws Exception {
    AnchorSettings settings = AnchorSettings.of(LOOPBACK, new PortRange(36_000, 36_199));
    anchor = ((MediaAnchor.Opening.Opened) MediaAnchor.open(settings, System::nanoTime)).anchor();
    relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("browser")).relay();
    phone = RtpEndpoint.open(LOOPBACK, G711.ULAW, Metronome.of(clock), System::nanoTime);
    relay.leg(Side.B).expect(RemoteParty.trunk(phone.localAddress()));
    phone.sendTo(new InetSocketAddress(LOOPBACK, relay.leg(Side.B).localPort()));
    phone.playTone(1000, 0.3);
    relay.bridge();
  }

  @AfterEach
  void close() {
    phone.close();
    anchor.close();
    clock.shutdownNow();
  }

  @Test
  void a_browser_that_calls_hears_the_phone_and_is_heard() throws Exception {
    try (LegSecurity security = security(SecurityPolicy.NONE);
        Browser browser =
            new Browser(
                folder,
                "",
                offer -> {
                  Sdp theirs = read(offer);
                  assertThat(LegSecurity.objection(theirs, SecurityPolicy.NONE)).isEmpty();
                  security.heardOffer(theirs);
                  return security.answer(anchored()).text();
                })) {
      eachHearsTheOther(browser, security);
    }
  }

  @Test
  void a_browser_that_is_called_hears_the_phone_and_is_heard() throws Exception {
    try (LegSecurity security = security(SecurityPolicy.DTLS);
        Browser browser =
            new Browser(
                folder,
                "?answer",
                answer -> {
                  if (answer.isEmpty()) {
                    return security.offer(anchored()).text();
                  }
                  Sdp theirs = read(answer);
                  assertThat(security.objection(theirs)).isEmpty();
                  security.heardAnswer(theirs);
                  return "";
                })) {
      eachHearsTheOther(browser, security);
    }
  }

  private void eachHearsTheOther(Browser browser, LegSecurity security) throws Exception {
    browser.hears("state connected");
    // The browser may be through with the handshake a moment before us; what it says then is lost.
    long before = phone.report().packets();
    assertThat(phone.awaitPackets(before + 1, PATIENCE)).isTrue();
    assertThat(security.guard().orElseThrow().isKeyed()).isTrue();
    long refused = relay.statistics().a().refused();
    phone.forgetRecord();
    assertThat(phone.awaitPackets(before + MEASURED_PACKETS, PATIENCE)).isTrue();
    ToneDetector.Tone heard = phone.heard(Duration.ofSeconds(1));
    assertThat(heard.is(440, 3)).as("the phone hears %s", heard).isTrue();
    for (int i = 0; i < 6; i++) {
      browser.hears("heard"); // its transform looks back over a third of a second
    }
    double hertz = Double.parseDouble(browser.hears("heard").split(" ", -1)[0]);
    assertThat(hertz).as("the browser hears").isBetween(994.0, 1006.0);
    Relay.Statistics passed = relay.statistics();
    assertThat(passed.a().refused()).as("nothing was forged or repeated").isEqualTo(refused);
    assertThat(passed.a().latches()).isEqualTo(1);
  }

  private LegSecurity security(SecurityPolicy policy) {
    return new LegSecurity(
        relay.leg(Side.A),
        policy,
        DtlsIdentity.generate(RANDOM, Instant.now()),
        RANDOM,
        System::nanoTime,
        LOOPBACK.getHostAddress());
  }

  /** What the plain leg said, anchored for the browser's. */
  private Sdp anchored() {
    return SdpAnchor.at(LOOPBACK.getHostAddress(), relay.leg(Side.A).localPort())
        .anchor(AudioSession.g711(LOOPBACK.getHostAddress(), 4000).offer(Direction.SENDRECV));
  }

  private static Sdp read(String text) {
    return new SdpParser().parse(text).good().orElseThrow();
  }
}

package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.persistence.call.CallState;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.ToneSource;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.rtp.RtpPacket;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.ua.UaCall;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Phones with a voice call through a node: what each hears while the call turns. */
class MediaOverSipTest {
  private static final int CALLER_HZ = 440;
  private static final int ANNA_HZ = 1000;
  private static final int BERT_HZ = 1300;
  private static final int STRANGER_HZ = 2000;

  @TempDir static Path directory;

  private static Exchange exchange;
  private static Handset annas;
  private static Handset berts;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  @BeforeAll
  static void start() {
    exchange =
        Exchange.open(
            Exchange.settings(directory, "tandem.market.cooldown.least-calls = 20"),
            UnaryOperator.identity(),
            Market.oneByOne());
    // a call that has ended may still be hers for a moment
    exchange.market().agent("anna", 1_000, 10);
    exchange.market().colleague("bert", "anna");
    exchange.phones().phone("anna", call -> answer(call, annas));
    exchange.phones().phone("bert", call -> answer(call, berts));
  }

  private static void answer(UaCall call, Handset media) {
    boolean unused = call.answer(media);
  }

  @AfterAll
  static void stop() {
    exchange.close();
  }

  @AfterEach
  void hangUp() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  private Handset handset(Codec codec, boolean knowsEvents, int hertz) {
    Handset handset = new Handset(codec, knowsEvents, hertz);
    started.push(handset);
    return handset;
  }

  private Exchange.Connected connect(Handset caller) {
    Exchange.Connected call = exchange.connect(caller);
    started.push(() -> exchange.hangUp(call.caller(), call.callId()));
    return call;
  }

  private static void hears(Handset phone, int hertz) {
    phone.forget();
    Market.await("it hears " + hertz, () -> phone.hears(hertz));
  }

  @Test
  @Tag("rule:TEL-11")
  void a_caller_hears_one_stream_through_a_transfer_from_a_phone_of_its_codec_to_one_of_another() {
    annas = handset(Codec.PCMU, true, ANNA_HZ);
    berts = handset(Codec.PCMA, true, BERT_HZ);
    Handset caller = handset(Codec.PCMU, true, CALLER_HZ);
    Exchange.Connected call = connect(caller);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);

    assertThat(Telephones.within(call.agent().refer("<sip:bert@127.0.0.1>")).status())
        .isEqualTo(202);
    hears(caller, BERT_HZ);
    hears(berts, CALLER_HZ);
    hears(caller, BERT_HZ); // also once the caller was shown who it speaks with
    assertThat(caller.streams()).as("SSRCs the caller heard").isEqualTo(1);
    assertThat(caller.statistics().a().lost()).as("numbers that are missing in it").isZero();
    assertThat(caller.described().text()).doesNotContain("a=rtpmap:102");
  }

  /** RFC 4733 2.5.1.3 and 2.6.2: transcoded, so that the node hears and presses each of them. */
  @Test
  void each_key_reaches_the_other_side_once_also_when_every_third_packet_is_lost() {
    String keys = "0123456789*#ABCD5";
    annas = handset(Codec.PCMA, true, ANNA_HZ);
    Handset caller = handset(Codec.PCMU, true, CALLER_HZ);
    connect(caller);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);
    caller.losesOneIn(3);
    annas.losesOneIn(3);

    caller.press(keys);
    annas.press(keys);
    Market.await("both have all", () -> annas.keys().length() + caller.keys().length() >= 34);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);
    assertThat(annas.keys()).isEqualTo(keys);
    assertThat(caller.keys()).isEqualTo(keys);
  }

  @ParameterizedTest
  @EnumSource(
      value = SecurityPolicy.class,
      names = {"REQUIRED", "DTLS"})
  @Tag("rule:PRV-5")
  void keys_are_renewed_by_a_re_invite_and_both_are_heard_before_and_after(SecurityPolicy policy) {
    annas = handset(Codec.PCMU, true, ANNA_HZ);
    Handset caller = handset(Codec.PCMU, true, CALLER_HZ);
    caller.newKeys(policy);
    Exchange.Connected call = connect(caller);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);
    assertThat(caller.isSealed()).isTrue();
    List<String> keysOfTheNode = secrets(caller.described());
    assertThat(keysOfTheNode).hasSize(1);

    caller.newKeys(policy);
    assertThat(Telephones.within(call.caller().resume()).status()).isEqualTo(200);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);
    assertThat(caller.isSealed()).isTrue();
    if (policy == SecurityPolicy.REQUIRED) {
      assertThat(secrets(caller.described())).hasSize(1).isNotEqualTo(keysOfTheNode);
    }
    assertThat(annas.streams()).as("streams the agent heard").isEqualTo(1);
  }

  /** RFC 8445 with RFC 8827: the path of a page's media is what its checks find. */
  @Test
  void a_web_page_behind_checks_of_ice_and_a_phone_hear_each_other() {
    annas = handset(Codec.PCMU, true, ANNA_HZ);
    Handset caller = handset(Codec.PCMU, true, CALLER_HZ);
    caller.asWebPhone();
    connect(caller);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);
    assertThat(caller.isSealed()).isTrue();
    assertThat(caller.described().text()).contains("a=ice-lite");
    Relay relay = relayOf(caller);
    assertThat(relay.leg(Side.A).source()).isPresent();
  }

  private static List<String> secrets(Sdp sdp) {
    return sdp.text()
        .lines()
        .filter(line -> line.startsWith("a=crypto") || line.startsWith("a=fingerprint"))
        .toList();
  }

  @Test
  void a_stranger_that_sprays_all_ports_of_a_call_is_neither_heard_nor_answered_and_the_call_stays()
      throws Exception {
    annas = handset(Codec.PCMU, true, ANNA_HZ);
    Handset caller = handset(Codec.PCMU, true, CALLER_HZ);
    connect(caller);
    hears(caller, ANNA_HZ);
    hears(annas, CALLER_HZ);
    Relay relay = relayOf(caller);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket stranger = new DatagramSocket(0, loopback)) {
      ToneSource tone = new ToneSource(G711.ULAW, STRANGER_HZ, 0.9);
      byte[] payload = new byte[G711.OCTETS_PER_20_MS];
      for (int i = 0; i < 100; i++) {
        tone.fill(payload);
        ByteBuf packet = Unpooled.buffer(12 + payload.length);
        RtpPacket.writeHeader(packet, i == 0, 0, i, 160 * i, 0x51bb);
        byte[] octets = packet.writeBytes(payload).array();
        for (Side side : Side.values()) {
          int port = relay.leg(side).localPort();
          stranger.send(new DatagramPacket(octets, octets.length, loopback, port));
          stranger.send(new DatagramPacket(octets, octets.length, loopback, port + 1));
        }
      }
      Market.await(
          "both sides have counted it",
          () -> relay.statistics().a().strangers() > 0 && relay.statistics().b().strangers() > 0);
      hears(caller, ANNA_HZ);
      hears(annas, CALLER_HZ);
      assertThat(List.of(caller.streams(), annas.streams())).containsExactly(1, 1);
      stranger.setSoTimeout(100);
      assertThatThrownBy(() -> stranger.receive(new DatagramPacket(new byte[100], 100)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static Relay relayOf(Handset caller) {
    int port = caller.described().audioEndpoint().orElseThrow().rtpPort();
    for (Relay relay : exchange.node().edge().orElseThrow().anchor().relays()) {
      if (relay.leg(Side.A).localPort() == port) {
        return relay;
      }
    }
    throw new AssertionError("no relay has port " + port);
  }

  @Test
  void what_the_parties_reports_say_is_among_the_meters_when_the_call_has_ended() {
    annas = handset(Codec.PCMU, true, ANNA_HZ);
    Handset caller = handset(Codec.PCMU, true, CALLER_HZ);
    Exchange.Connected call = connect(caller);
    hears(caller, ANNA_HZ);
    Relay relay = relayOf(caller);
    Market.await(
        "both ways there and back are known",
        () ->
            relay.statistics().a().roundTripMicros() > 0
                && relay.statistics().b().roundTripMicros() > 0);
    CallState.Ended ended = exchange.hangUp(call.caller(), call.callId());
    assertThat(ended.end().media()).isNotNull();
    var meters = exchange.node().meters();
    for (String side : List.of("caller", "agent")) {
      assertThat(meters.get("tandem.media.round.trip").tag("side", side).timer().count())
          .as("round trips of the %s", side)
          .isPositive();
      for (String by : List.of("heard", "told")) {
        var mos = meters.get("tandem.media.mos").tag("side", side).tag("by", by).summary();
        assertThat(mos.max()).as("%s %s", side, by).isBetween(4.0, 4.5);
      }
    }
  }
}

package io.tandem.protocol.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OfferAnswerTest {

  /** Alice's offer of RFC 3264 section 10.1. */
  private static final String ALICE =
      """
      v=0
      o=alice 2890844526 2890844526 IN IP4 host.anywhere.com
      s=
      c=IN IP4 host.anywhere.com
      t=0 0
      m=audio 49170 RTP/AVP 0
      a=rtpmap:0 PCMU/8000
      m=video 51372 RTP/AVP 31
      a=rtpmap:31 H261/90000
      m=video 53000 RTP/AVP 32
      a=rtpmap:32 MPV/90000
      """;

  private static final String BROWSER =
      """
      v=0
      o=- 4611731400430051336 2 IN IP4 127.0.0.1
      s=-
      t=0 0
      a=group:BUNDLE 0 1
      a=ice-lite
      a=msid-semantic: WMS
      m=audio 9 UDP/TLS/RTP/SAVPF 111 0
      c=IN IP4 0.0.0.0
      a=rtcp:9 IN IP4 0.0.0.0
      a=candidate:1 1 udp 2122260223 192.0.2.7 49203 typ host
      a=ice-ufrag:F7gI
      a=ice-pwd:x9cml/YzichV2+XlhiMu8g
      a=fingerprint:sha-256 D2:FA
      a=mid:0
      a=sendrecv
      a=rtcp-mux
      a=rtpmap:111 opus/48000/2
      a=fmtp:111 minptime=10;useinbandfec=1
      a=ssrc:1001 cname:x
      m=video 9 UDP/TLS/RTP/SAVPF 96
      c=IN IP4 0.0.0.0
      a=mid:1
      a=rtpmap:96 VP8/90000
      """;

  @Test
  void an_anchor_takes_the_voice_and_leaves_its_codecs_alone() {
    Sdp anchored = SdpAnchor.at("192.0.2.1", 30_000).anchor(read(ALICE));

    assertThat(anchored.text())
        .isEqualTo(
            """
            v=0
            o=alice 2890844526 2890844526 IN IP4 host.anywhere.com
            s=
            c=IN IP4 192.0.2.1
            t=0 0
            m=audio 30000 RTP/AVP 0
            a=rtpmap:0 PCMU/8000
            a=sendrecv
            m=video 0 RTP/AVP 31
            m=video 0 RTP/AVP 32
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void nothing_of_a_browsers_offer_leads_media_around_the_anchor() {
    Sdp anchored = SdpAnchor.at("192.0.2.1", 30_000).anchor(read(BROWSER));
    String text = anchored.text();

    assertThat(text)
        .doesNotContain("candidate", "ice-", "rtcp", "BUNDLE", "0.0.0.0", "192.0.2.7")
        .contains("a=fingerprint:sha-256 D2:FA", "a=ssrc:1001 cname:x", "a=mid:0");
    assertThat(anchored.media().get(1).media().isRejected()).isTrue();
    assertThat(anchored.audio().orElseThrow().codecs())
        .isEqualTo(read(BROWSER).audio().orElseThrow().codecs());
  }

  @Test
  void rtcp_mux_passes_only_when_the_anchor_says_so() {
    SdpAnchor mux = new SdpAnchor("192.0.2.1", 30_000, 30_001, SdpAnchor.RtcpMux.KEEP);
    MediaEndpoint shared = mux.anchor(read(BROWSER)).audioEndpoint().orElseThrow();
    MediaEndpoint apart =
        new SdpAnchor("192.0.2.1", 30_000, 30_007, SdpAnchor.RtcpMux.DROP)
            .anchor(read(BROWSER))
            .audioEndpoint()
            .orElseThrow();

    assertThat(shared).isEqualTo(new MediaEndpoint("192.0.2.1", 30_000, "192.0.2.1", 30_000, true));
    assertThat(apart).isEqualTo(new MediaEndpoint("192.0.2.1", 30_000, "192.0.2.1", 30_007, false));
  }

  @Test
  void a_hold_stays_a_hold_behind_the_anchor() {
    String old = ALICE.replace("c=IN IP4 host.anywhere.com", "c=IN IP4 0.0.0.0");
    String modern = ALICE.replace("a=rtpmap:0 PCMU/8000\n", "a=rtpmap:0 PCMU/8000\na=inactive\n");

    assertThat(SdpAnchor.at("192.0.2.1", 30_000).anchor(read(old)).audioDirection())
        .isEqualTo(Direction.SENDONLY);
    assertThat(SdpAnchor.at("192.0.2.1", 30_000).anchor(read(modern)).audioDirection())
        .isEqualTo(Direction.INACTIVE);
  }

  @Test
  void an_anchor_with_an_ipv6_address_says_ip6() {
    assertThat(SdpAnchor.at("[2001:db8::1]", 30_000).anchor(read(ALICE)).text())
        .contains("c=IN IP6 2001:db8::1\r\n");
  }

  @Test
  void a_rejected_voice_stays_rejected_behind_the_anchor() {
    Sdp anchored = SdpAnchor.at("192.0.2.1", 30_000).anchor(read(ALICE.replace("49170", "0")));
    assertThat(anchored.media()).allMatch(medium -> medium.media().isRejected());
  }

  @Test
  void an_answer_takes_the_voice_and_rejects_the_rest_in_its_place() {
    Sdp answer = phone().answer(read(ALICE), Direction.SENDRECV).orElseThrow();

    assertThat(answer.media()).hasSize(3);
    assertThat(answer.audio().orElseThrow().codecs()).containsExactly(Codec.PCMU);
    assertThat(answer.media().get(1).media().isRejected()).isTrue();
    assertThat(answer.media().get(2).media().isRejected()).isTrue();
  }

  @Test
  void an_answer_keeps_the_order_and_the_payload_types_of_the_offer() {
    Sdp offer =
        read(
            ALICE.replace(
                "m=audio 49170 RTP/AVP 0\n",
                "m=audio 49170 RTP/AVP 18 8 97 0\na=rtpmap:97 telephone-event/8000\n"));
    Sdp answer = phone().answer(offer, Direction.SENDRECV).orElseThrow();

    assertThat(answer.audio().orElseThrow().media().formats()).containsExactly("8", "97", "0");
  }

  @Test
  void an_offer_without_a_common_codec_has_no_answer() {
    assertThat(phone().answer(read(ALICE.replace("RTP/AVP 0", "RTP/AVP 18")), Direction.SENDRECV))
        .isEmpty();
    assertThat(phone().answer(read(BROWSER), Direction.SENDRECV)).isEmpty();
    Sdp keysOnly =
        read(
            ALICE
                .replace("RTP/AVP 0", "RTP/AVP 101")
                .replace("rtpmap:0 PCMU", "rtpmap:101 telephone-event"));
    assertThat(phone().answer(keysOnly, Direction.SENDRECV)).isEmpty();
  }

  @Test
  void directions_are_answered_as_rfc_3264_6_1_says() {
    for (Direction own : Direction.values()) {
      assertThat(Direction.SENDRECV.answeredWith(own)).isEqualTo(own);
      assertThat(Direction.INACTIVE.answeredWith(own)).isEqualTo(Direction.INACTIVE);
      assertThat(own.reversed().reversed()).isEqualTo(own);
    }
    assertThat(Direction.SENDONLY.answeredWith(Direction.SENDRECV)).isEqualTo(Direction.RECVONLY);
    assertThat(Direction.RECVONLY.answeredWith(Direction.SENDRECV)).isEqualTo(Direction.SENDONLY);
    assertThat(Direction.SENDONLY.answeredWith(Direction.SENDONLY)).isEqualTo(Direction.INACTIVE);
  }

  @Test
  void an_offer_of_ours_can_be_read_and_answered_by_ours() {
    Sdp offer = phone().offer(Direction.SENDONLY);
    Sdp answer = phone().answer(read(offer.text()), Direction.SENDRECV).orElseThrow();

    assertThat(answer.audioDirection()).isEqualTo(Direction.RECVONLY);
    assertThat(answer.audio().orElseThrow().codecs())
        .containsExactly(Codec.PCMU, Codec.PCMA, Codec.TELEPHONE_EVENT);
  }

  @Test
  void the_version_grows_with_each_change_and_stays_when_sent_again() {
    OwnOrigin origin = OwnOrigin.fresh("tandem", 1_000, "192.0.2.1");
    Sdp talking = phone().offer(Direction.SENDRECV);
    Sdp holding = phone().offer(Direction.SENDONLY);

    OwnOrigin.Issued first = origin.issue(talking);
    OwnOrigin.Issued again = first.origin().issue(talking);
    OwnOrigin.Issued held = again.origin().issue(holding);
    OwnOrigin.Issued resumed = held.origin().issue(talking);

    assertThat(first.sdp().origin())
        .contains(new Origin("tandem", "1000", "1000", "IP4", "192.0.2.1"));
    assertThat(again).isEqualTo(first);
    assertThat(held.sdp().origin().orElseThrow().version()).isEqualTo("1001");
    assertThat(resumed.sdp().origin().orElseThrow().version()).isEqualTo("1002");
    assertThat(resumed.sdp().origin().orElseThrow().sessionId()).isEqualTo("1000");
  }

  @Test
  void another_origin_of_the_far_side_alone_is_no_change_of_ours() {
    OwnOrigin.Issued first = OwnOrigin.fresh("t", 1, "192.0.2.1").issue(read(ALICE));
    OwnOrigin.Issued second = first.origin().issue(read(ALICE.replace("2890844526 IN", "9 IN")));
    assertThat(second.sdp()).isEqualTo(first.sdp());
  }

  private static AudioSession phone() {
    return AudioSession.g711("192.0.2.9", 4_000);
  }

  private static Sdp read(String text) {
    return new SdpParser().parse(text).good().orElseThrow();
  }
}

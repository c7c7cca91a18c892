package io.tandem.protocol.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SdpParserTest {

  /** The example of RFC 8866 section 5, which is also RFC 4566's with other addresses. */
  private static final String RFC_8866 =
      """
      v=0
      o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
      s=Call to John Smith
      i=SDP Offer #1
      u=http://www.jdoe.example.com/home.html
      e=Jane Doe <jane@jdoe.example.com>
      p=+1 617 555-6011
      c=IN IP4 198.51.100.1
      t=0 0
      m=audio 49170 RTP/AVP 0
      m=audio 49180 RTP/AVP 0
      m=video 51372 RTP/AVP 99
      c=IN IP6 2001:db8::2
      a=rtpmap:99 h263-1998/90000
      """;

  private final SdpParser parser = new SdpParser();

  @Test
  void the_example_of_rfc_8866_is_read_line_by_line() {
    Sdp sdp = read(RFC_8866);

    assertThat(sdp.origin())
        .contains(new Origin("jdoe", "3724394400", "3724394405", "IP4", "198.51.100.1"));
    assertThat(sdp.media()).hasSize(3);
    assertThat(sdp.audioEndpoint())
        .contains(new MediaEndpoint("198.51.100.1", 49170, "198.51.100.1", 49171, false));
    MediaDescription video = sdp.media().get(2);
    assertThat(sdp.connection(video)).contains(new Connection("IP6", "2001:db8::2"));
    assertThat(video.codecs()).containsExactly(new Codec(99, "h263-1998", 90_000, 1, null));
  }

  @Test
  void what_was_read_is_written_again_with_every_line_it_does_not_know() {
    String odd = RFC_8866 + "x=what\r\nk=prompt\na=fingerprint:sha-256 AA:BB\na=\nb=X-YZ:128\n";
    assertThat(read(odd).text()).isEqualTo(odd.replace("\r", "").replace("\n", "\r\n"));
  }

  @Test
  void carriage_returns_and_a_missing_last_line_end_make_no_difference() {
    String stripped = RFC_8866.stripTrailing();
    assertThat(read(RFC_8866.replace("\n", "\r\n"))).isEqualTo(read(RFC_8866));
    assertThat(read(stripped)).isEqualTo(read(RFC_8866));
    assertThat(read(RFC_8866 + "\r\n\r\n")).isEqualTo(read(RFC_8866));
  }

  @Test
  void blanks_and_tabs_around_the_words_of_a_medium_make_no_difference() {
    String blank =
        RFC_8866.replace("m=audio 49170 RTP/AVP 0\n", "m= audio  49170   RTP/AVP 0 \t\n");
    assertThat(read(blank)).isEqualTo(read(RFC_8866));
  }

  @Test
  void of_two_explanations_of_a_codec_the_first_holds() {
    String twice = RFC_8866 + "a=rtpmap:99 VP8/90000\na=fmtp:9 x=1\na=fmtp:99 y=2\n";
    assertThat(read(twice).media().get(2).codecs())
        .containsExactly(new Codec(99, "h263-1998", 90_000, 1, "y=2"));
  }

  @Test
  void an_audio_stream_with_port_0_is_rejected_media() {
    Sdp sdp = read(RFC_8866.replace("49170", "0"));
    assertThat(sdp.media().getFirst().media().isRejected()).isTrue();
    assertThat(sdp.audioEndpoint().orElseThrow().rtpPort()).isEqualTo(49180);
    Sdp none = read(RFC_8866.replace("49170", "0").replace("49180", "0"));
    assertThat(none.audio()).isEmpty();
    assertThat(none.audioDirection()).isEqualTo(Direction.INACTIVE);
    assertThat(none.holds()).isFalse();
  }

  @Test
  void codecs_follow_the_order_of_the_m_line_with_their_parameters() {
    Sdp sdp =
        read(
            """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            c=IN IP4 127.0.0.1
            t=0 0
            m=audio 4000 RTP/AVP 96 8 101 77
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-16
            a=rtpmap:96 opus/48000/2
            a=fmtp:96 useinbandfec=1
            a=ptime:20
            """);
    MediaDescription audio = sdp.audio().orElseThrow();
    assertThat(audio.codecs())
        .containsExactly(
            new Codec(96, "opus", 48_000, 2, "useinbandfec=1"),
            Codec.PCMA,
            new Codec(101, "telephone-event", 8_000, 1, "0-16"));
    assertThat(audio.ptimeMs()).isEqualTo(20);
  }

  @Test
  void a_direction_is_the_mediums_else_the_sessions_else_sendrecv() {
    assertThat(direction("", "")).isEqualTo(Direction.SENDRECV);
    assertThat(direction("a=sendonly\n", "")).isEqualTo(Direction.SENDONLY);
    assertThat(direction("a=sendonly\n", "a=recvonly\n")).isEqualTo(Direction.RECVONLY);
    assertThat(direction("", "a=inactive\n")).isEqualTo(Direction.INACTIVE);
  }

  @Test
  void a_connection_to_nowhere_holds_in_the_old_way() {
    assertThat(direction("", "c=IN IP4 0.0.0.0\n")).isEqualTo(Direction.SENDONLY);
    assertThat(direction("", "c=IN IP4 0.0.0.0\na=recvonly\n")).isEqualTo(Direction.INACTIVE);
    assertThat(read(withAudio("", "c=IN IP4 0.0.0.0\n")).holds()).isTrue();
    assertThat(read(withAudio("", "a=sendonly\n")).holds()).isTrue();
    assertThat(read(withAudio("", "")).holds()).isFalse();
  }

  @Test
  void rtcp_goes_where_rfc_3605_and_rfc_5761_say() {
    assertThat(endpoint("a=rtcp:53020\n").rtcpPort()).isEqualTo(53020);
    assertThat(endpoint("a=rtcp:53020 IN IP4 126.16.64.4\n"))
        .isEqualTo(new MediaEndpoint("127.0.0.1", 4000, "126.16.64.4", 53020, false));
    assertThat(endpoint("a=rtcp-mux\n").rtcpPort()).isEqualTo(4000);
    assertThat(endpoint("a=rtcp:nonsense\n").rtcpPort()).isEqualTo(4001);
  }

  @Test
  void a_flaw_names_its_line() {
    assertThat(flaw("")).isEqualTo(new SdpOutcome.Bad(0, "does not begin with v=, o= and s="));
    assertThat(flaw("v=1\n").line()).isEqualTo(1);
    assertThat(flaw("o=- 1 1 IN IP4 h\n").why()).isEqualTo("v= expected");
    assertThat(flaw("v=0\no=- x 1 IN IP4 h\ns=-\n"))
        .isEqualTo(new SdpOutcome.Bad(2, "o= is malformed"));
    assertThat(flaw(withAudio("", "nonsense\n")).line()).isEqualTo(7);
    assertThat(flaw(withAudio("", "c=IN IP4\n")))
        .isEqualTo(new SdpOutcome.Bad(7, "c= is malformed"));
    assertThat(flaw(withAudio("", "m=audio 70000 RTP/AVP 0\n")).why()).isEqualTo("m= is malformed");
    assertThat(flaw(withAudio("", "m=audio 4000 RTP/AVP\n")).line()).isEqualTo(7);
    assertThat(flaw(withAudio("", "\nm=audio 4000 RTP/AVP 0\n")).why()).isEqualTo("empty line");
    assertThat(flaw(withAudio("", "s=again\n")).why()).isEqualTo("s= a second time");
    assertThat(flaw(withAudio("", "").replace("c=IN IP4 127.0.0.1\n", "")).why()).contains("no c=");
  }

  @Test
  void a_rejected_stream_needs_no_connection() {
    String text = withAudio("", "").replace("c=IN IP4 127.0.0.1\n", "").replace("4000", "0");
    assertThat(read(text).audio()).isEmpty();
  }

  @Test
  void size_lines_and_media_are_limited() {
    SdpParser small = new SdpParser(new SdpLimits(400, 10, 2));
    assertThat(small.parse(withAudio("", "a=" + "x".repeat(400) + "\n")))
        .isEqualTo(new SdpOutcome.Bad(0, "longer than 400 characters"));
    assertThat(small.parse(withAudio("", "a=x\n".repeat(5))))
        .isEqualTo(new SdpOutcome.Bad(11, "more than 10 lines"));
    assertThat(small.parse(withAudio("", "m=audio 1 RTP/AVP 0\n".repeat(2))))
        .isEqualTo(new SdpOutcome.Bad(8, "more than 2 media"));
  }

  @Test
  void no_truncation_and_no_changed_byte_throws() {
    byte[] bytes = RFC_8866.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut < bytes.length; cut++) {
      parser.parse(java.util.Arrays.copyOf(bytes, cut));
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[cut] ^= (byte) (1 << bit);
        parser
            .parse(changed)
            .good()
            .ifPresent(
                sdp -> {
                  SdpAnchor.at("192.0.2.1", 30_000).anchor(sdp).text();
                  sdp.media().forEach(MediaDescription::codecs);
                });
      }
    }
  }

  private Direction direction(String session, String medium) {
    return read(withAudio(session, medium)).audioDirection();
  }

  private MediaEndpoint endpoint(String medium) {
    return read(withAudio("", medium)).audioEndpoint().orElseThrow();
  }

  private static String withAudio(String session, String medium) {
    return "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\n"
        + "t=0 0\n"
        + session
        + "m=audio 4000 RTP/AVP 0\n"
        + medium;
  }

  private Sdp read(String text) {
    assertThat(parser.parse(text)).isInstanceOf(SdpOutcome.Good.class);
    return parser.parse(text).good().orElseThrow();
  }

  private SdpOutcome.Bad flaw(String text) {
    return (SdpOutcome.Bad) parser.parse(text);
  }
}

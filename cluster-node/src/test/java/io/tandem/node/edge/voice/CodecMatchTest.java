package io.tandem.node.edge.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpParser;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What two phones come to, offer by offer. */
class CodecMatchTest {

  @Test
  void an_offer_is_passed_on_with_our_codecs_behind_those_it_has() {
    Sdp widened = CodecMatch.widened(audio("0 101", "101 telephone-event/8000"));
    assertThat(formats(widened)).isEqualTo("0 101 9 8 111");
    assertThat(widened.text())
        .contains("a=rtpmap:9 G722/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:111 opus/48000/2");
  }

  @Test
  void opus_of_ours_asks_for_error_correction_in_offers_and_answers() {
    assertThat(CodecMatch.widened(audio("0")).text()).contains("a=fmtp:111 useinbandfec=1");
    Sdp offer = audio("107 101", "107 opus/48000/2", "101 telephone-event/8000");
    CodecMatch.Agreement agreed = CodecMatch.agree(offer, audio("0")).orElseThrow();
    assertThat(agreed.transcoded()).isTrue();
    assertThat(agreed.answer().text()).contains("a=fmtp:107 useinbandfec=1");
    Sdp common = CodecMatch.agree(offer, offer).orElseThrow().answer();
    assertThat(common.text()).as("what the parties say to each other").doesNotContain("fec");
  }

  @Test
  void a_number_that_the_offer_uses_otherwise_is_left_to_it() {
    Sdp widened = CodecMatch.widened(audio("0 111 96", "111 SILK/24000", "96 SILK/16000"));
    assertThat(formats(widened)).isEqualTo("0 111 96 9 8 97");
  }

  @Test
  void an_offer_of_nothing_that_we_can_decode_is_passed_on_as_it_is() {
    Sdp offer = audio("18", "18 G729/8000");
    assertThat(CodecMatch.widened(offer)).isEqualTo(offer);
    CodecMatch.Agreement agreed = CodecMatch.agree(offer, offer).orElseThrow();
    assertThat(agreed.transcoded()).isFalse();
    assertThat(agreed.offerer()).isEmpty();
    assertThat(agreed.answer()).isEqualTo(offer);
  }

  @Test
  void a_codec_of_both_is_relayed_and_what_only_we_had_offered_is_kept_from_the_offerer() {
    Sdp offer = audio("107 0 101", "107 opus/48000/2", "101 telephone-event/8000");
    Sdp answer = audio("0 9 101", "101 telephone-event/8000");
    CodecMatch.Agreement agreed = CodecMatch.agree(offer, answer).orElseThrow();
    assertThat(agreed.transcoded()).isFalse();
    assertThat(agreed.offerer()).contains(new LegFormat(VoiceCodec.PCMU, 0, 101));
    assertThat(formats(agreed.answer())).isEqualTo("0 101");
  }

  @Test
  void who_numbers_a_common_codec_otherwise_is_sent_its_own_number_and_the_offerer_keeps_its() {
    Sdp offer = audio("107 101", "107 opus/48000/2", "101 telephone-event/48000");
    Sdp answer = audio("96 107", "96 opus/48000/2", "107 telephone-event/48000");
    CodecMatch.Agreement agreed = CodecMatch.agree(offer, answer).orElseThrow();
    assertThat(agreed.transcoded()).isFalse();
    assertThat(formats(agreed.answer())).isEqualTo("107 101");
    assertThat(agreed.answer().text()).contains("a=rtpmap:107 opus/48000/2");
    assertThat(agreed.offerer()).contains(new LegFormat(VoiceCodec.OPUS, 107, 101));
    assertThat(agreed.answerer()).contains(new LegFormat(VoiceCodec.OPUS, 96, 107));
    assertThat(agreed.numbers()).isEqualTo(Map.of(107, 96, 101, 107));
    assertThat(agreed.backwards()).as("107 is the offerer's Opus").isEqualTo(Map.of(96, 107));
  }

  @Test
  void a_codec_named_twice_is_the_one_of_the_same_number() {
    Sdp offer = audio("97 98", "97 iLBC/8000", "98 iLBC/8000");
    CodecMatch.Agreement agreed =
        CodecMatch.agree(offer, audio("98", "98 iLBC/8000")).orElseThrow();
    assertThat(agreed.numbers()).isEmpty();
    assertThat(formats(agreed.answer())).isEqualTo("98");
  }

  @Test
  void without_a_common_codec_each_side_keeps_one_of_its_own_and_its_own_number_for_keys() {
    Sdp offer = audio("0 8 100", "100 telephone-event/8000");
    Sdp answer =
        audio(
            "111 126 100",
            "111 opus/48000/2",
            "126 telephone-event/48000",
            "100 telephone-event/8000");
    CodecMatch.Agreement agreed = CodecMatch.agree(offer, answer).orElseThrow();
    assertThat(agreed.transcoded()).isTrue();
    assertThat(agreed.offerer()).contains(new LegFormat(VoiceCodec.PCMU, 0, 100));
    assertThat(agreed.answerer()).contains(new LegFormat(VoiceCodec.OPUS, 111, 126));
    assertThat(formats(agreed.answer())).isEqualTo("0 100");
    assertThat(agreed.answer().text()).doesNotContain("opus");
  }

  @Test
  void an_answer_that_nobody_speaks_is_no_agreement() {
    Sdp offer = audio("18", "18 G729/8000");
    assertThat(CodecMatch.agree(offer, audio("0"))).isEmpty();
    assertThat(CodecMatch.agree(audio("0"), offer)).isEmpty();
  }

  @Test
  void who_offers_to_do_nothing_is_answered_so_whatever_the_other_side_was_asked() {
    Sdp offer = audio("0").withAudio(audio -> audio.withDirection(Direction.INACTIVE));
    Sdp answer = audio("0").withAudio(audio -> audio.withDirection(Direction.RECVONLY));
    assertThat(CodecMatch.agree(offer, answer).orElseThrow().answer().audioDirection())
        .isEqualTo(Direction.INACTIVE);
  }

  private static String formats(Sdp sdp) {
    return String.join(" ", sdp.audio().orElseThrow().media().formats());
  }

  private static Sdp audio(String formats, String... rtpmaps) {
    StringBuilder text =
        new StringBuilder(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n");
    text.append("m=audio 4000 RTP/AVP ").append(formats).append("\r\n");
    for (String rtpmap : rtpmaps) {
      text.append("a=rtpmap:").append(rtpmap).append("\r\n");
    }
    return new SdpParser()
        .parse(text.toString().getBytes(StandardCharsets.UTF_8))
        .good()
        .orElseThrow();
  }
}

package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.campaign.CampaignVoice;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An INVITE over UDP whose sender and whose description may both be somebody else's. */
class UnprovenCallerTest {
  @TempDir Path directory;

  @Test
  @Tag("rule:ACC-8")
  @Tag("rule:CMP-3")
  void who_has_not_shown_that_it_hears_us_is_sent_no_voice_and_its_call_is_not_recorded()
      throws Exception {
    CampaignVoice voice =
        new CampaignVoice("Welcome.", CampaignVoice.Recording.AFTER_NOTICE, "This is recorded.");
    try (Exchange exchange =
            Exchange.open(
                Exchange.settings(directory, "tandem.sip.defence.trusted = []"),
                UnaryOperator.identity(),
                Market.oneByOne().with(voice));
        DatagramSocket victim = new DatagramSocket(0, InetAddress.getByName("127.0.0.3"));
        RawSip forger =
            new RawSip(exchange.node().edge().orElseThrow().sipAddress(), "127.0.0.2")) {
      exchange.market().agent("anna", 100);
      exchange.phones().phone("anna");
      forger.send(
          RawSip.SDP
              .replace("c=IN IP4 127.0.0.1", "c=IN IP4 127.0.0.3")
              .replace("m=audio 9000", "m=audio " + victim.getLocalPort()),
          "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
          forger.via("forged"),
          "Max-Forwards: 70",
          "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=f",
          "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
          "Call-ID: forged",
          "CSeq: 1 INVITE",
          "Contact: <sip:" + Market.CALLER + "@127.0.0.2:" + forger.port() + ">",
          "Content-Type: application/sdp");
      String callId = Telephones.callId(exchange.phones().awaitRung(1));
      Market.await(
          "it was not told",
          () ->
              exchange.market().events("call", callId, CallEvent.RecordingDecided.class).stream()
                  .anyMatch(decided -> decided.ground().equals("NOTICE_NOT_PLAYED")));
      victim.setSoTimeout(100);
      assertThatThrownBy(() -> victim.receive(new DatagramPacket(new byte[2048], 2048)))
          .as("neither greeting nor ringback")
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(exchange.phones().rung()).hasSize(1);
    }
  }
}

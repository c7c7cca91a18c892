package io.tandem.protocol.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DialogTest {

  private static final SipRequest INVITE =
      request(
          """
          INVITE sip:bob@biloxi.example SIP/2.0
          Via: SIP/2.0/UDP p2.example;branch=z9hG4bKp2
          Via: SIP/2.0/UDP alice.example;branch=z9hG4bKa
          Record-Route: <sip:p2.example;lr>
          Record-Route: <sip:p1.example;lr>
          Max-Forwards: 68
          From: "Alice A." <sip:alice@atlanta.example>;tag=1928
          To: Bob <sip:bob@biloxi.example>
          Call-ID: a84b4c76e66710
          CSeq: 314159 INVITE
          Contact: <sip:alice@alice.example:5070;transport=tcp>
          """);

  private static final SipResponse OK =
      SipResponse.to(INVITE, 200, "b-tag").with("Contact", "<sip:bob@192.0.2.4>");

  private final Dialog bob = Dialog.uas(INVITE, "b-tag", false).orElseThrow().confirm();
  private final Dialog alice = Dialog.uac(INVITE, OK, false).orElseThrow();

  @Test
  void both_ends_see_the_same_dialog_from_their_side() {
    assertThat(bob.id()).isEqualTo(new DialogId("a84b4c76e66710", "b-tag", "1928"));
    assertThat(alice.id()).isEqualTo(new DialogId("a84b4c76e66710", "1928", "b-tag"));
    assertThat(bob.routes()).containsExactly("<sip:p2.example;lr>", "<sip:p1.example;lr>");
    assertThat(alice.routes()).containsExactly("<sip:p1.example;lr>", "<sip:p2.example;lr>");
    assertThat(bob.remoteTarget()).isEqualTo("sip:alice@alice.example:5070;transport=tcp");
    assertThat(alice.remoteTarget()).isEqualTo("sip:bob@192.0.2.4");
    assertThat(bob.remoteCseq()).isEqualTo(314159);
    assertThat(alice.localCseq()).isEqualTo(314159);
  }

  @Test
  void a_request_through_loose_routers_goes_to_the_target_by_the_routes() {
    SipRequest bye = bob.request("BYE").request().build();

    assertThat(bye.uri().toString()).isEqualTo("sip:alice@alice.example:5070;transport=tcp");
    assertThat(bye.headers().all("Route"))
        .containsExactly("<sip:p2.example;lr>", "<sip:p1.example;lr>");
    assertThat(bye.from().toString()).isEqualTo("\"Bob\" <sip:bob@biloxi.example>;tag=b-tag");
    assertThat(bye.to().toString()).isEqualTo("\"Alice A.\" <sip:alice@atlanta.example>;tag=1928");
    assertThat(bye.cseq().toString()).isEqualTo("1 BYE");
    assertThat(bob.nextHop().host()).isEqualTo("p2.example");
  }

  @Test
  void a_request_through_a_strict_router_is_addressed_to_it_and_the_target_goes_last() {
    SipRequest strict =
        INVITE.with("Record-Route", "<sip:strict.example;maddr=192.0.2.9;method=INVITE?x=y>");
    Dialog dialog =
        Dialog.uas(strict.adding("Record-Route", "<sip:p1.example;lr>"), "b", false).orElseThrow();
    SipRequest bye = dialog.request("BYE").request().build();

    assertThat(bye.uri().toString()).isEqualTo("sip:strict.example;maddr=192.0.2.9");
    assertThat(bye.headers().all("Route"))
        .containsExactly("<sip:p1.example;lr>", "<sip:alice@alice.example:5070;transport=tcp>");
  }

  @Test
  void each_request_takes_the_next_number_and_the_ack_that_of_its_invite() {
    Dialog.Spoken info = alice.request("INFO");
    Dialog.Spoken bye = info.next().request("BYE");

    assertThat(info.request().build().cseq().number()).isEqualTo(314160);
    assertThat(bye.request().build().cseq().number()).isEqualTo(314161);
    assertThat(bye.next().ack(alice.inviteCseq()).build().cseq().toString())
        .isEqualTo("314159 ACK");
  }

  @Test
  void an_ack_matches_its_2xx_by_dialog_and_number() {
    SipRequest ack = alice.ack(314159).build();

    assertThat(bob.isAcknowledgedBy(ack, 314159)).isTrue();
    assertThat(bob.isAcknowledgedBy(ack, 314160)).isFalse();
    assertThat(bob.isAcknowledgedBy(alice.request("BYE").request().build(), 314159)).isFalse();
    Dialog forked = Dialog.uas(INVITE, "other-tag", false).orElseThrow();
    assertThat(forked.isAcknowledgedBy(ack, 314159)).isFalse();
  }

  @Test
  void a_number_that_goes_backwards_is_out_of_order() {
    SipRequest info =
        alice.request("INFO").request().header("Via", "SIP/2.0/UDP a;branch=z9hG4bK1").build();
    Dialog after = ((Dialog.Heard.InOrder) bob.hear(info)).next();

    assertThat(after.remoteCseq()).isEqualTo(314160);
    SipRequest late = request(text(info).replace("314160", "314158"));
    assertThat(after.hear(late)).isEqualTo(new Dialog.Heard.OutOfOrder(314160));
    assertThat(alice.hear(bob.request("BYE").request().build()))
        .isInstanceOf(Dialog.Heard.InOrder.class);
  }

  @Test
  void a_re_invite_and_its_answer_refresh_the_targets() {
    SipRequest again =
        alice.request("INVITE").request().header("Contact", "<sip:alice@198.51.100.7>").build();
    Dialog after = ((Dialog.Heard.InOrder) bob.hear(again)).next();
    SipResponse answer = SipResponse.to(again, 200, null).with("Contact", "<sip:bob@203.0.113.9>");

    assertThat(after.remoteTarget()).isEqualTo("sip:alice@198.51.100.7");
    assertThat(alice.refreshedBy(answer).remoteTarget()).isEqualTo("sip:bob@203.0.113.9");
    assertThat(after.routes()).isEqualTo(bob.routes());
  }

  @Test
  void a_bye_does_not_refresh_the_target() {
    SipRequest bye =
        alice.request("BYE").request().header("Contact", "<sip:x@evil.example>").build();
    assertThat(((Dialog.Heard.InOrder) bob.hear(bye)).next().remoteTarget())
        .isEqualTo(bob.remoteTarget());
  }

  @Test
  void an_early_dialog_takes_target_and_routes_from_its_2xx() {
    SipResponse ringing =
        SipResponse.to(INVITE, 180, "b-tag").with("Contact", "<sip:early@192.0.2.4>");
    Dialog early = Dialog.uac(INVITE, ringing, false).orElseThrow();
    Dialog confirmed = early.confirmedBy(OK.without("Record-Route"));

    assertThat(early.confirmed()).isFalse();
    assertThat(confirmed.confirmed()).isTrue();
    assertThat(confirmed.remoteTarget()).isEqualTo("sip:bob@192.0.2.4");
    assertThat(confirmed.routes()).isEmpty();
  }

  @Test
  void no_dialog_comes_of_a_100_a_failure_or_a_message_without_contact() {
    assertThat(Dialog.uac(INVITE, SipResponse.to(INVITE, 100, null), false)).isEmpty();
    assertThat(Dialog.uac(INVITE, SipResponse.to(INVITE, 486, "t"), false)).isEmpty();
    assertThat(Dialog.uac(INVITE, OK.without("Contact"), false)).isEmpty();
    assertThat(Dialog.uas(INVITE.without("Contact"), "t", false)).isEmpty();
    assertThat(Dialog.uas(INVITE.with("Contact", "<tel:+4930123456>"), "t", false)).isEmpty();
  }

  @Test
  void a_survivor_speaks_with_numbers_the_dead_edge_cannot_have_used() {
    SipRequest bye = bob.speakAfterFailover().request("BYE").request().build();
    assertThat(bye.cseq().number()).isEqualTo(10_001);
    assertThat(alice.hear(bye)).isInstanceOf(Dialog.Heard.InOrder.class);
  }

  @Test
  void a_sips_dialog_over_tls_is_secure() {
    SipRequest sips = request(text(INVITE).replace("INVITE sip:", "INVITE sips:"));
    assertThat(Dialog.uas(sips, "t", true).orElseThrow().secure()).isTrue();
    assertThat(Dialog.uas(INVITE, "t", true).orElseThrow().secure()).isFalse();
  }

  @Test
  void a_dialogs_text_names_nobody() {
    assertThat(bob.toString()).isEqualTo("Dialog[UAS, confirmed]");
  }

  private static String text(SipRequest request) {
    return new String(request.toBytes(), StandardCharsets.UTF_8);
  }

  private static SipRequest request(String text) {
    String wire = text.strip().replace("\r", "").replace("\n", "\r\n") + "\r\n\r\n";
    ParseOutcome outcome = new SipParser().parse(wire.getBytes(StandardCharsets.UTF_8));
    return (SipRequest) ((ParseOutcome.Good) outcome).message();
  }
}

package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent hands its caller on to a colleague, or tries to. */
class TransferOverSipTest {
  @TempDir Path directory;

  private Exchange exchange;
  private Market market;

  @BeforeEach
  void start() {
    exchange = Exchange.open(directory);
    market = exchange.market();
    market.agent("anna", 100);
    market.colleague("bert", "anna");
    exchange.phones().phone("anna");
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  @Test
  @Tag("rule:TEL-11")
  @Tag("rule:QT-6")
  void a_blind_transfer_to_a_colleague_goes_on_as_the_same_call_with_the_same_charge() {
    exchange.phones().phone("bert");
    Exchange.Connected call = exchange.connect();
    exchange.edge().advance(30_000);
    assertThat(Telephones.within(call.agent().hold()).status()).isEqualTo(200);
    assertThat(Telephones.within(call.agent().refer("<sip:bert@127.0.0.1>")).status())
        .isEqualTo(202);
    assertThat(Telephones.within(call.agent().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(fragments(call.agent())).startsWith("100").endsWith("200");
    UaCall bert = exchange.phones().awaitRung(2);
    assertThat(bert.invite().header("Referred-By")).isNotNull();
    assertThat(Telephones.within(bert.answered())).isTrue();
    // the caller was on hold and is shown its new partner, both ways
    Market.await(
        "the caller is taken off hold",
        () ->
            call.caller().heard().stream()
                .filter(r -> r.is(SipRequest.INVITE))
                .anyMatch(r -> r.bodyText().contains("a=sendrecv")));

    exchange.edge().advance(Exchange.TIMER_MILLIS - 30_000);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(75);
    var ended = exchange.hangUp(bert, call.callId());
    assertThat(Telephones.within(call.caller().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(ended.end().connectedMillis()).isEqualTo(90_000);
    assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.AGENT);
    assertThat(market.events("wallet", "acct-anna:USD", WalletEvent.Captured.class)).hasSize(1);
  }

  @Test
  @Tag("rule:TEL-11")
  void an_agent_that_hangs_up_while_the_colleague_rings_leaves_the_caller_to_the_colleague() {
    exchange.phones().phone("bert", exchange.phones().ringing());
    Exchange.Connected call = exchange.connect();
    assertThat(Telephones.within(call.agent().refer("<sip:bert@127.0.0.1>")).status())
        .isEqualTo(202);
    UaCall bert = exchange.phones().awaitRung(2);
    call.agent().hangUp();
    assertThat(Telephones.within(call.agent().ended()).status()).isEqualTo(200);
    assertThat(call.caller().state()).isEqualTo(UaCall.State.ANSWERED);
    exchange.phones().answer(bert);
    assertThat(Telephones.within(bert.answered())).isTrue();
    call.caller().hangUp();
    assertThat(Telephones.within(bert.ended()).cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
  }

  /** RFC 5589 7.1: the phone it talked to before is told which dialog the caller takes over. */
  @Test
  @Tag("rule:TEL-11")
  void an_attended_transfer_names_the_talk_before_it_and_a_refusal_leaves_the_caller_where_it_is() {
    exchange.phones().phone("bert", exchange.phones().plan(486));
    Exchange.Connected call = exchange.connect();
    String attended = "<sip:bert@127.0.0.1?Replaces=talk%40b%3Bto-tag%3Dx%3Bfrom-tag%3Dy>";
    assertThat(Telephones.within(call.agent().refer(attended)).status()).isEqualTo(202);
    UaCall bert = exchange.phones().awaitRung(2);
    assertThat(bert.invite().header("Replaces")).isEqualTo("talk@b;to-tag=x;from-tag=y");
    Market.await("it is told", () -> fragments(call.agent()).endsWith("486"));
    assertThat(call.agent().state()).isEqualTo(UaCall.State.ANSWERED);
    assertThat(Telephones.within(call.agent().refer("<sip:+12125550199@127.0.0.1>")).status())
        .as("nobody is transferred off the platform")
        .isEqualTo(403);
    assertThat(Telephones.within(call.caller().refer("<sip:bert@127.0.0.1>")).status())
        .as("a caller transfers nobody")
        .isEqualTo(403);
    exchange.hangUp(call.caller(), call.callId());
  }

  @Test
  @Tag("rule:TEL-11")
  void
      an_attended_transfer_that_is_answered_brings_the_caller_to_whom_the_agent_talked_to_before() {
    exchange.phones().phone("bert");
    Exchange.Connected call = exchange.connect();
    String attended = "<sip:bert@127.0.0.1?Replaces=talk%40b%3Bto-tag%3Dx%3Bfrom-tag%3Dy>";
    assertThat(Telephones.within(call.agent().refer(attended)).status()).isEqualTo(202);
    UaCall bert = exchange.phones().awaitRung(2);
    assertThat(bert.invite().optionTags("Require")).contains("replaces");
    assertThat(bert.invite().header("Replaces")).isEqualTo("talk@b;to-tag=x;from-tag=y");
    assertThat(Telephones.within(call.agent().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(fragments(call.agent())).endsWith("200");
    var ended = exchange.hangUp(bert, call.callId());
    assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.AGENT);
    assertThat(Telephones.within(call.caller().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
  }

  private static String fragments(UaCall call) {
    List<String> told =
        call.heard().stream()
            .filter(request -> request.is(SipRequest.NOTIFY))
            .map(request -> request.bodyText().split(" ", -1)[1])
            .toList();
    return String.join(" ", told);
  }
}

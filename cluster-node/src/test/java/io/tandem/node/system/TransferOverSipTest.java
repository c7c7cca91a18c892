package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.LegDialog;
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

  /** RFC 3891: who is named in Replaces leaves for who proves to be its colleague. */
  @Test
  @Tag("rule:TEL-11")
  @Tag("rule:QT-6")
  void a_colleague_that_calls_with_replaces_takes_the_agents_place_and_the_timer_goes_on() {
    exchange.phones().phone("bert");
    Exchange.Connected call = exchange.connect();
    exchange.edge().advance(30_000);
    String replaces = replacing(call);
    UaCall bert = exchange.phones().callAs("bert", Market.password("bert"), replaces);
    assertThat(Telephones.within(bert.answered())).isTrue();
    assertThat(Telephones.within(call.agent().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    Market.await(
        "the caller is shown its new partner",
        () -> call.caller().heard().stream().anyMatch(r -> r.is(SipRequest.INVITE)));
    exchange.edge().advance(Exchange.TIMER_MILLIS - 30_000);
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).as("charged once").isEqualTo(75);

    UaCall late = exchange.phones().callAs("bert", Market.password("bert"), replaces);
    assertThat(Telephones.within(late.ended()).status()).as("anna is there no more").isEqualTo(603);
    var ended = exchange.hangUp(bert, call.callId());
    assertThat(Telephones.within(call.caller().ended()).cause())
        .isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
    assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.AGENT);
  }

  @Test
  @Tag("rule:TEL-11")
  void replaces_moves_nobody_for_a_stranger_another_account_the_callers_side_or_a_guess() {
    market.endpoint("carl", List.of("MD5"));
    exchange.phones().phone("bert");
    Exchange.Connected call = exchange.connect();
    String replaces = replacing(call);
    assertThat(status("bert", "wrong", replaces)).isEqualTo(403);
    assertThat(status("carl", Market.password("carl"), replaces)).isEqualTo(403);
    String password = Market.password("bert");
    assertThat(status("bert", password, "no@where;to-tag=a;from-tag=b")).isEqualTo(481);
    assertThat(status("bert", password, "half;to-tag=a")).isEqualTo(400);
    assertThat(status("bert", password, replaces + ";early-only")).isEqualTo(486);
    assertThat(status("bert", password, replacing(connected(call).callerLeg()))).isEqualTo(403);
    assertThat(call.agent().state()).isEqualTo(UaCall.State.ANSWERED);
    exchange.hangUp(call.caller(), call.callId());
  }

  private int status(String user, String password, String replaces) {
    UaCall call = exchange.phones().callAs(user, password, replaces);
    return Telephones.within(call.ended()).status();
  }

  private CallState.Connected connected(Exchange.Connected call) {
    return market.awaitPhase(call.callId(), CallState.Connected.class);
  }

  private String replacing(Exchange.Connected call) {
    return replacing(connected(call).agentLeg());
  }

  private static String replacing(LegDialog leg) {
    return leg.callId() + ";to-tag=" + leg.localTag() + ";from-tag=" + leg.remoteTag();
  }

  /** RFC 5627: a GRUU is one device, and its siblings are left alone. */
  @Test
  @Tag("rule:TEL-11")
  void a_transfer_to_a_gruu_rings_that_device_and_no_other() {
    exchange.phones().phone("bert");
    Exchange.Connected call = exchange.connect();
    String gruu = "<sip:bert@127.0.0.1;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>";
    assertThat(Telephones.within(call.agent().refer(gruu)).status()).isEqualTo(202);
    Market.await("there is none", () -> fragments(call.agent()).endsWith("480"));
    assertThat(exchange.phones().rung()).as("bert's other device").hasSize(1);
    exchange.hangUp(call.caller(), call.callId());
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

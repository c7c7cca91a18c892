package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What carriers and we say to each other, as it is on the wire, and what of it is believed. */
class CarrierOnTheWireTest {
  private static final String ABROAD = "13105550199";

  @TempDir Path directory;

  private Exchange exchange;
  private RawSip carrier;
  private RawSip caller;

  @BeforeEach
  void start() {
    exchange =
        Exchange.open(Exchange.settings(directory), UnaryOperator.identity(), Market.oneByOne());
    var node = exchange.node().edge().orElseThrow().sipAddress();
    carrier = new RawSip(node, "127.0.0.2");
    caller = new RawSip(node);
    trunk("carrier", carrier, "127.0.0.2", 1);
    String ping = carrier.await(text -> text.startsWith("OPTIONS "));
    carrier.reply(ping, "200 OK", "c");
  }

  @AfterEach
  void stop() {
    carrier.close();
    caller.close();
    exchange.close();
  }

  private void trunk(String id, RawSip there, String host, int rank) {
    TrunkTerms terms =
        new TrunkTerms(
            List.of("sip:" + host + ":" + there.port()),
            null,
            List.of(),
            List.of(),
            null,
            null,
            List.of("PCMU"),
            new TrunkTerms.Numbers("PLUS", "", "", "", ""),
            List.of(new TrunkTerms.Route("1", rank)));
    assertThat(exchange.market().ask("trunk", id, new TrunkCommand.Define(terms)))
        .isInstanceOf(TrunkReply.Done.class);
  }

  private void invite(RawSip from, String callId, String... headers) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
                from.via(callId),
                "Max-Forwards: 70",
                "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a",
                "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
                "Contact: <sip:" + Market.CALLER + "@127.0.0.1:" + from.port() + ">",
                "Call-ID: " + callId,
                "CSeq: 1 INVITE",
                "Content-Type: application/sdp"));
    lines.addAll(List.of(headers));
    from.send(RawSip.SDP, lines.toArray(String[]::new));
  }

  private void cancel(String callId, String... headers) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "CANCEL sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
                caller.via(callId),
                "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a",
                "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
                "Call-ID: " + callId,
                "CSeq: 1 CANCEL"));
    lines.addAll(List.of(headers));
    caller.send("", lines.toArray(String[]::new));
  }

  @Test
  @Tag("rule:TEL-3")
  void an_address_that_twice_answers_a_ping_with_503_gets_no_calls() {
    try (RawSip sick = new RawSip(exchange.node().edge().orElseThrow().sipAddress(), "127.0.0.3")) {
      trunk("better", sick, "127.0.0.3", 0);
      for (int i = 0; i < 2; i++) {
        sick.reply(sick.await(text -> text.startsWith("OPTIONS ")), "503 Sick", "s" + i);
      }
      Market.await("it is in quarantine", () -> usable("better") == 0);
      exchange.market().agentAbroad("bob", ABROAD, 100);
      invite(caller, "around");
      String out = carrier.await(text -> text.startsWith("INVITE "));
      carrier.reply(out, "486 Busy Here", "c");
      assertThat(caller.awaitFinal()).startsWith("SIP/2.0 480");
      assertThat(sick.hear(200)).noneMatch(text -> text.startsWith("INVITE "));
    }
  }

  private double usable(String trunk) {
    return exchange.node().meters().find("tandem.trunk.targets.usable").tag("trunk", trunk).gauge()
            instanceof Gauge known
        ? known.value()
        : -1;
  }

  /** RFC 3325, RFC 7044, RFC 3326. */
  @Test
  @Tag("rule:TEL-3")
  @Tag("rule:TEL-12")
  void
      a_carrier_is_told_which_way_a_call_came_and_why_it_ended_and_no_number_that_nobody_verified() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    invite(
        caller,
        "told",
        "P-Asserted-Identity: <sip:+19005550000@127.0.0.1>",
        "History-Info: <sip:+19005550001@127.0.0.1>;index=1");
    String out = carrier.await(text -> text.startsWith("INVITE "));
    int own = exchange.node().edge().orElseThrow().sipAddress().getPort();
    assertThat(out)
        .contains("From: <sip:+" + Market.NUMBER + "@127.0.0.1:" + own + ">;tag=")
        .contains("P-Asserted-Identity: <sip:+" + Market.NUMBER + "@127.0.0.1:" + own + ">")
        .contains("History-Info: <sip:" + Market.NUMBER + "@127.0.0.1>;index=1\r\n")
        .contains("History-Info: <sip:+" + ABROAD + "@127.0.0.2:")
        .contains(";index=1.1;mp=1\r\n")
        .as("what a stranger asserts")
        .doesNotContain("19005550000", "19005550001", Market.CALLER);
    carrier.reply(out, "180 Ringing", "c");
    assertThat(caller.await(text -> text.contains("Call-ID: told") && text.contains("CSeq: 1 I")))
        .startsWith("SIP/2.0 1");
    cancel("told", "Reason: Q.850;cause=16;text=\"private\", SIP;cause=200;text=\"desk phone\"");
    String cancelled = carrier.await(text -> text.startsWith("CANCEL "));
    assertThat(cancelled)
        .contains("Reason: Q.850 ;cause=16, SIP ;cause=200 ;text=\"Call completed elsewhere\"\r\n")
        .doesNotContain("private", "desk");
    carrier.reply(cancelled, "200 OK", "c");
    carrier.reply(out, "487 Request Terminated", "c");
  }

  /** RFC 3261 9.2: the change is given up on both sides, and the call goes on. */
  @Test
  void a_re_invite_that_is_given_up_is_given_up_at_the_carrier_too() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    invite(caller, "change");
    String out = carrier.await(text -> text.startsWith("INVITE "));
    List<String> ok = new ArrayList<>(List.of("SIP/2.0 200 OK"));
    out.lines()
        .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*"))
        .map(line -> line.startsWith("To:") ? line + ";tag=c" : line)
        .forEach(ok::add);
    ok.add("Contact: <sip:bob@127.0.0.2:" + carrier.port() + ">");
    ok.add("Content-Type: application/sdp");
    carrier.send(RawSip.SDP, ok.toArray(String[]::new));
    String answered = caller.awaitFinal();
    assertThat(answered).startsWith("SIP/2.0 200 ");
    String to = answered.lines().filter(line -> line.startsWith("To:")).findFirst().orElseThrow();
    within("ACK", "change-ack", 1, to, "");
    carrier.await(text -> text.startsWith("ACK "));

    within("INVITE", "change-2", 2, to, RawSip.SDP + "a=sendonly\r\n");
    String passed = carrier.await(text -> text.startsWith("INVITE ") && !text.equals(out));
    carrier.reply(passed, "100 Trying", "");
    within("CANCEL", "change-2", 2, to, "");
    assertThat(caller.await(text -> text.contains("CSeq: 2 CANCEL"))).startsWith("SIP/2.0 200 ");
    String given = carrier.await(text -> text.startsWith("CANCEL "));
    carrier.reply(given, "200 OK", "");
    carrier.reply(passed, "487 Request Terminated", "");
    assertThat(
            caller.await(text -> text.contains("CSeq: 2 INVITE") && !text.startsWith("SIP/2.0 1")))
        .startsWith("SIP/2.0 487 ");
    within("ACK", "change-2", 2, to, "");
    within("BYE", "change-3", 3, to, "");
    assertThat(carrier.await(text -> text.startsWith("BYE "))).contains(";tag=c");
  }

  private void within(String method, String branch, int cseq, String to, String body) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                method + " sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
                caller.via(branch),
                "Max-Forwards: 70",
                "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a",
                to,
                "Contact: <sip:" + Market.CALLER + "@127.0.0.1:" + caller.port() + ">",
                "Call-ID: change",
                "CSeq: " + cseq + " " + method));
    if (!body.isEmpty()) {
      lines.add("Content-Type: application/sdp");
    }
    caller.send(body, lines.toArray(String[]::new));
  }

  /** The number a trunk brings is another's: shown as it is, and vouched for as a gateway does. */
  @Test
  @Tag("rule:TEL-12")
  void the_number_that_a_carrier_brings_is_shown_to_the_next_one() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    invite(carrier, "through", "P-Asserted-Identity: <sip:+12125550177@127.0.0.2>");
    String out = carrier.await(text -> text.startsWith("INVITE "));
    assertThat(out)
        .contains("From: <sip:+12125550177@127.0.0.1:", "P-Asserted-Identity: <sip:+12125550177@");
    carrier.reply(out, "486 Busy Here", "c");
    assertThat(carrier.awaitFinal()).startsWith("SIP/2.0 480");
  }

  /** RFC 3311 5.2: a 481 would make it give up a call that rings. */
  @Test
  void a_carrier_that_asks_something_while_it_rings_is_answered_and_changes_nothing() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    invite(caller, "early");
    String out = carrier.await(text -> text.startsWith("INVITE "));
    String contact = "Contact: <sip:bob@127.0.0.2:" + carrier.port() + ">";
    carrier.reply(out, "183 Session Progress", "c", contact);
    assertThat(caller.await(text -> text.contains("Call-ID: early") && text.contains(" 180 ")))
        .startsWith("SIP/2.0 180");
    assertThat(asks(out, 1, "UPDATE", "")).startsWith("SIP/2.0 200");
    assertThat(asks(out, 2, "UPDATE", RawSip.SDP)).startsWith("SIP/2.0 488");
    assertThat(asks(out, 1, "OPTIONS", "")).as("out of order").startsWith("SIP/2.0 500");
    carrier.reply(out, "486 Busy Here", "c");
    assertThat(caller.awaitFinal()).startsWith("SIP/2.0 480");
    assertThat(asks(out, 3, "UPDATE", "")).as("over").startsWith("SIP/2.0 481");
  }

  private String asks(String invite, int cseq, String method, String body) {
    String branch = "early" + method + cseq + body.length();
    List<String> lines =
        new ArrayList<>(
            List.of(
                method + " sip:tandem@127.0.0.1 SIP/2.0",
                carrier.via(branch),
                "Max-Forwards: 70",
                line(invite, "To").replaceFirst("^To", "From") + ";tag=c",
                line(invite, "From").replaceFirst("^From", "To"),
                line(invite, "Call-ID"),
                "CSeq: " + cseq + " " + method));
    if (!body.isEmpty()) {
      lines.add("Content-Type: application/sdp");
    }
    carrier.send(body, lines.toArray(String[]::new));
    return carrier.await(text -> text.startsWith("SIP/2.0 ") && text.contains(branch));
  }

  private static String line(String message, String name) {
    return message.lines().filter(each -> each.startsWith(name + ": ")).findFirst().orElseThrow();
  }

  /** RFC 3323 4.2, RFC 3325 9.3. */
  @Test
  @Tag("rule:TEL-12")
  void a_caller_that_asks_for_privacy_is_nobody_to_a_carrier() {
    exchange.market().agentAbroad("bob", ABROAD, 100);
    invite(caller, "hidden", "Privacy: id");
    String out = carrier.await(text -> text.startsWith("INVITE "));
    assertThat(out)
        .contains("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>")
        .contains("Privacy: id\r\n")
        .doesNotContain("P-Asserted-Identity", Market.CALLER);
    carrier.reply(out, "486 Busy Here", "c");
    assertThat(caller.awaitFinal()).startsWith("SIP/2.0 480");
  }

  @Test
  @Tag("rule:TEL-3")
  void a_carriers_word_for_who_calls_and_which_way_it_came_is_passed_on() {
    exchange.market().agent("anna", 100);
    exchange.phones().phone("anna", exchange.phones().plan(486));
    invite(
        carrier,
        "asserted",
        "P-Asserted-Identity: <tel:+12125550177>, <sip:gateway@127.0.0.2>",
        "History-Info: <sip:+19005550001@127.0.0.2>;index=1,"
            + " <sip:"
            + Market.NUMBER
            + "@127.0.0.1>;index=1.1;mp=1");
    UaCall atPhone = exchange.phones().awaitRung(1);
    assertThat(atPhone.invite().headers().all(HeaderName.HISTORY_INFO))
        .hasSize(3)
        .startsWith(
            "<sip:+19005550001@127.0.0.2>;index=1",
            "<sip:" + Market.NUMBER + "@127.0.0.1>;index=1.1;mp=1")
        .last()
        .asString()
        .startsWith("<sip:anna@")
        .endsWith(";index=1.1.1;mp=1.1");
    assertThat(
            exchange
                .market()
                .events("call", Telephones.callId(atPhone), CallEvent.Offered.class)
                .getFirst()
                .caller()
                .value())
        .contains("12125550177");
  }
}

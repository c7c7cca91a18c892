package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.security.SecurityEvent;
import io.tandem.persistence.security.SecurityState;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaAnswer;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers that change their mind or vanish, and phones that register. */
class EdgeDetailsTest {
  @TempDir Path directory;

  private Exchange exchange;
  private Market market;
  private Telephones phones;

  private void open(String... more) {
    exchange =
        Exchange.open(
            Exchange.settings(directory, more), UnaryOperator.identity(), Market.oneByOne());
    market = exchange.market();
    phones = exchange.phones();
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  @Test
  @Tag("rule:WAL-3")
  void a_caller_who_gives_up_stops_the_phone_and_the_hold_comes_back() {
    open();
    market.agent("anna", 100);
    phones.phone("anna", phones.ringing());
    UaCall caller = phones.call();
    UaCall atPhone = phones.awaitRung(1);
    assertThat(Telephones.within(caller.ringing())).isTrue();
    assertThat(market.wallet("anna").balances().heldMicros()).isEqualTo(Exchange.PRICE.micros());
    caller.hangUp();

    assertThat(Telephones.within(caller.ended()).status()).isEqualTo(487);
    assertThat(Telephones.within(atPhone.ended()).cause()).isEqualTo(CallEnd.Cause.CANCELLED);
    CallState.Ended ended = market.awaitPhase(Telephones.callId(atPhone), CallState.Ended.class);
    assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.CALLER);
    assertThat(ended.end().charge()).isNull();
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(100);
  }

  @Test
  void a_caller_that_never_acknowledges_the_answer_is_hung_up_and_not_charged() {
    open("tandem.sip.t1 = 50 ms");
    market.agent("anna", 100);
    phones.phone("anna");
    try (RawSip caller = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      caller.send(
          RawSip.SDP,
          "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
          caller.via("mute"),
          "Max-Forwards: 70",
          "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a",
          "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
          "Contact: <sip:" + Market.CALLER + "@127.0.0.1:" + caller.port() + ">",
          "Call-ID: mute",
          "CSeq: 1 INVITE",
          "Content-Type: application/sdp");
      assertThat(caller.awaitFinal()).startsWith("SIP/2.0 200");
      assertThat(caller.await(text -> text.startsWith("BYE "))).contains("Call-ID: mute");
      UaCall atPhone = phones.rung().getFirst();
      assertThat(Telephones.within(atPhone.ended()).cause()).isEqualTo(CallEnd.Cause.HUNG_UP_THERE);
      CallState.Ended ended = market.awaitPhase(Telephones.callId(atPhone), CallState.Ended.class);
      assertThat(ended.end().cause()).isEqualTo("NO_ACK");
      market.awaitNothingHeld("anna");
      assertThat(market.unitsLeft("anna")).isEqualTo(100);
    }
  }

  @Test
  @Tag("rule:TEL-1")
  void a_phone_registers_with_the_algorithm_of_its_endpoint() {
    open();
    for (String algorithm : List.of("MD5", "SHA-256")) {
      String phone = "phone-" + algorithm.toLowerCase(java.util.Locale.ROOT);
      market.endpoint(phone, List.of(algorithm));
      try (RawSip raw = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
        raw.send("", register(raw, phone, 600));
        assertThat(raw.awaitFinal())
            .startsWith("SIP/2.0 401")
            .containsOnlyOnce("WWW-Authenticate")
            .contains("algorithm=" + algorithm);
      }
      assertThat(phones.register(phone, Market.password(phone), 600).status()).isEqualTo(200);
    }
  }

  @Test
  @Tag("rule:TEL-1")
  void a_wrong_password_is_forbidden_and_a_registration_that_is_too_brief_is_told_the_least() {
    open();
    market.endpoint("anna", List.of("SHA-256"));
    assertThat(phones.register("anna", "guessed", 600).status()).isEqualTo(403);
    assertThat(phones.register("nobody", "guessed", 600).status()).isEqualTo(403);
    // the phone asks again for the least that a 423 names (RFC 3261 10.2.8)
    var brief = phones.register("anna", Market.password("anna"), 5);
    assertThat(brief.status()).isEqualTo(200);
    assertThat(brief.response().contacts().getFirst().expiresSeconds()).isBetween(50L, 60L);
    assertThat(
            exchange
                .node()
                .meters()
                .counter("tandem.edge.registrations", "outcome", "too brief")
                .count())
        .isEqualTo(1.0);
  }

  /** RFC 3261 16.3, RFC 5393. */
  @Test
  @Tag("rule:TEL-9")
  void a_call_that_came_round_or_has_no_hops_or_breadth_left_is_refused() {
    open();
    try (RawSip caller = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      int own = exchange.node().edge().orElseThrow().sipAddress().getPort();
      String ours = "Via: SIP/2.0/UDP 127.0.0.1:" + own + ";branch=z9hG4bKours";
      assertThat(refusal(caller, "hops", "Max-Forwards: 0")).startsWith("SIP/2.0 483");
      assertThat(refusal(caller, "breadth", "Max-Breadth: 0")).startsWith("SIP/2.0 440");
      assertThat(refusal(caller, "round", ours)).startsWith("SIP/2.0 482");
    }
  }

  @Test
  @Tag("rule:TEL-9")
  void the_same_two_numbers_too_often_at_once_are_a_loop() {
    open("tandem.sip.same-pair = 1");
    market.agent("anna", 100);
    phones.phone("anna", phones.ringing());
    UaCall first = phones.call();
    UaCall rung = phones.awaitRung(1);
    assertThat(Telephones.within(phones.call().ended()).status()).isEqualTo(482);
    first.hangUp();
    assertThat(Telephones.within(first.ended()).status()).isEqualTo(487);
    Market.await(
        "nothing is left", () -> exchange.node().edge().orElseThrow().edge().activeCalls() == 0);
    market.awaitNothingHeld("anna");
    Market.await(
        "the edge knows that the agent is free",
        () ->
            exchange
                .node()
                .directory()
                .agent("anna")
                .filter(agent -> agent.reservations().isEmpty())
                .isPresent());
    UaCall again = phones.call();
    assertThat(phones.awaitRung(2)).isNotSameAs(rung);
    again.hangUp();
  }

  @Test
  @Tag("rule:TEL-9")
  @Tag("rule:COOL-2")
  @Tag("rule:AUD-1")
  void what_came_round_is_journaled_and_the_agent_whose_phone_sent_it_back_is_in_cooldown() {
    open("tandem.security.window = 1 h");
    market.agent("anna", 100);
    phones.phone("anna", phones.ringing());
    UaCall first = phones.call();
    UaCall rung = phones.awaitRung(1);
    try (RawSip other = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      int own = exchange.node().edge().orElseThrow().sipAddress().getPort();
      String ours = "Via: SIP/2.0/UDP 127.0.0.1:" + own + ";branch=z9hG4bKours";
      assertThat(refusal(other, rung.invite().callId(), ours)).startsWith("SIP/2.0 482");
      for (int i = 0; i < 5; i++) {
        assertThat(refusal(other, "hops" + i, "Max-Forwards: 0")).startsWith("SIP/2.0 483");
      }
    }
    Market.await("both are told", () -> loops().size() == 2);
    SecurityEvent.LoopRefused sentBack = loops().get("acct-anna");
    assertThat(sentBack.loop().ground()).isEqualTo("OUR_VIA");
    assertThat(sentBack.loop().agentId()).isEqualTo("anna");
    assertThat(sentBack.loop().callId()).isEqualTo(Telephones.callId(rung));
    assertThat(sentBack.loop().hops()).isEqualTo(2);
    assertThat(loops().get("operator").loop().ground()).isEqualTo("HOPS");
    assertThat(loops().get("operator").loop().campaignId()).isEqualTo("camp");
    AgentEvent.CooldownStarted cooldown =
        market.events("agent", "anna", AgentEvent.CooldownStarted.class).getFirst();
    assertThat(cooldown.signal()).isEqualTo("CALL_LOOP");
    assertThat(cooldown.evidence()).contains(Telephones.callId(rung) + "/o1");
    first.hangUp();
  }

  /** What the logs say of calls that came round, the newest of each owner. */
  private Map<String, SecurityEvent.LoopRefused> loops() {
    Map<String, SecurityEvent.LoopRefused> loops = new HashMap<>();
    for (JournalReader.Listed log : market.audit().list("security", "", 100)) {
      market
          .events("security", log.entityId(), SecurityEvent.LoopRefused.class)
          .forEach(e -> loops.put(SecurityState.account(log.entityId()).orElse(""), e));
    }
    return loops;
  }

  private static String refusal(RawSip caller, String callId, String header) {
    caller.send(
        "",
        "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
        caller.via(callId),
        header,
        "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a",
        "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
        "Contact: <sip:" + Market.CALLER + "@127.0.0.1:" + caller.port() + ">",
        "Call-ID: " + callId,
        "CSeq: 1 INVITE");
    return caller.await(
        text -> text.startsWith("SIP/2.0 4") && text.contains("Call-ID: " + callId));
  }

  /** As in the moment between the endpoint's event and the directory's next look. */
  private void directoryLags(String name) {
    exchange
        .node()
        .directory()
        .accept("endpoint", name, Long.MAX_VALUE, EndpointState.initial(name));
  }

  @Test
  @Tag("rule:TEL-1")
  void a_phone_may_register_in_the_moment_in_which_it_was_provisioned() {
    open();
    for (String algorithm : List.of("MD5", "SHA-256")) {
      String phone = "new-" + algorithm.toLowerCase(java.util.Locale.ROOT);
      market.endpoint(phone, List.of("MD5", "SHA-256"));
      directoryLags(phone);
      assertThat(phones.register(phone, Market.password(phone), 600).status()).isEqualTo(200);
      assertThat(phones.register(phone, "guessed", 600).status()).isEqualTo(403);
    }
  }

  @Test
  @Tag("rule:TEL-1")
  void who_guesses_passwords_without_end_is_told_to_come_later_and_others_are_not_held_up() {
    open();
    market.endpoint("anna", List.of("MD5"));
    List<CompletableFuture<UaAnswer>> guesses =
        IntStream.range(0, 120)
            .mapToObj(i -> phones.registering(i % 2 == 0 ? "anna" : "nobody" + i, "guess", 600))
            .toList();
    List<Integer> statuses = guesses.stream().map(g -> Telephones.within(g).status()).toList();
    assertThat(statuses).contains(403, 503).containsOnly(403, 503);
    assertThat(phones.register("anna", Market.password("anna"), 600).status()).isEqualTo(200);
  }

  @Test
  @Tag("rule:TEL-1")
  @Tag("rule:ACC-8")
  void a_phone_logs_in_at_its_accounts_domain_and_a_challenge_does_not_tell_who_lives_there() {
    open();
    market.endpointIn("acme.example", "anna");
    market.endpoint("bert", List.of("MD5", "SHA-256"));
    assertThat(logsIn("anna", "acme.example")).isEqualTo(200);
    assertThat(logsIn("anna", "ACME.example")).isEqualTo(200);
    assertThat(logsIn("anna", "127.0.0.1")).isEqualTo(403);
    assertThat(logsIn("bert", "acme.example")).isEqualTo(403);
    assertThat(logsIn("bert", "elsewhere.example")).isEqualTo(200);
    for (String user : List.of("anna", "bert", "nobody")) {
      assertThat(realms(user, "acme.example")).containsOnly("acme.example");
      assertThat(realms(user, "elsewhere.example")).containsOnly("tandem");
    }
  }

  private int logsIn(String user, String domain) {
    return Telephones.within(phones.registering(user, domain, Market.password(user), 600)).status();
  }

  private Stream<String> realms(String user, String domain) {
    try (RawSip raw = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      String[] lines = register(raw, user, 600);
      for (int i = 0; i < lines.length; i++) {
        lines[i] = lines[i].replace(user + "@127.0.0.1>", user + "@" + domain + ">");
      }
      raw.send("", lines);
      return Pattern.compile("realm=\"([^\"]*)\"")
          .matcher(raw.awaitFinal())
          .results()
          .map(found -> found.group(1));
    }
  }

  private static String[] register(RawSip raw, String user, int seconds) {
    return new String[] {
      "REGISTER sip:127.0.0.1 SIP/2.0",
      raw.via("reg" + user),
      "Max-Forwards: 70",
      "From: <sip:" + user + "@127.0.0.1>;tag=r",
      "To: <sip:" + user + "@127.0.0.1>",
      "Contact: <sip:" + user + "@127.0.0.1:" + raw.port() + ">",
      "Call-ID: reg" + user,
      "CSeq: 1 REGISTER",
      "Expires: " + seconds
    };
  }
}

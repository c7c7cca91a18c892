package io.tandem.protocol.sip.ua;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.auth.DigestOffer;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegistrationTest {

  private final VirtualLoop loop = new VirtualLoop();
  private final SimNetwork network = new SimNetwork(loop, 1);

  @ParameterizedTest
  @EnumSource(DigestOffer.class)
  void a_line_registers_with_the_algorithm_it_is_asked_for(DigestOffer offer) {
    TestRegistrar registrar = new TestRegistrar(loop, network, offer);
    CompletableFuture<UaAnswer> outcome = line("wonderland").register(300);
    loop.advanceMs(1_000);

    assertThat(outcome.join().status()).isEqualTo(200);
    assertThat(registrar.heard).containsExactly("REGISTER without", "REGISTER ACCEPTED");
  }

  @Test
  void a_registration_is_refreshed_in_time_with_the_same_nonce_and_a_stale_one_renewed() {
    TestRegistrar registrar = new TestRegistrar(loop, network, DigestOffer.BOTH);
    CompletableFuture<UaAnswer> outcome = line("wonderland").register(300);
    loop.advanceMs(269_000);
    assertThat(outcome).isCompleted();
    assertThat(registrar.heard).hasSize(2);
    loop.advanceMs(2_000);
    assertThat(registrar.heard).endsWith("REGISTER ACCEPTED").hasSize(3);

    loop.advanceMs(270_000);
    assertThat(registrar.heard).endsWith("REGISTER STALE", "REGISTER ACCEPTED").hasSize(5);
  }

  @Test
  void a_wrong_password_is_tried_once_and_no_more() {
    TestRegistrar registrar = new TestRegistrar(loop, network, DigestOffer.BOTH);
    CompletableFuture<UaAnswer> outcome = line("looking-glass").register(300);
    loop.advanceMs(5_000);

    assertThat(outcome.join().status()).isEqualTo(401);
    assertThat(registrar.heard).containsExactly("REGISTER without", "REGISTER WRONG_CREDENTIALS");
  }

  @Test
  void a_registrar_that_wants_longer_gets_longer() {
    TestRegistrar registrar = new TestRegistrar(loop, network, DigestOffer.BOTH);
    registrar.minExpiresSeconds = 600;
    CompletableFuture<UaAnswer> outcome = line("wonderland").register(300);
    loop.advanceMs(1_000);
    assertThat(outcome.join().status()).isEqualTo(200);
    loop.advanceMs(500_000);
    assertThat(registrar.heard).hasSize(3);
    loop.advanceMs(50_000);
    assertThat(registrar.heard.size()).isGreaterThan(3);
  }

  @Test
  void an_unregistered_line_does_not_refresh() {
    TestRegistrar registrar = new TestRegistrar(loop, network, DigestOffer.BOTH);
    UaLine line = line("wonderland");
    CompletableFuture<UaAnswer> first = line.register(300);
    loop.advanceMs(1_000);
    CompletableFuture<UaAnswer> last = line.unregister();
    loop.advanceMs(1_000_000);

    assertThat(first.join().isSuccess() && last.join().isSuccess()).isTrue();
    assertThat(registrar.heard).hasSize(3);
  }

  @Test
  void no_registrar_is_a_408() {
    network.attach(TestRegistrar.PORT, inbound -> {});
    CompletableFuture<UaAnswer> outcome = line("wonderland").register(300);
    loop.advanceMs(33_000);
    assertThat(outcome.join()).isEqualTo(new UaAnswer(408, null));
  }

  @Test
  void a_challenged_call_is_made_again_and_the_next_one_goes_through_at_once() {
    TestRegistrar proxy = new TestRegistrar(loop, network, DigestOffer.BOTH);
    UaLine line = line("wonderland");
    SipUri to = SipUri.sip("bob", TestRegistrar.REALM, -1);
    UaCall first = line.call(to, CallMedia.none("127.0.0.1", 4_000));
    loop.advanceMs(1_000);
    UaCall second = line.call(to, CallMedia.none("127.0.0.1", 4_000));
    loop.advanceMs(1_000);

    CallEnd busy = new CallEnd(CallEnd.Cause.REFUSED, 486, false);
    assertThat(first.ended().join()).isEqualTo(busy);
    assertThat(second.ended().join()).isEqualTo(busy);
    assertThat(proxy.heard).containsExactly("INVITE without", "INVITE ACCEPTED", "INVITE ACCEPTED");
  }

  private UaLine line(String password) {
    UserAgent agent =
        new UserAgent(loop, network.wire(5060), SipTimers.RFC_3261, new Tokens(new Random(7)));
    network.attach(5060, agent.listener());
    UaIdentity alice =
        new UaIdentity(
            "alice", TestRegistrar.REALM, "Alice", password, SimNetwork.at(TestRegistrar.PORT));
    return agent.line(alice, CallHandler.UNAVAILABLE);
  }
}

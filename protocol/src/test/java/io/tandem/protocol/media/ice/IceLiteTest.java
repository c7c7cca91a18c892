package io.tandem.protocol.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.ice.IceLite.Reaction;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class IceLiteTest {
  private static final byte[] ID = "abcdefghijkl".getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 4000);
  private static final InetSocketAddress THERE = new InetSocketAddress("127.0.0.2", 4002);
  private static final long SECOND = 1_000_000_000L;

  private final IceCredentials own = IceCredentials.random(new SecureRandom());
  private final IceLite agent = new IceLite(own);
  private long now = 5;

  @Test
  void a_check_is_answered_with_the_address_it_was_seen_from_and_proves_the_source() {
    assertThat(agent.selected(now)).isEmpty();
    StunMessage answer = answer(HERE, check(UnaryOperator.identity()));
    assertThat(answer.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
    assertThat(answer.transactionId()).isEqualTo(ID);
    assertThat(answer.fingerprintHolds()).isTrue();
    assertThat(answer.integrityHolds(new StunKey(own.password()))).isTrue();
    assertThat(agent.isProven(HERE, now)).isTrue();
    assertThat(agent.isProven(THERE, now)).isFalse();
    assertThat(agent.selected(now)).contains(HERE);
  }

  @Test
  void a_check_without_the_password_proves_nothing() {
    byte[] forged =
        request("peer", 1, UnaryOperator.identity())
            .integrity(new StunKey("xxxxxxxxxxxxxxxxxxxxxxxxx"))
            .fingerprinted();
    assertThat(error(answer(HERE, forged))).isEqualTo(401);
    byte[] bare = request("peer", 1, UnaryOperator.identity()).fingerprinted();
    assertThat(error(answer(HERE, bare))).isEqualTo(400);
    assertThat(agent.isProven(HERE, now)).isFalse();
  }

  @Test
  void an_answer_is_never_longer_than_the_check() {
    byte[] check = check(UnaryOperator.identity());
    assertThat(((Reaction.Answer) agent.on(check, HERE, now)).datagram().length)
        .isLessThanOrEqualTo(check.length);
  }

  @Test
  void a_peer_that_believes_to_be_controlled_is_told_to_change_its_role() {
    StunMessage answer =
        answer(HERE, check(w -> w.attribute(StunAttribute.ICE_CONTROLLED, new byte[8])));
    assertThat(error(answer)).isEqualTo(487);
    assertThat(agent.isProven(HERE, now)).isFalse();
  }

  @Test
  void an_attribute_that_must_be_understood_and_is_not_is_named() {
    StunMessage answer = answer(HERE, check(w -> w.attribute(0x7f01, new byte[4])));
    assertThat(error(answer)).isEqualTo(420);
    assertThat(answer.value(StunAttribute.UNKNOWN_ATTRIBUTES)).containsExactly(0x7f, 0x01);
  }

  @Test
  void before_a_nomination_the_highest_priority_is_used_and_then_the_nominated_one() {
    var unused = answer(HERE, check(10, UnaryOperator.identity()));
    unused = answer(THERE, check(20, UnaryOperator.identity()));
    assertThat(agent.selected(now)).contains(THERE);
    unused = answer(HERE, check(10, IceLiteTest::nominating));
    assertThat(agent.selected(now)).contains(HERE);
    unused = answer(THERE, check(20, UnaryOperator.identity()));
    assertThat(agent.selected(now)).contains(HERE);
    unused = answer(THERE, check(20, IceLiteTest::nominating));
    assertThat(agent.selected(now)).contains(THERE);
  }

  @Test
  void consent_lasts_thirty_seconds_from_the_last_check() {
    var unused = answer(HERE, check(UnaryOperator.identity()));
    now += 29 * SECOND;
    unused = answer(HERE, check(UnaryOperator.identity()));
    now += 29 * SECOND;
    assertThat(agent.selected(now)).contains(HERE);
    now += SECOND;
    assertThat(agent.selected(now)).isEmpty();
    unused = answer(HERE, check(UnaryOperator.identity()));
    assertThat(agent.selected(now)).contains(HERE);
  }

  @Test
  void once_the_peer_is_known_its_name_must_be_right_and_a_restart_forgets_the_old_paths() {
    var unused = answer(HERE, check(UnaryOperator.identity())); // before the answer came: trickle
    agent.remote("peer");
    assertThat(answer(HERE, check(UnaryOperator.identity())).type())
        .isEqualTo(StunMessage.BINDING_SUCCESS);
    agent.remote("anew");
    assertThat(agent.selected(now)).isEmpty();
    assertThat(error(answer(HERE, check(UnaryOperator.identity())))).isEqualTo(401);
  }

  @Test
  void keepalives_are_silent_and_garbage_is_named() {
    byte[] keepalive = new StunWriter(StunMessage.BINDING_INDICATION, ID).fingerprinted();
    assertThat(agent.on(keepalive, HERE, now)).isInstanceOf(Reaction.Silence.class);
    assertThat(agent.on(new byte[20], HERE, now)).isInstanceOf(Reaction.Garbage.class);
    byte[] answer = new StunWriter(StunMessage.BINDING_SUCCESS, ID).fingerprinted();
    assertThat(agent.on(answer, HERE, now)).isInstanceOf(Reaction.Garbage.class);
  }

  @Test
  void a_flood_of_paths_does_not_displace_the_selected_one() {
    var unused = answer(HERE, check(10, IceLiteTest::nominating));
    for (int port = 1; port < 100; port++) {
      now++;
      unused = answer(new InetSocketAddress("127.0.0.3", port), check(UnaryOperator.identity()));
    }
    assertThat(agent.selected(now)).contains(HERE);
  }

  private static StunWriter nominating(StunWriter writer) {
    return writer.attribute(StunAttribute.USE_CANDIDATE, new byte[0]);
  }

  private byte[] check(UnaryOperator<StunWriter> more) {
    return check(1, more);
  }

  private byte[] check(int priority, UnaryOperator<StunWriter> more) {
    return request("peer", priority, more).integrity(new StunKey(own.password())).fingerprinted();
  }

  private StunWriter request(String peer, int priority, UnaryOperator<StunWriter> more) {
    return more.apply(
        new StunWriter(StunMessage.BINDING_REQUEST, ID)
            .text(StunAttribute.USERNAME, own.ufrag() + ":" + peer)
            .attribute(StunAttribute.PRIORITY, new byte[] {0, 0, 0, (byte) priority}));
  }

  private StunMessage answer(InetSocketAddress from, byte[] datagram) {
    return StunMessage.read(((Reaction.Answer) agent.on(datagram, from, now)).datagram())
        .orElseThrow();
  }

  private static int error(StunMessage answer) {
    assertThat(answer.type()).isEqualTo(StunMessage.BINDING_ERROR);
    byte[] value = answer.value(StunAttribute.ERROR_CODE);
    return value == null ? 0 : 100 * value[2] + value[3];
  }
}

package io.tandem.protocol.media.relay;

import static io.tandem.protocol.media.relay.SourceLatch.Verdict.ACCEPTED;
import static io.tandem.protocol.media.relay.SourceLatch.Verdict.EARLY;
import static io.tandem.protocol.media.relay.SourceLatch.Verdict.LATCHED;
import static io.tandem.protocol.media.relay.SourceLatch.Verdict.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.relay.SourceLatch.Patience;
import io.tandem.protocol.media.relay.SourceLatch.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The latch's policy, point by point; no sockets, time in the test's hand. */
class SourceLatchTest {
  private static final InetSocketAddress NEGOTIATED = at("192.0.2.10", 4000);
  private static final InetSocketAddress OTHER_PORT = at("192.0.2.10", 4711);
  private static final InetSocketAddress SIGNALLING = at("198.51.100.7", 5060);
  private static final InetSocketAddress NATTED = at("198.51.100.7", 33_000);
  private static final InetSocketAddress STRANGE = at("203.0.113.66", 6666);
  private static final long SECOND = 1_000_000_000L;
  private static final int SSRC = 0xabcd;

  private final SourceLatch latch = new SourceLatch(Patience.DEFAULT);
  private long now = -3 * SECOND;
  private int sequence = 65_530;

  @Test
  void before_the_sdp_everybody_is_early_and_nothing_is_sent() {
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(EARLY);
    assertThat(latch.destination(now)).isNull();
  }

  @Test
  void the_negotiated_source_is_latched_at_once_and_strangers_stay_out() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    assertThat(packetFrom(STRANGE)).isEqualTo(STRANGER);
    assertThat(packetFrom(OTHER_PORT)).isEqualTo(STRANGER);
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(LATCHED);
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(ACCEPTED);
    assertThat(packetFrom(STRANGE)).isEqualTo(STRANGER);
    assertThat(latch.source()).isEqualTo(NEGOTIATED);
  }

  @Test
  void a_phone_is_learned_on_any_port_of_the_hosts_we_trust() {
    for (InetSocketAddress source : new InetSocketAddress[] {OTHER_PORT, NATTED}) {
      SourceLatch fresh = new SourceLatch(Patience.DEFAULT);
      fresh.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
      assertThat(fresh.judge(STRANGE, SSRC, 1, now, true)).isEqualTo(STRANGER);
      assertThat(fresh.judge(source, SSRC, 1, now, false)).isEqualTo(LATCHED);
      assertThat(fresh.destination(now)).isEqualTo(source);
    }
  }

  @Test
  void the_negotiated_source_takes_its_leg_back_from_a_learned_one_at_any_time() {
    latch.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
    assertThat(packetFrom(NATTED)).isEqualTo(LATCHED);
    now += 60 * SECOND;
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(LATCHED);
    assertThat(packetFrom(NATTED)).isEqualTo(STRANGER);
  }

  @Test
  void a_trusted_host_displaces_a_first_speaker_while_the_latch_settles_and_not_after() {
    for (long after : new long[] {SECOND, 2 * SECOND}) {
      SourceLatch fresh = new SourceLatch(Patience.DEFAULT);
      fresh.expect(RemoteParty.roaming(NEGOTIATED, SIGNALLING.getAddress()), now);
      assertThat(fresh.judge(STRANGE, SSRC, 1, now, true)).isEqualTo(LATCHED);
      assertThat(fresh.judge(NATTED, 0x99, 1, now + after, true))
          .isEqualTo(after < 2 * SECOND ? LATCHED : STRANGER);
    }
  }

  @Test
  void a_first_speaker_is_learned_only_where_allowed_and_only_within_the_window() {
    latch.expect(RemoteParty.roaming(NEGOTIATED, null), now);
    assertThat(latch.judge(STRANGE, SSRC, 1, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 1, now, true)).isEqualTo(LATCHED);
    assertThat(latch.judge(at("203.0.113.67", 1), SSRC, 2, now, true)).isEqualTo(STRANGER);
    assertThat(latch.judge(NEGOTIATED, 0x77, 2, now, true)).isEqualTo(LATCHED);
  }

  @Test
  void until_the_party_speaks_we_send_to_its_negotiated_address() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    assertThat(latch.destination(now)).isEqualTo(NEGOTIATED);
    latch.expect(RemoteParty.trunk(at("0.0.0.0", 4000)), now);
    assertThat(latch.destination(now)).isNull();
    latch.expect(RemoteParty.trunk(at("192.0.2.10", 0)), now);
    assertThat(latch.destination(now)).isNull();
  }

  @Test
  void where_only_proven_addresses_are_sent_to_a_description_alone_is_none() {
    latch.sendOnlyWhereLatched(true);
    latch.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
    assertThat(latch.destination(now)).isNull();
    packetFrom(NATTED);
    assertThat(latch.destination(now)).isEqualTo(NATTED);
    latch.expect(RemoteParty.trunk(at("192.0.2.99", 8000)), now);
    assertThat(latch.destination(now)).isNull();
    latch.expect(RemoteParty.trunk(at("192.0.2.99", 8000)).asProven(), now);
    assertThat(latch.destination(now)).isEqualTo(at("192.0.2.99", 8000));
    latch.sendOnlyWhereLatched(false);
    latch.expect(RemoteParty.trunk(at("192.0.2.98", 8000)), now);
    assertThat(latch.destination(now)).isEqualTo(at("192.0.2.98", 8000));
  }

  @Test
  void the_same_sdp_again_changes_nothing() {
    latch.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
    packetFrom(NATTED);
    latch.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
    assertThat(latch.destination(now)).isEqualTo(NATTED);
    assertThat(packetFrom(NATTED)).isEqualTo(ACCEPTED);
    now += 10 * SECOND;
    assertThat(packetFrom(NATTED)).isEqualTo(ACCEPTED);
  }

  @Test
  void after_a_new_address_the_old_source_is_heard_until_the_new_one_speaks() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    packetFrom(NEGOTIATED);
    InetSocketAddress next = at("192.0.2.99", 8000);
    latch.expect(RemoteParty.trunk(next), now);
    assertThat(latch.destination(now)).isEqualTo(next);
    now += SECOND;
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(ACCEPTED);
    assertThat(packetFrom(STRANGE)).isEqualTo(STRANGER);
    assertThat(packetFrom(next)).isEqualTo(LATCHED);
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(STRANGER);
  }

  @Test
  void after_a_new_address_the_old_source_is_heard_for_the_grace_period_at_most() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    packetFrom(NEGOTIATED);
    latch.expect(RemoteParty.trunk(at("192.0.2.99", 8000)), now);
    now += 2 * SECOND;
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(STRANGER);
    assertThat(latch.source()).isNull();
  }

  @Test
  void a_phone_that_moved_and_does_not_speak_is_sent_to_at_its_new_address_after_the_grace() {
    latch.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
    packetFrom(NEGOTIATED);
    InetSocketAddress next = at("192.0.2.99", 8000);
    latch.expect(RemoteParty.phone(next, SIGNALLING.getAddress()), now);
    assertThat(latch.destination(now)).isEqualTo(NEGOTIATED);
    now += 2 * SECOND - 1;
    assertThat(latch.destination(now)).isEqualTo(NEGOTIATED);
    now += 1;
    assertThat(latch.destination(now)).isEqualTo(next);
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(STRANGER);
    assertThat(latch.destination(now)).isEqualTo(next);
    assertThat(packetFrom(next)).isEqualTo(LATCHED);
  }

  @Test
  void a_phone_without_nat_that_moved_is_sent_to_at_its_new_address_at_once() {
    latch.expect(RemoteParty.phone(NEGOTIATED, NEGOTIATED.getAddress()), now);
    packetFrom(NEGOTIATED);
    latch.expect(RemoteParty.phone(OTHER_PORT, NEGOTIATED.getAddress()), now);
    assertThat(latch.destination(now)).isEqualTo(OTHER_PORT);
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(ACCEPTED);
    assertThat(packetFrom(OTHER_PORT)).isEqualTo(LATCHED);
  }

  @Test
  void a_move_is_proven_by_the_stream_going_on_elsewhere_after_a_silence() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    packetFrom(NEGOTIATED);
    now += SECOND;
    assertThat(packetFrom(STRANGE)).isEqualTo(STRANGER);
    assertThat(packetFrom(STRANGE)).isEqualTo(LATCHED);
    assertThat(packetFrom(STRANGE)).isEqualTo(ACCEPTED);
    assertThat(packetFrom(NATTED)).isEqualTo(STRANGER);
    assertThat(latch.destination(now)).isEqualTo(STRANGE);
  }

  @Test
  void who_forged_a_move_loses_the_leg_to_the_negotiated_address_at_any_time() {
    latch.expect(RemoteParty.phone(NEGOTIATED, SIGNALLING.getAddress()), now);
    packetFrom(NEGOTIATED);
    now += SECOND;
    packetFrom(STRANGE);
    assertThat(packetFrom(STRANGE)).isEqualTo(LATCHED);
    now += 60 * SECOND;
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(LATCHED);
    assertThat(packetFrom(STRANGE)).isEqualTo(STRANGER);
    assertThat(latch.destination(now)).isEqualTo(NEGOTIATED);
  }

  @Test
  void no_move_is_believed_while_the_party_still_speaks() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    for (int i = 0; i < 100; i++) {
      packetFrom(NEGOTIATED);
      now += 20_000_000L;
      assertThat(latch.judge(STRANGE, SSRC, sequence & 0xffff, now, false)).isEqualTo(STRANGER);
    }
  }

  @Test
  void no_move_is_believed_of_another_stream_or_of_numbers_that_do_not_follow() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    latch.judge(NEGOTIATED, SSRC, 1000, now, false);
    now += 5 * SECOND;
    assertThat(latch.judge(STRANGE, SSRC + 1, 1001, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC + 1, 1002, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 999, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 1000, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 9000, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 9001, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 1010, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(STRANGE, SSRC, 1012, now, false)).isEqualTo(STRANGER);
    assertThat(latch.judge(NEGOTIATED, SSRC, 1013, now, false)).isEqualTo(ACCEPTED);
  }

  @Test
  void a_stranger_who_guesses_is_never_latched() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    packetFrom(NEGOTIATED);
    now += 60 * SECOND;
    for (int i = 0; i < 100_000; i++) {
      int guess = random.nextInt();
      if (guess != SSRC) {
        assertThat(latch.judge(STRANGE, guess, random.nextInt(65_536), now, true))
            .as("seed %d", seed)
            .isEqualTo(STRANGER);
      }
    }
  }

  @Test
  void a_party_that_left_is_a_stranger_to_the_next() {
    latch.expect(RemoteParty.trunk(NEGOTIATED), now);
    packetFrom(NEGOTIATED);
    latch.vacate();
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(EARLY);
    latch.expect(RemoteParty.trunk(NATTED), now);
    assertThat(packetFrom(NEGOTIATED)).isEqualTo(STRANGER);
    assertThat(packetFrom(NATTED)).isEqualTo(LATCHED);
  }

  private Verdict packetFrom(InetSocketAddress source) {
    return latch.judge(source, SSRC, sequence++ & 0xffff, now, false);
  }

  private static InetSocketAddress at(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }
}

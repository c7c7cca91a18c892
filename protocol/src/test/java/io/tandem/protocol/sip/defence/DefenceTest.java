package io.tandem.protocol.sip.defence;

import static io.tandem.protocol.sip.defence.Verdict.DROP;
import static io.tandem.protocol.sip.defence.Verdict.REFUSE;
import static io.tandem.protocol.sip.defence.Verdict.SERVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DefenceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;

  private final DefenceSettings settings =
      new DefenceSettings(
          new Rate(10, 20),
          new Rate(1_000, 1_000),
          new Rate(10, 5),
          new Rate(1, 3),
          List.of(Cidr.parse("10.0.0.0/8").orElseThrow()),
          100,
          50);
  private final Defence defence = new Defence(settings, new Random(1));

  private static InetAddress address(String text) {
    return NetUtil.createInetAddressFromIpAddressString(text);
  }

  private Verdict opens(String from, long now) {
    return defence.admit(address(from), Glance.Kind.NEW, 500, now);
  }

  @Test
  void an_address_gets_its_burst_then_its_rate() {
    for (int i = 0; i < 20; i++) {
      assertThat(opens("192.0.2.1", 0)).isEqualTo(SERVE);
    }
    assertThat(opens("192.0.2.1", 0)).isEqualTo(REFUSE);
    assertThat(opens("192.0.2.2", 0)).as("another address").isEqualTo(SERVE);
    assertThat(opens("192.0.2.1", SECOND / 10)).as("a tenth of a second later").isEqualTo(SERVE);
    assertThat(opens("192.0.2.1", SECOND / 10)).isEqualTo(REFUSE);
  }

  @Test
  void refusals_beyond_their_rate_are_not_sent_and_counted() {
    for (int i = 0; i < 5; i++) {
      assertThat(defence.mayRefuse(0)).isTrue();
    }
    assertThat(defence.mayRefuse(0)).isFalse();
    assertThat(defence.mayRefuse(SECOND / 10)).isTrue();
    assertThat(defence.mayRefuse(SECOND / 10)).isFalse();
    assertThat(defence.counters().unrefused()).isEqualTo(2);
  }

  @Test
  void what_belongs_to_a_dialog_is_served_over_the_rate_of_new_requests_and_in_a_ban() {
    for (int i = 0; i < 30; i++) {
      var unused = opens("192.0.2.1", 0);
    }
    for (int i = 0; i < 25; i++) {
      defence.offended(address("192.0.2.1"), Offence.WRONG_PASSWORD, 0);
    }
    assertThat(opens("192.0.2.1", SECOND)).isEqualTo(DROP);
    assertThat(defence.admit(address("192.0.2.1"), Glance.Kind.WITHIN, 300, SECOND))
        .isEqualTo(SERVE);
  }

  @Test
  void connections_count_as_messages_and_who_is_banned_makes_none() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(defence.mayConnect(address("192.0.2.1"), 0)).isTrue();
    }
    assertThat(defence.mayConnect(address("192.0.2.1"), 0)).isFalse();
    assertThat(defence.mayConnect(address("192.0.2.2"), 0)).isTrue();
    for (int i = 0; i < 25; i++) {
      defence.offended(address("192.0.2.2"), Offence.WRONG_PASSWORD, 0);
    }
    assertThat(defence.mayConnect(address("192.0.2.2"), SECOND)).isFalse();
    assertThat(defence.mayConnect(address("10.0.0.1"), SECOND)).as("trusted").isTrue();
  }

  @Test
  void a_whole_ipv6_subnet_is_one_address() {
    for (int i = 0; i < 20; i++) {
      assertThat(opens("2001:db8:0:1::" + (i + 1), 0)).isEqualTo(SERVE);
    }
    assertThat(opens("2001:db8:0:1::ffff", 0)).isEqualTo(REFUSE);
    assertThat(opens("2001:db8:0:2::1", 0)).isEqualTo(SERVE);
  }

  @Test
  void two_addresses_are_the_same_where_one_has_both() {
    assertThat(Network.same(address("192.0.2.1"), address("192.0.2.1"))).isTrue();
    assertThat(Network.same(address("192.0.2.1"), address("192.0.2.2"))).isFalse();
    assertThat(Network.same(address("2001:db8:0:1::1"), address("2001:db8:0:1::2"))).isTrue();
    assertThat(Network.same(address("2001:db8:0:1::1"), address("2001:db8:0:2::1"))).isFalse();
    assertThat(Network.same(address("192.0.2.1"), address("2001:db8:0:2::1"))).isFalse();
  }

  @Test
  void trusted_addresses_are_held_to_nothing() {
    for (int i = 0; i < 2_000; i++) {
      assertThat(opens("10.1.2.3", 0)).isEqualTo(SERVE);
    }
    defence.wrongPassword("x", address("10.1.2.3"), 0);
    assertThat(defence.mayAnswer(address("10.1.2.3"), 9_000, false, 0)).isTrue();
  }

  @Test
  void wrong_passwords_bring_bans_that_end_and_grow() {
    InetAddress guesser = address("192.0.2.9");
    long now = 0;
    for (long minutes : List.of(1L, 5L, 30L, 240L, 240L)) {
      for (int i = 0; i <= Offence.WRONG_PASSWORD.most(); i++) {
        assertThat(opens("192.0.2.9", now)).isEqualTo(SERVE);
        defence.offended(guesser, Offence.WRONG_PASSWORD, now);
        now += SECOND / 5;
      }
      assertThat(defence.bans(now)).hasSize(1);
      assertThat(opens("192.0.2.9", now)).isEqualTo(DROP);
      now += minutes * MINUTE - SECOND;
      assertThat(opens("192.0.2.9", now)).as("a second before " + minutes).isEqualTo(DROP);
      now += SECOND;
      assertThat(defence.bans(now)).isEmpty();
    }
  }

  @Test
  void a_flood_is_banned_after_it_was_refused_for_a_while() {
    for (int i = 0; i < Offence.FLOOD.most() + 22; i++) {
      defence.admit(address("192.0.2.1"), Glance.Kind.NEW, 500, i);
    }
    assertThat(defence.bans(SECOND)).extracting(Ban::offence).containsExactly(Offence.FLOOD);
  }

  @Test
  void a_ban_can_be_lifted_and_bans_of_others_are_taken_over() {
    Subject stranger = new Subject.Address(Network.of(address("198.51.100.7")));
    Ban elsewhere = new Ban("ban_a", stranger, Offence.FLOOD, MINUTE);
    defence.adopt(List.of(elsewhere), List.of(), 0);
    assertThat(opens("198.51.100.7", 1)).isEqualTo(DROP);
    defence.adopt(List.of(), List.of("ban_a"), 2);
    assertThat(opens("198.51.100.7", 3)).isEqualTo(SERVE);
  }

  @Test
  void a_user_name_is_throttled_whether_there_is_one_or_not_but_not_where_it_lives() {
    InetAddress home = address("192.0.2.50");
    defence.letIn("anna", home, 0);
    long now = 0;
    for (int i = 0; i <= Offence.WRONG_PASSWORD.most(); i++) {
      InetAddress botnet = address("198.51.100." + i);
      assertThat(defence.mayTry("anna", botnet, now)).isTrue();
      assertThat(defence.mayTry("nobody", botnet, now)).isTrue();
      defence.wrongPassword("anna", botnet, now);
      defence.wrongPassword("nobody", botnet, now);
      now += 2 * SECOND;
    }
    assertThat(defence.mayTry("anna", address("203.0.113.1"), now)).isFalse();
    assertThat(defence.mayTry("nobody", address("203.0.113.1"), now)).isFalse();
    assertThat(defence.mayTry("anna", home, now)).isTrue();
  }

  @Test
  void nothing_is_answered_beyond_what_was_received_until_the_address_is_proven() {
    InetAddress stranger = address("192.0.2.77");
    assertThat(defence.mayAnswer(stranger, 1, false, 0)).as("never heard of").isFalse();
    var unused = opens("192.0.2.77", 0);
    assertThat(defence.mayAnswer(stranger, 501, false, 0)).isFalse();
    assertThat(defence.mayAnswer(stranger, 300, true, 0)).as("a provisional leaves room").isFalse();
    assertThat(defence.mayAnswer(stranger, 300, false, 0)).isTrue();
    assertThat(defence.mayAnswer(stranger, 201, false, 0)).isFalse();
    assertThat(defence.mightAnswer(stranger, 201, 0)).isFalse();
    assertThat(defence.mightAnswer(stranger, 200, 0)).as("asking takes nothing").isTrue();
    assertThat(defence.mayAnswer(stranger, 200, false, 0)).isTrue();
    defence.proven(stranger, 0);
    assertThat(defence.mayAnswer(stranger, 9_000, true, 0)).isTrue();
    assertThat(defence.mayAnswer(stranger, 9_000, true, 61 * MINUTE)).as("an hour later").isFalse();
  }

  @Test
  void who_has_shown_to_hear_us_is_not_forgotten_for_forged_addresses_by_the_thousand() {
    InetAddress known = address("192.0.2.77");
    defence.proven(known, 0);
    for (int i = 0; i < 10 * settings.tracked(); i++) {
      var unused = opens("198.51." + i / 250 + "." + i % 250, i);
    }
    assertThat(defence.isProven(known, MINUTE)).isTrue();
    assertThat(defence.mayAnswer(known, 9_000, false, MINUTE)).isTrue();
  }

  @Test
  void memory_is_bounded_and_who_is_new_while_all_are_busy_shares_one_bucket() {
    Buckets<Integer> buckets = new Buckets<>(new Rate(1, 1), 10);
    for (int i = 0; i < 10; i++) {
      assertThat(buckets.take(i, 0)).isTrue();
    }
    assertThat(buckets.take(10, 1)).as("the shared one").isTrue();
    assertThat(buckets.take(11, 2)).as("the shared one again").isFalse();
    assertThat(buckets.size()).isEqualTo(10);
    assertThat(buckets.take(12, 2 * SECOND)).as("the quietest is full again").isTrue();
    assertThat(buckets.size()).isEqualTo(10);
  }

  @Test
  void ranges_of_addresses_are_read_and_hold_what_they_should() {
    assertThat(Cidr.parse("192.0.2.128/25").orElseThrow().contains(address("192.0.2.127")))
        .isFalse();
    assertThat(Cidr.parse("192.0.2.128/25").orElseThrow().contains(address("192.0.2.200")))
        .isTrue();
    assertThat(Cidr.parse("2001:db8::/33").orElseThrow().contains(address("2001:db8:8000::1")))
        .isFalse();
    assertThat(Cidr.parse("192.0.2.1/33")).isEmpty();
    assertThat(Cidr.parse("example.com/8")).isEmpty();
  }
}

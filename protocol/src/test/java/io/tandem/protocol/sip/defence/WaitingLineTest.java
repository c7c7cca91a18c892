package io.tandem.protocol.sip.defence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.defence.WaitingLine.Next;
import io.tandem.protocol.sip.defence.WaitingLine.Place;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitingLineTest {
  private final WaitingLine<String> line = new WaitingLine<>(50, 3, 6, 0);

  @Test
  void what_has_begun_goes_before_what_is_new() {
    line.offer("invite", Glance.Kind.NEW, 0);
    line.offer("bye", Glance.Kind.WITHIN, 1);
    line.offer("200", Glance.Kind.RESPONSE, 2);
    assertThat(line.next(3)).isEqualTo(new Next<>("bye", true));
    assertThat(line.next(3)).isEqualTo(new Next<>("200", true));
    assertThat(line.next(3)).isEqualTo(new Next<>("invite", true));
    assertThat(line.next(3)).isNull();
  }

  @Test
  void new_requests_are_refused_once_they_have_waited_too_long_for_a_while_and_a_bye_never() {
    line.offer("first", Glance.Kind.NEW, 0);
    line.offer("second", Glance.Kind.NEW, 0);
    line.offer("third", Glance.Kind.NEW, 0);
    line.offer("bye", Glance.Kind.WITHIN, 0);
    assertThat(line.next(1_000)).isEqualTo(new Next<>("bye", true));
    assertThat(line.next(1_000)).as("one pause is none").isEqualTo(new Next<>("first", true));
    assertThat(line.next(1_049)).isEqualTo(new Next<>("second", true));
    assertThat(line.next(1_050)).as("it lasts").isEqualTo(new Next<>("third", false));
    line.offer("fourth", Glance.Kind.NEW, 1_060);
    assertThat(line.next(1_070)).as("it is over").isEqualTo(new Next<>("fourth", true));
  }

  @Test
  void a_cancel_does_not_overtake_its_invite_and_is_served_however_late() {
    line.offer("invite", Glance.Kind.NEW, 0);
    line.offer("cancel", Glance.Kind.CANCEL, 1);
    line.offer("bye", Glance.Kind.WITHIN, 2);
    assertThat(line.next(100)).isEqualTo(new Next<>("bye", true));
    assertThat(line.next(100)).isEqualTo(new Next<>("invite", true));
    assertThat(line.next(900)).isEqualTo(new Next<>("cancel", true));
  }

  @Test
  void under_five_times_the_load_as_many_are_served_as_without_and_none_of_them_late() {
    long wait = 300_000_000;
    long serving = 300_000; // 3,333 a second
    long refusing = 5_000;
    long between = serving / 5;
    WaitingLine<Long> busy = new WaitingLine<>(wait, 4_096, 32_768, 0);
    long now = 0;
    long arrives = 0;
    int served = 0;
    long longest = 0;
    while (now < 10_000_000_000L) {
      while (arrives <= now) {
        now += busy.offer(arrives, Glance.Kind.NEW, now) == Place.WAITS ? 0 : refusing;
        arrives += between;
      }
      Next<Long> next = busy.next(now);
      if (next == null) {
        now = arrives;
      } else if (next.serve()) {
        longest = Math.max(longest, now - next.item());
        served++;
        now += serving;
      } else {
        now += refusing;
      }
    }
    assertThat(served).isGreaterThan(10 * 3_333 * 80 / 100);
    assertThat(longest).isLessThan(2 * wait);
  }

  /** 50 calls a second, of which the first takes a second and the next a tenth, then 2 ms each. */
  @Test
  void a_process_that_has_just_begun_refuses_nobody_and_an_old_one_that_stalls_does() {
    assertThat(refusedOfAStart(1_000)).isZero();
    assertThat(refusedOfAStart(0)).isGreaterThan(0);
  }

  private static int refusedOfAStart(int cold) {
    WaitingLine<Integer> starting = new WaitingLine<>(300_000_000, 4_096, 32_768, cold);
    long now = 0;
    int arrived = 0;
    int served = 0;
    int refused = 0;
    while (arrived < 500) {
      while (arrived < 500 && arrived * 20_000_000L <= now) {
        refused += starting.offer(arrived, Glance.Kind.NEW, now) == Place.WAITS ? 0 : 1;
        arrived++;
      }
      Next<Integer> next = starting.next(now);
      if (next == null) {
        now = arrived * 20_000_000L;
      } else if (next.serve()) {
        served++;
        now += served == 1 ? 1_000_000_000L : served < 10 ? 100_000_000L : 2_000_000L;
      } else {
        refused++;
      }
    }
    return refused;
  }

  @Test
  void the_patience_of_the_start_ends_with_the_start() {
    WaitingLine<String> starting = new WaitingLine<>(50, 3, 6, 1);
    starting.offer("first", Glance.Kind.NEW, 0);
    starting.offer("second", Glance.Kind.NEW, 0);
    starting.offer("third", Glance.Kind.NEW, 0);
    assertThat(starting.next(300)).isEqualTo(new Next<>("first", true));
    assertThat(starting.next(300)).as("one pause is none").isEqualTo(new Next<>("second", true));
    assertThat(starting.next(350)).isEqualTo(new Next<>("third", false));
  }

  @Test
  void a_repetition_of_what_was_served_is_known() {
    RecentlyServed served = new RecentlyServed(new Random(1));
    byte[] invite = {1, 2, 3};
    assertThat(served.contains(invite)).isFalse();
    served.add(invite);
    assertThat(served.contains(new byte[] {1, 2, 3})).isTrue();
    assertThat(served.contains(new byte[] {1, 2, 4})).isFalse();
    byte[] longer = new byte[1_003];
    served.add(longer);
    for (int i = 0; i < longer.length; i++) {
      byte[] other = longer.clone();
      other[i] = 1;
      assertThat(served.contains(other)).as("octet %d", i).isFalse();
    }
    assertThat(served.contains(longer)).isTrue();
    assertThat(served.contains(new byte[1_002])).isFalse();
  }

  @Test
  void a_full_line_refuses_new_requests_at_once_and_loses_others_last() {
    for (int i = 0; i < 3; i++) {
      assertThat(line.offer("invite", Glance.Kind.NEW, 0)).isEqualTo(Place.WAITS);
    }
    assertThat(line.offer("invite", Glance.Kind.NEW, 0)).isEqualTo(Place.REFUSED);
    for (int i = 0; i < 3; i++) {
      assertThat(line.offer("bye", Glance.Kind.WITHIN, 0)).isEqualTo(Place.WAITS);
    }
    assertThat(line.offer("bye", Glance.Kind.WITHIN, 0)).isEqualTo(Place.LOST);
  }
}

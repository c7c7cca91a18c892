package io.tandem.protocol.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.resolve.Dns.Kind;
import io.tandem.protocol.sip.resolve.Dns.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DnsMemoryTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Question CARRIER = new Question(Kind.SRV, "_sip._udp.carrier.test");
  private static final List<Dns.Entry> SERVERS = List.of(new Dns.Srv(1, 1, 5060, "a.test"));

  private final List<Consumer<Dns.Answer>> asked = new ArrayList<>();
  private final List<Dns.Answer> told = new ArrayList<>();
  private long now = Long.MAX_VALUE - SECOND; // a monotonic clock may pass its end
  private final DnsMemory memory = new DnsMemory((question, then) -> asked.add(then), () -> now, 2);

  private void ask() {
    memory.ask(CARRIER, told::add);
  }

  private void answer(Dns.Answer answer) {
    asked.removeFirst().accept(answer);
  }

  @Test
  void an_answer_is_good_for_its_time_to_live_and_no_longer() {
    ask();
    answer(new Dns.Found(SERVERS, 30));
    now += 20 * SECOND;
    ask();
    assertThat(told).containsExactly(new Dns.Found(SERVERS, 30), new Dns.Found(SERVERS, 10));
    assertThat(asked).isEmpty();
    now += 10 * SECOND;
    ask();
    assertThat(asked).hasSize(1);
  }

  @Test
  void that_there_is_nothing_is_remembered_too_but_not_for_long() {
    ask();
    answer(new Dns.Nothing(86_400));
    now += 899 * SECOND;
    ask();
    assertThat(asked).isEmpty();
    now += SECOND;
    ask();
    assertThat(asked).hasSize(1);
  }

  @Test
  void a_question_that_is_out_is_not_asked_twice() {
    ask();
    ask();
    assertThat(asked).hasSize(1);
    answer(new Dns.Found(SERVERS, 30));
    assertThat(told).hasSize(2);
  }

  @Test
  void what_was_known_last_is_said_again_while_nobody_can_say_better() {
    ask();
    answer(new Dns.Found(SERVERS, 30));
    now += 31 * SECOND;
    ask();
    answer(new Dns.Failed("away"));
    assertThat(told.getLast()).isEqualTo(new Dns.Found(SERVERS, 10));
    now += 86_400 * SECOND;
    ask();
    answer(new Dns.Failed("away"));
    assertThat(told.getLast()).as("a day later").isEqualTo(new Dns.Failed("away"));
  }

  @Test
  void who_was_never_known_is_not_made_up_and_a_failure_is_not_kept() {
    ask();
    answer(new Dns.Failed("away"));
    assertThat(told).containsExactly(new Dns.Failed("away"));
    ask();
    assertThat(asked).hasSize(1);
  }

  @Test
  void the_answer_that_was_not_asked_for_longest_goes_first() {
    ask();
    answer(new Dns.Found(SERVERS, 1_000));
    memory.ask(new Question(Kind.A, "b.test"), told::add);
    answer(new Dns.Nothing(1_000));
    ask();
    memory.ask(new Question(Kind.A, "c.test"), told::add);
    answer(new Dns.Nothing(1_000));
    ask();
    assertThat(asked).isEmpty();
    memory.ask(new Question(Kind.A, "b.test"), told::add);
    assertThat(asked).hasSize(1);
  }
}

package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.sim.VirtualLoop;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Where phones are, as it is remembered between two looks into the location service. */
class RegisteredTest {

  private final VirtualLoop loop = new VirtualLoop();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final Map<String, List<SipBinding>> service = new HashMap<>();
  private final List<Collection<String>> asked = new ArrayList<>();
  private boolean away;
  private boolean slow;

  private final Registered registered =
      new Registered(
          loop,
          task -> {
            if (slow) {
              waiting.add(task);
            } else {
              task.run();
            }
          },
          this::find);

  private Map<String, List<SipBinding>> find(Collection<String> endpoints) {
    asked.add(new TreeSet<>(endpoints));
    if (away) {
      throw new IllegalStateException("away");
    }
    Map<String, List<SipBinding>> found = new HashMap<>(service);
    found.keySet().retainAll(endpoints);
    return found;
  }

  private static List<SipBinding> at(String flow) {
    return List.of(
        new SipBinding(
            "alice", "sip:alice", "", 0, "1", 1, Instant.EPOCH, "edge", flow, "", "phone"));
  }

  /** What a call is told; null while it waits. */
  private List<List<SipBinding>> call(String endpoint) {
    List<List<SipBinding>> told = new ArrayList<>();
    registered.of(endpoint, told::add);
    loop.advanceMs(0);
    return told;
  }

  @Test
  void a_call_every_half_second_looks_once_and_is_told_what_is_at_most_a_second_old() {
    service.put("alice", at("one"));
    assertThat(call("alice")).containsExactly(at("one"));
    assertThat(asked).hasSize(1);
    for (int i = 0; i < 20; i++) {
      loop.advanceMs(500);
      assertThat(call("alice")).containsExactly(at("one"));
    }
    service.put("alice", at("two"));
    loop.advanceMs(1_000);
    assertThat(call("alice")).containsExactly(at("two"));
    assertThat(asked).as("none of them by the calls").hasSizeLessThan(1 + 11_000 / 450 + 1);
  }

  @Test
  void all_that_are_called_are_asked_for_together_and_those_that_are_not_no_more() {
    service.put("alice", at("one"));
    service.put("bob", at("one"));
    call("alice");
    call("bob");
    asked.clear();
    loop.advanceMs(450);
    assertThat(asked).containsExactly(new TreeSet<>(List.of("alice", "bob")));
    loop.advanceMs(500);
    call("bob");
    loop.advanceMs(1_300);
    asked.clear();
    loop.advanceMs(450);
    assertThat(asked).containsExactly(new TreeSet<>(List.of("bob")));
    loop.advanceMs(10_000);
    asked.clear();
    loop.advanceMs(60_000);
    assertThat(asked).isEmpty();
    assertThat(call("alice")).containsExactly(at("one"));
    assertThat(asked).hasSize(1);
  }

  @Test
  void what_is_not_there_is_looked_up_again_each_time() {
    assertThat(call("nobody")).containsExactly(List.of());
    service.put("nobody", at("one"));
    assertThat(call("nobody")).containsExactly(at("one"));
    service.remove("nobody");
    loop.advanceMs(460);
    assertThat(call("nobody")).containsExactly(List.of());
    service.put("nobody", at("two"));
    assertThat(call("nobody")).containsExactly(at("two"));
  }

  @Test
  void a_registration_here_is_seen_by_the_next_call_whatever_was_being_asked() {
    service.put("alice", at("one"));
    call("alice");
    service.put("alice", at("two"));
    registered.forget("alice");
    loop.advanceMs(1);
    assertThat(call("alice")).containsExactly(at("two"));

    slow = true;
    loop.advanceMs(450); // asks of alice, as she is
    assertThat(waiting).hasSize(1);
    Map<String, List<SipBinding>> old = Map.copyOf(service);
    service.put("alice", at("three"));
    registered.forget("alice");
    Map<String, List<SipBinding>> now = Map.copyOf(service);
    service.putAll(old);
    waiting.remove().run(); // reads what was before
    service.putAll(now);
    slow = false;
    loop.advanceMs(1);
    assertThat(call("alice")).containsExactly(at("three"));
  }

  @Test
  void a_service_that_is_away_is_nobodys_phone_and_is_asked_again() {
    service.put("alice", at("one"));
    call("alice");
    away = true;
    loop.advanceMs(900);
    assertThat(call("alice")).as("not older than a second").containsExactly(at("one"));
    loop.advanceMs(200);
    assertThat(call("alice")).containsExactly(List.of());
    away = false;
    loop.advanceMs(450);
    assertThat(call("alice")).containsExactly(at("one"));
  }
}

package io.tandem.node.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.trunk.TrunkEvent;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.trunk.TrunkTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrunkRulesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final TrunkRules rules = new TrunkRules(new TrunkSettings(Duration.ofHours(6)));
  private TrunkState state = TrunkState.initial("carrier-a");
  private Instant now = NOON;
  private int calls;

  static TrunkTerms terms(@Nullable Integer perSecond, @Nullable Integer concurrent) {
    return new TrunkTerms(
        List.of("sip:192.0.2.1"),
        null,
        List.of("192.0.2.0/24"),
        List.of(),
        perSecond,
        concurrent,
        List.of("PCMU"),
        new TrunkTerms.Numbers("PLUS", "", "", "", ""),
        List.of(new TrunkTerms.Route("1", 0)));
  }

  private TrunkReply say(TrunkCommand command) {
    Decision<TrunkEvent, TrunkReply> decision = rules.decide(state, command, now);
    for (TrunkEvent event : decision.events()) {
      state = state.apply(event);
    }
    return decision.reply();
  }

  private String call() {
    return TimedId.at("call" + ++calls, now);
  }

  private String admitted() {
    String id = call();
    assertThat(say(new TrunkCommand.Admit(id))).isEqualTo(new TrunkReply.Admitted(id, false));
    return id;
  }

  private String refusal() {
    return ((TrunkReply.NotAdmitted) say(new TrunkCommand.Admit(call()))).reason();
  }

  @Test
  void never_more_calls_at_once_than_the_limit_and_an_ended_one_comes_back() {
    say(new TrunkCommand.Define(terms(null, 2)));
    String first = admitted();
    admitted();
    assertThat(refusal()).isEqualTo("CONCURRENCY_REACHED");
    assertThat(say(new TrunkCommand.Admit(first))).isEqualTo(new TrunkReply.Admitted(first, true));
    assertThat(say(new TrunkCommand.Release(first)))
        .isEqualTo(new TrunkReply.Released(first, false));
    assertThat(say(new TrunkCommand.Release(first)))
        .isEqualTo(new TrunkReply.Released(first, true));
    admitted();
    assertThat(refusal()).isEqualTo("CONCURRENCY_REACHED");
  }

  @Test
  void never_more_new_calls_in_any_second_than_the_limit() {
    say(new TrunkCommand.Define(terms(3, null)));
    admitted();
    now = NOON.plusMillis(900);
    admitted();
    admitted();
    assertThat(refusal()).isEqualTo("RATE_REACHED");
    now = NOON.plusMillis(999);
    assertThat(refusal()).isEqualTo("RATE_REACHED");
    now = NOON.plusMillis(1_000);
    admitted();
    assertThat(refusal()).as("two of the last second, and this one").isEqualTo("RATE_REACHED");
    now = NOON.plusMillis(1_900);
    admitted();
    admitted();
    assertThat(refusal()).isEqualTo("RATE_REACHED");
  }

  @Test
  void a_release_that_overtakes_its_admission_forestalls_it() {
    say(new TrunkCommand.Define(terms(null, 2)));
    String early = call();
    say(new TrunkCommand.Release(early));
    assertThat(((TrunkReply.NotAdmitted) say(new TrunkCommand.Admit(early))).reason())
        .isEqualTo("CALL_ENDED");
    assertThat(state.admissions()).isEmpty();
  }

  @Test
  void an_old_admission_asks_its_call_and_goes_when_that_is_over() {
    say(new TrunkCommand.Define(terms(null, 2)));
    String old = admitted();
    assertThat(rules.resume(state, Acks.NONE, now)).isEmpty();
    assertThat(rules.deadline(state)).isEqualTo(NOON.plus(Duration.ofHours(6)));
    now = NOON.plus(Duration.ofHours(6));
    List<Effect> asked = rules.resume(state, Acks.NONE, now);
    assertThat(asked).hasSize(1);
    Effect.Ask ask = (Effect.Ask) asked.getFirst();
    assertThat(ask.target().id()).isEqualTo(old);
    say(rules.answered(state, ask, new CallReply.StillNeeded()).orElseThrow());
    assertThat(state.admissions()).containsKey(old);
    assertThat(rules.resume(state, Acks.NONE, now)).isEmpty();
    say(rules.answered(state, ask, new CallReply.Unknown()).orElseThrow());
    assertThat(state.admissions()).isEmpty();
    assertThat(rules.deadline(state)).isNull();
  }

  @Test
  void what_is_switched_off_takes_no_new_call_and_other_terms_count_at_once() {
    assertThat(say(new TrunkCommand.Read())).isEqualTo(new TrunkReply.Unknown());
    say(new TrunkCommand.Define(terms(null, 1)));
    admitted();
    say(new TrunkCommand.Define(terms(null, 2)));
    admitted();
    say(new TrunkCommand.Switch(false, "upgrade"));
    assertThat(refusal()).isEqualTo("OFF");
    assertThat(state.admissions()).hasSize(2);
    say(new TrunkCommand.Define(terms(null, 5)));
    assertThat(refusal()).as("new terms do not switch on").isEqualTo("OFF");
  }

  @Test
  void terms_that_cannot_be_are_refused_by_field() {
    TrunkTerms good = terms(1, 1);
    assertThat(
            say(
                new TrunkCommand.Define(
                    new TrunkTerms(
                        List.of("anna"),
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        List.of(),
                        good.numbers(),
                        List.of()))))
        .isInstanceOfSatisfying(
            TrunkReply.Invalid.class, no -> assertThat(no.field()).isEqualTo("targets"));
    assertThat(say(new TrunkCommand.Define(terms(-1, null))))
        .isInstanceOfSatisfying(
            TrunkReply.Invalid.class, no -> assertThat(no.field()).isEqualTo("callsPerSecond"));
    state = TrunkState.initial("Carrier A");
    assertThat(say(new TrunkCommand.Define(good)))
        .isInstanceOfSatisfying(
            TrunkReply.Invalid.class, no -> assertThat(no.field()).isEqualTo("id"));
  }
}

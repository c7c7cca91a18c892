package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A greeting of half a minute, which a key ends, and a notice, which none does. */
class GreetingOverSipTest {
  private static final int CALLER_HZ = 440;
  private static final int AGENT_HZ = 1000;

  @TempDir static Path directory;

  private static Exchange exchange;
  private static Handset agent;

  @BeforeAll
  static void start() {
    CampaignTerms plain = Market.oneByOne();
    String greeting = "We are glad that you call us today. ".repeat(13).strip();
    CampaignVoice voice =
        new CampaignVoice(greeting, CampaignVoice.Recording.AFTER_NOTICE, "This is recorded.");
    exchange =
        Exchange.open(
            Exchange.settings(directory, "tandem.media.voice.recording-format = opus"),
            UnaryOperator.identity(),
            plain.with(voice));
    exchange.market().agent("anna", 100);
    exchange.phones().phone("anna", GreetingOverSipTest::answer);
  }

  private static void answer(UaCall call) {
    boolean unused = call.answer(agent);
  }

  @AfterAll
  static void stop() {
    exchange.close();
  }

  @ParameterizedTest(name = "telephone events: {0}")
  @ValueSource(booleans = {true, false})
  @Tag("rule:TEL-7")
  @Tag("rule:CMP-3")
  void a_key_ends_the_greeting_as_an_event_or_as_a_tone_and_the_notice_is_played(boolean events)
      throws Exception {
    try (Handset caller = new Handset(Codec.PCMU, events, CALLER_HZ);
        Handset annas = new Handset(Codec.PCMU, true, AGENT_HZ)) {
      agent = annas;
      int before = exchange.phones().rung().size();
      UaCall call = exchange.phones().callFrom(Market.CALLER, caller);
      Market.await("it is greeted", caller::hearsSomething);
      assertThat(exchange.phones().rung()).as("nobody rings before").hasSize(before);
      caller.press("5");
      Exchange.Connected connected = exchange.connected(before, call);
      caller.forget();
      Market.await("it hears the agent", () -> caller.hears(AGENT_HZ));
      Market.await("it is recorded", () -> isRecorded(connected.callId()));
      assertThat(agent.keys()).as("keys of the greeting are not the agent's").isEmpty();
      CallState.Ended ended = exchange.hangUp(call, connected.callId());
      assertThat(ended.end().endedBy()).isEqualTo(CallEvent.EndedBy.CALLER);
      Market.await("its file is whole", () -> isWhole(connected.callId()));
    }
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(file -> file.toString().endsWith(".opus.sealed"))).isNotEmpty();
    }
  }

  private static boolean isRecorded(String callId) {
    return exchange.market().events("call", callId, CallEvent.RecordingDecided.class).stream()
        .anyMatch(decided -> decided.ground().equals("NOTICE_PLAYED"));
  }

  private static boolean isWhole(String callId) {
    return exchange.market().events("call", callId, CallEvent.RecordingDone.class).stream()
        .anyMatch(done -> done.octets() > 0 && done.failure().isEmpty());
  }
}

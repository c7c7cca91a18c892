package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.system.Market;
import io.tandem.node.system.Telephones;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.phone.Phones;
import io.tandem.ops.phone.Voice;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A phone without a cent behind it dials 911. */
@Tag("rule:TEL-12")
class EmergencyCallTest {
  private static final int PATIENCE_SECONDS = 30;

  @TempDir Path directory;

  private final ScheduledExecutorService beats = Executors.newScheduledThreadPool(1);
  private PeerNode node;
  private Phones phones;

  @BeforeEach
  void start() {
    node =
        PeerNode.start(
            directory,
            30_600,
            "tandem.sip.emergency.announcement = \"Call from another telephone.\"");
    node.market().endpoint("anna", List.of("SHA-256"));
    phones = Phones.open(node.node().edge().orElseThrow().sipAddress(), (sent, message) -> {});
  }

  @AfterEach
  void stop() {
    phones.close();
    node.close();
    beats.shutdownNow();
  }

  private UaCall dial(String password, Voice voice) {
    return phones
        .line("anna", password, call -> call.refuse(486))
        .call(SipUri.sip("911", Phones.HOST, node.port()), voice);
  }

  @Test
  @NeedsPeer("espeak-ng")
  void it_is_told_in_words_that_nobody_is_reached_and_nothing_is_written_or_billed()
      throws Exception {
    try (Voice voice = Voice.singing(440, Metronome.of(beats))) {
      UaCall call = dial(Market.password("anna"), voice);
      Books.await("it is told", PATIENCE_SECONDS, () -> voice.heard().levelDbfs() > -40);
      assertThat(call.ended()).isNotDone();
      assertThat(Telephones.within(call.ended()).status()).isEqualTo(380);
      assertThat(node.market().callIds()).isEmpty();
      assertThat(node.node().edge().orElseThrow().edge().activeCalls()).isZero();
    }
  }

  @Test
  @NeedsPeer("espeak-ng")
  void who_gives_up_while_it_is_told_hears_the_end_at_once() throws Exception {
    try (Voice voice = Voice.singing(440, Metronome.of(beats))) {
      UaCall call = dial(Market.password("anna"), voice);
      assertThat(Telephones.within(call.ringing())).isTrue();
      call.hangUp();
      assertThat(Telephones.within(call.ended()).status()).isEqualTo(487);
    }
  }

  /** Else anybody could have us speak to whatever address he names. */
  @Test
  void a_stranger_is_not_spoken_to() throws Exception {
    try (Voice voice = Voice.singing(440, Metronome.of(beats))) {
      UaCall call = dial("guessed", voice);
      assertThat(Telephones.within(call.ended()).status()).isIn(401, 403);
      assertThat(voice.report().packets()).isZero();
    }
  }
}

package io.tandem.node.edge.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.call.CallCommand;
import io.tandem.node.intercept.CaseStore;
import io.tandem.node.intercept.InterceptDesk;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.Interception;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recordings hear of a call whose sides change what they speak. */
class CallVoiceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String CALLER = "+12125550100";

  @TempDir Path directory;

  private final AtomicLong nanos = new AtomicLong();
  private VoiceOnLoopback line;
  private CallVoice voice;

  @BeforeEach
  void open() {
    line = new VoiceOnLoopback(directory, nanos::get, Runnable::run);
    voice = line.voice();
  }

  @AfterEach
  void close() {
    voice.close();
    line.close();
  }

  /** An offer of the caller's and its answer. */
  private void agree(Sdp description) {
    voice.agreed(
        Side.A,
        CodecMatch.agree(description, description).orElseThrow(),
        Direction.SENDRECV,
        Direction.SENDRECV,
        false);
  }

  private static Sdp known() {
    return VoiceOnLoopback.audio("0");
  }

  private static Sdp unknown() {
    return VoiceOnLoopback.audio("18");
  }

  @Test
  void what_was_spoken_in_a_codec_nobody_here_knows_is_a_gap_of_the_recording() {
    Missed own = new Missed();
    agree(known());
    voice.record(own, 8000);
    agree(unknown());
    nanos.addAndGet(3 * SECOND);
    agree(unknown());
    nanos.addAndGet(4 * SECOND);
    agree(known());
    assertThat(own.millis).containsExactly(7000L);
    nanos.addAndGet(5 * SECOND);
    agree(known());
    assertThat(own.millis).as("nothing was missed since").containsExactly(7000L);

    Missed cases = new Missed();
    voice.intercept(1, cases, 8000);
    agree(unknown());
    nanos.addAndGet(2 * SECOND);
    voice.interceptNoMore(1);
    assertThat(cases.millis).as("up to its end").containsExactly(2000L);
    nanos.addAndGet(SECOND);
    voice.close();
    assertThat(own.millis).as("up to the call's end").containsExactly(7000L, 3000L);
  }

  /** A recording that only minds what it missed. */
  private static final class Missed implements Recording {
    private final List<Long> millis = new ArrayList<>();

    @Override
    public void write(short[] left, short[] right, int count) {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void missed(long passedMillis) {
      millis.add(passedMillis);
    }

    @Override
    public Done finish() {
      return new Done(0, 0, "", 0, "", List.of());
    }

    @Override
    public void close() {}
  }

  @Test
  void a_caller_whose_codec_is_known_only_with_its_ack_is_listened_in_on_from_then_on()
      throws Exception {
    Blinder blinder = new Blinder(new byte[32]);
    InstantSource clock = InstantSource.system();
    CaseStore store = new CaseStore(directory, new MemoryKeyStore(), clock);
    try (Database database = Databases.H2_MEMORY.open(Database.Contents.JOURNAL);
        InterceptDesk desk =
            new InterceptDesk(ordered(database, blinder), key("node", 3), store, blinder, clock)) {
      desk.refresh();
      CallTap tap = new CallTap(voice, Runnable::run, desk, clock::instant);
      tap.began("call-1", CALLER, "+12125550199");
      tap.answered("anna");
      agree(known());
      tap.look();
      CountDownLatch done = new CountDownLatch(1);
      desk.execute(done::countDown);
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(recordings()).isEqualTo(1);
      tap.end();
    }
  }

  @Test
  void while_voices_come_late_nothing_more_is_recorded_or_transcoded() {
    agree(known());
    assertThat(voice.asked(known())).as("transcoded to, if need be").isNotEqualTo(known());
    long until = System.nanoTime() + 20 * SECOND;
    while (!voice.isOverloaded() && System.nanoTime() < until) {
      nanos.addAndGet(SECOND / 10); // the beats cannot follow such a clock
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(voice.asked(known())).isEqualTo(known());
    List<CallCommand> facts = new ArrayList<>();
    CallRecorder recorder = new CallRecorder(voice, Runnable::run, Instant::now, facts::add);
    recorder.begin(
        new CampaignVoice("", CampaignVoice.Recording.AFTER_NOTICE, "This is recorded."),
        "call-1",
        "person:1",
        true);
    assertThat(facts)
        .singleElement()
        .isInstanceOfSatisfying(
            CallCommand.RecordingDecided.class,
            decided -> assertThat(decided.ground()).isEqualTo("VOICE_OVERLOADED"));
  }

  private static SigningKey key(String name, int seed) {
    byte[] secret = new byte[SigningKey.BYTES];
    Arrays.fill(secret, (byte) seed);
    return new SigningKey(name, secret);
  }

  /** A log in which two officers have ordered to listen in on the caller. */
  private static DisclosureLog ordered(Database database, Blinder blinder) {
    SigningKey alice = key("alice", 1);
    SigningKey bob = key("bob", 2);
    DisclosureLog log =
        new DisclosureLog(
            database, key("node", 3).verifying(), List.of(alice.verifying(), bob.verifying()));
    Instant now = Instant.now();
    String about =
        Interception.about(blinder.person(CALLER), now.minusSeconds(60), now.plusSeconds(3_600));
    assertThat(log.request(alice, "NY 2026/118", about, "an order", now))
        .isInstanceOf(DisclosureLog.Outcome.Noted.class);
    assertThat(log.approve(bob, 1, "read it", now)).isInstanceOf(DisclosureLog.Outcome.Noted.class);
    return log;
  }

  private long recordings() throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(file -> file.toString().contains(".wav.")).count();
    }
  }
}

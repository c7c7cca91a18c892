package io.tandem.protocol.media.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.protocol.media.codec.Signals;
import io.tandem.protocol.media.dtmf.KeyToneDetector;
import io.tandem.protocol.media.playout.Prompt;
import io.tandem.protocol.media.speech.Speech.Spoken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechTest {
  @TempDir Path folder;

  @Test
  void the_built_in_voice_speaks_and_its_speech_holds_no_key() {
    Spoken spoken =
        new FreeTtsSpeech()
            .speak("Please hold the line. Your call will be answered by a licensed agent.");
    Prompt prompt = ((Spoken.Said) spoken).prompt();
    assertThat(prompt.seconds()).isBetween(2.0, 10.0);
    short[] samples = new short[(int) (prompt.seconds() * 8000)];
    int count = prompt.at(8000).fill(samples, 0, samples.length);
    assertThat(Signals.levelDb(samples, 0, count)).isGreaterThan(-40);
    KeyToneDetector keys = new KeyToneDetector(8000);
    for (int at = 0; at + 160 <= count; at += 160) {
      assertThat(keys.hear(samples, at, 160)).isEqualTo(KeyToneDetector.NONE);
    }
  }

  @Test
  void espeak_ng_speaks_where_it_is_installed() {
    assumeTrue(isInstalled("espeak-ng"), "needs peer: espeak-ng");
    Speech espeak = new EspeakSpeech("espeak-ng", "de", Duration.ofSeconds(20));
    Spoken spoken = espeak.speak("Bitte bleiben Sie am Apparat. Ihr Gespräch wird verbunden.");
    assertThat(spoken).isInstanceOf(Spoken.Said.class);
    Prompt prompt = ((Spoken.Said) spoken).prompt();
    assertThat(prompt.seconds()).isBetween(2.0, 10.0);
    short[] samples = new short[16_000];
    int count = prompt.at(8000).fill(samples, 0, samples.length);
    assertThat(Signals.levelDb(samples, 0, count)).isGreaterThan(-40);
  }

  @Test
  void a_program_that_is_missing_hangs_or_says_no_sound_is_a_failure() throws Exception {
    Path hangs = script("exec sleep 60");
    Path talks = script("cat; echo what it is not");
    Duration moment = Duration.ofMillis(200);
    assertThat(new EspeakSpeech(folder.resolve("none").toString(), "en", moment).speak("text"))
        .isInstanceOf(Spoken.Failed.class);
    assertThat(new EspeakSpeech(hangs.toString(), "en", moment).speak("text"))
        .isEqualTo(new Spoken.Failed("espeak-ng took longer than 200 ms"));
    assertThat(
            new EspeakSpeech(talks.toString(), "en", Duration.ofSeconds(20)).speak("secret words"))
        .isEqualTo(new Spoken.Failed("espeak-ng: no WAV file"));
    assertThatThrownBy(() -> new EspeakSpeech("espeak-ng", "en --phonout=x", moment))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path script(String body) throws IOException {
    Path file = Files.createTempFile(folder, "voice", ".sh");
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Counts how often it was asked. */
  private static final class Counting implements Speech {
    final List<String> asked = new ArrayList<>();

    @Override
    public String voice() {
      return "test";
    }

    @Override
    public Spoken speak(String text) {
      asked.add(text);
      return text.startsWith("bad")
          ? new Spoken.Failed("no")
          : new Spoken.Said(Prompt.of(new short[10], 8000));
    }
  }

  @Test
  void a_text_is_spoken_once_and_the_least_used_is_given_up() {
    Counting voice = new Counting();
    SpokenTexts texts = new SpokenTexts(voice, 2);
    for (String text : Arrays.asList("a", "a", "b", "a", "c", "a", "b")) {
      assertThat(texts.say(text)).isInstanceOf(Spoken.Said.class);
    }
    assertThat(voice.asked).containsExactly("a", "b", "c", "b");
  }

  @Test
  void a_text_that_takes_long_keeps_no_other_waiting_and_is_spoken_once_for_two() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger spoken = new AtomicInteger();
    Speech slow =
        new Speech() {
          @Override
          public String voice() {
            return "slow";
          }

          @Override
          public Spoken speak(String text) {
            if (text.equals("long")) {
              spoken.incrementAndGet();
              begun.countDown();
              awaited(go);
            }
            return new Spoken.Said(Prompt.of(new short[160], 8000));
          }
        };
    SpokenTexts texts = new SpokenTexts(slow, 10);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Spoken> first = threads.submit(() -> texts.say("long"));
      awaited(begun);
      Future<Spoken> second = threads.submit(() -> texts.say("long"));
      assertThat(texts.say("short")).isInstanceOf(Spoken.Said.class);
      go.countDown();
      assertThat(first.get(20, TimeUnit.SECONDS)).isSameAs(second.get(20, TimeUnit.SECONDS));
    }
    assertThat(spoken).hasValue(1);
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  @Test
  void a_failure_is_not_kept_and_a_text_without_bounds_is_not_spoken() {
    Counting voice = new Counting();
    SpokenTexts texts = new SpokenTexts(voice, 2);
    texts.say("bad");
    texts.say("bad");
    assertThat(voice.asked).hasSize(2);
    assertThat(texts.say("x".repeat(2001))).isInstanceOf(Spoken.Failed.class);
    assertThat(texts.say(" ")).isInstanceOf(Spoken.Failed.class);
    assertThat(voice.asked).hasSize(2);
  }
}

package io.tandem.protocol.media.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.StereoRecording;
import io.tandem.protocol.media.store.RecordingSpool.Opening;
import io.tandem.protocol.media.store.RecordingStore.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingSpoolTest {
  private static final RecordingName NAME = new RecordingName("tenant-7/call-1.wav");

  @TempDir Path folder;

  @Test
  void a_finished_recording_goes_to_the_store_and_leaves_the_spool() throws IOException {
    DiskStore store = new DiskStore(folder.resolve("store"));
    try (RecordingSpool spool = opened(store).spool()) {
      Recording recording = StereoRecording.wav(spool.begin(NAME), 8000);
      recording.write(new short[160], new short[160], 160);
      assertThat(spool.sweep().stored()).as("while it is open").isZero();
      Recording.Done done = recording.finish();
      spool.finished(NAME);
      assertThat(spool.sweep()).isEqualTo(new RecordingSpool.Sweep(1, 0, ""));
      assertThat(folder.resolve("store/tenant-7/call-1.wav")).hasSize(done.octets());
      assertThat(folder.resolve("spool/finished/tenant-7/call-1.wav")).doesNotExist();
      assertThat(spool.stored()).isEqualTo(1);
    }
  }

  @Test
  void what_the_store_does_not_take_stays_until_it_does() throws IOException {
    Fickle store = new Fickle();
    try (RecordingSpool spool = opened(store).spool()) {
      Files.writeString(spool.begin(NAME), "sound");
      spool.finished(NAME);
      assertThat(spool.sweep()).isEqualTo(new RecordingSpool.Sweep(0, 1, "full"));
      assertThat(spool.failures()).isEqualTo(1);
      store.works = true;
      assertThat(spool.sweep().stored()).isEqualTo(1);
    }
  }

  @Test
  void one_process_has_a_spool_and_the_next_one_finds_what_waits() throws IOException {
    DiskStore store = new DiskStore(folder.resolve("store"));
    try (RecordingSpool spool = opened(store).spool()) {
      assertThat(RecordingSpool.open(folder.resolve("spool"), store))
          .isInstanceOf(Opening.Refused.class);
      Files.writeString(spool.begin(NAME), "sound");
      spool.finished(NAME);
    }
    Opening.Opened next = opened(store);
    try (RecordingSpool spool = next.spool()) {
      assertThat(next.leftBehind()).isZero();
      assertThat(spool.sweep().stored()).isEqualTo(1);
    }
  }

  @Test
  void a_killed_nodes_recordings_are_found_and_uploaded_when_it_starts_again() throws Exception {
    AccessKey key = new AccessKey("AKID", "a secret");
    Process node = killedNode();
    node.destroyForcibly(); // SIGKILL
    node.waitFor();
    try (TinyS3 service = new TinyS3("eu-test-1", "recordings", key);
        S3Store s3 =
            new S3Store(
                new S3Settings(
                    service.endpoint(), "eu-test-1", "recordings", "", key, Duration.ofSeconds(10)),
                java.time.InstantSource.system())) {
      Opening.Opened opened = opened(s3);
      assertThat(opened.leftBehind()).isEqualTo(1);
      try (RecordingSpool spool = opened.spool()) {
        assertThat(spool.sweep().stored()).isEqualTo(1);
      }
      byte[] kept = service.objects().get("/recordings/" + SpoolingNode.NAME.text());
      assertThat(kept).hasSizeGreaterThan(44 + 8000 * 4 / 2);
    }
  }

  private Process killedNode() throws IOException {
    Process node =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SpoolingNode.class.getName(),
                folder.resolve("spool").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader said = node.inputReader();
    String line = said.readLine();
    while (line != null && !line.equals("recorded")) {
      line = said.readLine();
    }
    assertThat(line).as("the node lives").isEqualTo("recorded");
    return node;
  }

  @Test
  void on_its_own_thread_it_keeps_up() throws Exception {
    CountDownLatch kept = new CountDownLatch(2);
    RecordingStore store = new Fickle(kept::countDown);
    try (RecordingSpool spool = opened(store).spool()) {
      spool.keepUp(Duration.ofHours(1));
      for (String name : new String[] {"a", "b"}) {
        RecordingName next = new RecordingName(name);
        Files.writeString(spool.begin(next), "sound");
        spool.finished(next);
      }
      assertThat(kept.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_store_that_fails_in_an_unforeseen_way_is_tried_again() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    RecordingStore store =
        new Fickle(
            () -> {
              asked.countDown();
              if (asked.getCount() > 0) {
                throw new IllegalStateException("unforeseen");
              }
            });
    try (RecordingSpool spool = opened(store).spool()) {
      Files.writeString(spool.begin(NAME), "sound");
      spool.finished(NAME);
      spool.keepUp(Duration.ofMillis(10));
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(spool.failures()).isPositive();
    }
  }

  private Opening.Opened opened(RecordingStore store) {
    Opening opening = RecordingSpool.open(folder.resolve("spool"), store);
    assertThat(opening).isInstanceOf(Opening.Opened.class);
    return (Opening.Opened) opening;
  }

  /** A store that is full until it works. */
  private static final class Fickle implements RecordingStore {
    private final Runnable whenKept;
    private boolean works;

    Fickle() {
      this.whenKept = () -> {};
    }

    Fickle(Runnable whenKept) {
      this.whenKept = whenKept;
      this.works = true;
    }

    @Override
    public Outcome keep(RecordingName name, Path file) {
      if (!works) {
        return new Outcome.Failed("full", true);
      }
      whenKept.run();
      return new Outcome.Done();
    }

    @Override
    public Outcome fetch(RecordingName name, Path file) {
      return new Outcome.Missing();
    }

    @Override
    public Outcome remove(RecordingName name) {
      return new Outcome.Done();
    }
  }
}

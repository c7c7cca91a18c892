package io.tandem.protocol.media.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.media.store.RecordingStore.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One contract for both stores; S3 is {@link TinyS3}, which checks every signature. */
class RecordingStoreTest {
  private static final RecordingName NAME = new RecordingName("tenant-7/2026-11/call-1.opus");
  private static final AccessKey KEY = new AccessKey("AKID", "a secret");
  private static final Instant NOW = Instant.parse("2026-11-22T23:00:00Z");

  enum Kind {
    DISK,
    S3
  }

  @TempDir Path folder;
  private TinyS3 service;
  private S3Store s3;

  @BeforeEach
  void a_service() throws IOException {
    service = new TinyS3("eu-test-1", "recordings", KEY);
    s3 = new S3Store(settings(KEY), InstantSource.fixed(NOW));
  }

  @AfterEach
  void close() {
    s3.close();
    service.close();
  }

  private S3Settings settings(AccessKey key) {
    return new S3Settings(
        service.endpoint(), "eu-test-1", "recordings", "node-a/", key, Duration.ofSeconds(10));
  }

  private RecordingStore store(Kind kind) {
    return switch (kind) {
      case DISK -> new DiskStore(folder.resolve("store"));
      case S3 -> s3;
    };
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void what_is_kept_comes_back_octet_for_octet_until_it_is_removed(Kind kind) throws IOException {
    RecordingStore store = store(kind);
    byte[] octets = new byte[300_000];
    new java.util.Random(7).nextBytes(octets);
    Path file = Files.write(folder.resolve("call"), octets);
    Path back = folder.resolve("back");
    assertThat(store.fetch(NAME, back)).isEqualTo(new Outcome.Missing());
    assertThat(back).doesNotExist();
    assertThat(store.keep(NAME, file)).isEqualTo(new Outcome.Done());
    assertThat(store.keep(NAME, file)).as("again").isEqualTo(new Outcome.Done());
    assertThat(file).as("stays").exists();
    assertThat(store.fetch(NAME, back)).isEqualTo(new Outcome.Done());
    assertThat(back).hasBinaryContent(octets);
    assertThat(store.fetch(NAME, back)).as("over a file").isInstanceOf(Outcome.Failed.class);
    assertThat(store.remove(NAME)).isEqualTo(new Outcome.Done());
    assertThat(store.remove(NAME)).as("again").isEqualTo(new Outcome.Done());
    assertThat(store.fetch(folderName(), folder.resolve("no"))).isEqualTo(new Outcome.Missing());
  }

  private static RecordingName folderName() {
    return new RecordingName("tenant-7/2026-12/none");
  }

  @Test
  void a_wrong_key_and_a_missing_bucket_are_failures_that_do_not_mend_themselves()
      throws IOException {
    Path file = Files.write(folder.resolve("call"), new byte[10]);
    try (S3Store stranger =
        new S3Store(settings(new AccessKey("AKID", "another")), InstantSource.fixed(NOW))) {
      assertThat(stranger.keep(NAME, file)).isEqualTo(new Outcome.Failed("S3 answered 403", false));
    }
    S3Settings elsewhere =
        new S3Settings(
            service.endpoint(), "eu-test-1", "no-bucket", "", KEY, Duration.ofSeconds(10));
    try (S3Store lost = new S3Store(elsewhere, InstantSource.fixed(NOW))) {
      assertThat(lost.keep(NAME, file))
          .isEqualTo(new Outcome.Failed("S3 has no bucket no-bucket", false));
    }
  }

  @Test
  void a_service_that_is_busy_or_gone_is_a_failure_to_try_again() throws IOException {
    Path file = Files.write(folder.resolve("call"), new byte[10]);
    service.busy(true);
    assertThat(s3.keep(NAME, file)).isEqualTo(new Outcome.Failed("S3 answered 503", true));
    service.close();
    assertThat(s3.keep(NAME, file))
        .isInstanceOfSatisfying(Outcome.Failed.class, gone -> assertThat(gone.retry()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", "../a", "a/..", ".hidden", "a b", "ä", "a%41"})
  void a_name_that_could_leave_its_place_is_none(String text) {
    assertThatThrownBy(() -> new RecordingName(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void settings_are_checked_and_the_secret_is_not_shown() {
    assertThat(settings(KEY).toString()).doesNotContain("a secret");
    assertThatThrownBy(
            () ->
                new S3Settings(
                    URI.create("ftp://x"), "r", "bucket", "", KEY, Duration.ofSeconds(1)))
        .hasMessageContaining("endpoint");
    assertThatThrownBy(
            () -> new S3Settings(URI.create("http://x"), "r", "B/", "", KEY, Duration.ofSeconds(1)))
        .hasMessageContaining("bucket");
  }
}

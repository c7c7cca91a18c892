package io.tandem.protocol.media.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Recordings in S3: one request an object, its octets hashed before they are sent and named in the
 * signature, so that what arrives is what was written. Objects of up to 5 GB, which are years of a
 * call. No redirect is followed: it would carry the signature elsewhere.
 */
public final class S3Store implements RecordingStore, AutoCloseable {
  private static final String EMPTY_HASH = SigV4.sha256(new byte[0]);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private final S3Settings settings;
  private final SigV4 signature;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  /**
   * @param clock a service refuses what is signed more than a quarter of an hour off
   */
  public S3Store(S3Settings settings, InstantSource clock) {
    this.settings = settings;
    this.signature = new SigV4(settings.key(), settings.region(), "s3");
    this.clock = clock;
  }

  @Override
  public Outcome keep(RecordingName name, Path file) {
    try {
      HttpRequest request = signed("PUT", name, BodyPublishers.ofFile(file), sha256(file));
      Outcome outcome = outcome(client.send(request, BodyHandlers.discarding()).statusCode());
      return outcome instanceof Outcome.Missing
          ? new Outcome.Failed("S3 has no bucket " + settings.bucket(), false)
          : outcome;
    } catch (IOException broken) {
      return broken("PUT", broken);
    } catch (InterruptedException stop) {
      return interrupted();
    }
  }

  @Override
  public Outcome fetch(RecordingName name, Path file) {
    if (Files.exists(file)) {
      return new Outcome.Failed("there is such a file already", false);
    }
    Path part = file.resolveSibling(file.getFileName() + ".fetching");
    try {
      HttpRequest request = signed("GET", name, BodyPublishers.noBody(), EMPTY_HASH);
      HttpResponse<?> answer =
          client.send(
              request,
              head ->
                  head.statusCode() == 200
                      ? BodySubscribers.ofFile(part)
                      : BodySubscribers.replacing(part));
      if (answer.statusCode() == 200) {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return outcome(answer.statusCode());
    } catch (FileAlreadyExistsException meanwhile) {
      return new Outcome.Failed("there is such a file already", false);
    } catch (IOException broken) {
      return broken("GET", broken);
    } catch (InterruptedException stop) {
      return interrupted();
    }
  }

  @Override
  public Outcome remove(RecordingName name) {
    try {
      HttpRequest request = signed("DELETE", name, BodyPublishers.noBody(), EMPTY_HASH);
      Outcome outcome = outcome(client.send(request, BodyHandlers.discarding()).statusCode());
      return outcome instanceof Outcome.Missing ? new Outcome.Done() : outcome;
    } catch (IOException broken) {
      return broken("DELETE", broken);
    } catch (InterruptedException stop) {
      return interrupted();
    }
  }

  private HttpRequest signed(String method, RecordingName name, BodyPublisher body, String hash) {
    String path = settings.path(name);
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("x-amz-content-sha256", hash);
    headers.put("x-amz-date", SigV4.stamp(clock.instant()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(settings.endpoint().getScheme() + "://" + settings.host() + path))
            .method(method, body)
            .timeout(settings.limit());
    headers.forEach(request::header);
    headers.put("host", settings.host());
    SigV4.Request toSign = new SigV4.Request(method, path, "", headers, hash);
    return request.header("Authorization", signature.authorization(toSign)).build();
  }

  /** What a status says; the body of a refusal is not read, it names buckets and keys. */
  private static Outcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return new Outcome.Done();
    }
    if (status == 404) {
      return new Outcome.Missing();
    }
    boolean later = status >= 500 || status == 408 || status == 429;
    return new Outcome.Failed("S3 answered " + status, later);
  }

  private static Outcome broken(String method, IOException why) {
    return new Outcome.Failed(
        "S3 was not reached to " + method + ": " + why.getClass().getSimpleName(), true);
  }

  private static Outcome interrupted() {
    Thread.currentThread().interrupt();
    return new Outcome.Failed("interrupted", true);
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = SigV4.digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] part = new byte[1 << 16];
      for (int count = in.read(part); count > 0; count = in.read(part)) {
        digest.update(part, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    client.close();
  }
}

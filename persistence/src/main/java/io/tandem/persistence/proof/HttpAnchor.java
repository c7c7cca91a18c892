package io.tandem.persistence.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A second party's endpoint. {@code POST URL} with a line of JSON adds one: 2xx, or 409 where it
 * has another of that number. {@code GET URL} gives all lines, {@code GET URL/newest} the newest
 * one, or 404 for none.
 */
public final class HttpAnchor implements Anchor, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final URI url;
  private final HttpClient client;

  public HttpAnchor(URI url) {
    this.url = url;
    this.client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  }

  /** Without credentials that the address may carry. */
  @Override
  public String name() {
    return url.getScheme() + "://" + url.getHost() + ":" + url.getPort() + url.getPath();
  }

  @Override
  public long newest() {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(url + "/newest")).GET(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == NOT_FOUND) {
      return 0;
    }
    require(answer, "the newest checkpoint");
    try {
      return Anchored.of(answer.body()).number();
    } catch (IllegalArgumentException e) {
      throw new AnchorException(name() + " answered with no checkpoint", e);
    }
  }

  @Override
  public void add(Anchored checkpoint) {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(checkpoint.line() + "\n")),
            HttpResponse.BodyHandlers.ofString());
    require(answer, "to add " + checkpoint);
  }

  @Override
  public Stream<Anchored> all() {
    HttpResponse<Stream<String>> answer =
        send(HttpRequest.newBuilder(url).GET(), HttpResponse.BodyHandlers.ofLines());
    if (answer.statusCode() == NOT_FOUND) {
      answer.body().close();
      return Stream.empty();
    }
    require(answer, "all checkpoints");
    return answer.body().map(Anchored::of);
  }

  private void require(HttpResponse<?> answer, String what) {
    if (answer.statusCode() / 100 * 100 != OK) {
      throw new AnchorException(name() + " answered " + answer.statusCode() + " to " + what);
    }
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return client.send(request.timeout(PATIENCE).build(), body);
    } catch (IOException e) {
      throw new AnchorException(name() + " cannot be reached", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnchorException(name() + " was not waited for", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

package io.tandem.protocol.media.speech;

import io.tandem.protocol.media.playout.Prompt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Speech of a provider over HTTP: a POST of {@code {"model", "voice", "input", "response_format":
 * "wav"}} with the key as bearer, a WAV back. That is what OpenAI's {@code /v1/audio/speech} takes
 * and what the servers that run at home imitate. Texts leave the node: they must hold nothing of a
 * person. No redirect is followed: it would carry the key elsewhere.
 */
public final class HttpSpeech implements Speech {
  private static final int MAX_OCTETS = 32 << 20;

  private final Provider provider;
  private final HttpClient client;

  /**
   * Who speaks.
   *
   * @param url to post to
   * @param key bearer, empty for none; comes from a secret and is shown nowhere
   * @param model as the provider calls it
   * @param voice as the provider calls it
   * @param limit for a text as a whole
   */
  public record Provider(URI url, String key, String model, String voice, Duration limit) {
    /**
     * @throws IllegalArgumentException when the URL is not http(s) of a host, the key cannot stand
     *     in a header, or the limit is no time
     */
    public Provider {
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (!http || url.getHost() == null || url.getUserInfo() != null) {
        throw new IllegalArgumentException("no URL of a provider of speech");
      }
      if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
        throw new IllegalArgumentException("a key that cannot stand in a header");
      }
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("a limit is a time: " + limit);
      }
    }

    @Override
    public String toString() {
      return "Provider[" + url + ", masked, " + model + ", " + voice + ", " + limit + "]";
    }
  }

  /** Speaks as this provider does. */
  public HttpSpeech(Provider provider) {
    this.provider = provider;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(provider.limit())
            .build();
  }

  @Override
  public String voice() {
    return "http/" + provider.url() + "/" + provider.model() + "/" + provider.voice();
  }

  @Override
  public Spoken speak(String text) {
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request(text), BodyHandlers.ofInputStream());
    CompletableFuture<Spoken> spoken =
        answer.thenApplyAsync(HttpSpeech::heard, task -> Thread.ofVirtual().start(task));
    try {
      return spoken.get(provider.limit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return late();
    } catch (ExecutionException broken) {
      return broken.getCause() instanceof HttpTimeoutException
          ? late()
          : new Spoken.Failed("the provider of speech was not reached");
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return new Spoken.Failed("interrupted");
    } finally {
      if (!spoken.isDone()) {
        giveUp(answer);
      }
    }
  }

  /** A body that drips on is closed, so that nobody reads it any more. */
  private static void giveUp(CompletableFuture<HttpResponse<InputStream>> answer) {
    var unused =
        answer.thenAccept(
            response -> {
              try {
                response.body().close();
              } catch (IOException closedAlready) {
                throw new UncheckedIOException(closedAlready);
              }
            });
    answer.cancel(true);
  }

  private Spoken.Failed late() {
    return new Spoken.Failed(
        "the provider of speech took longer than " + provider.limit().toMillis() + " ms");
  }

  private HttpRequest request(String text) {
    String body =
        "{\"model\":%s,\"voice\":%s,\"input\":%s,\"response_format\":\"wav\"}"
            .formatted(quoted(provider.model()), quoted(provider.voice()), quoted(text));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(provider.url())
            .timeout(provider.limit())
            .header("Content-Type", "application/json")
            .header("Accept", "audio/wav")
            .POST(BodyPublishers.ofString(body));
    if (!provider.key().isEmpty()) {
      request.header("Authorization", "Bearer " + provider.key());
    }
    return request.build();
  }

  /** A JSON string (RFC 8259 §7). */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static Spoken heard(HttpResponse<InputStream> answer) {
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        return new Spoken.Failed("the provider of speech answered " + answer.statusCode());
      }
      byte[] wav = body.readNBytes(MAX_OCTETS + 1);
      if (wav.length > MAX_OCTETS) {
        return new Spoken.Failed("the provider of speech said too much");
      }
      return switch (Prompt.wav(new ByteArrayInputStream(endless(wav)))) {
        case Prompt.Reading.Read(Prompt prompt) -> new Spoken.Said(prompt);
        case Prompt.Reading.Refused(String reason) ->
            new Spoken.Failed("the provider of speech: " + reason);
      };
    } catch (IOException broken) {
      return new Spoken.Failed("the provider of speech broke off");
    }
  }

  /** Who speaks while it sends does not know how long it will be and writes the greatest sizes. */
  private static byte[] endless(byte[] wav) {
    String text = new String(wav, 0, Math.min(wav.length, 4096), StandardCharsets.ISO_8859_1);
    int data = text.indexOf("data");
    if (text.startsWith("RIFF") && data > 0 && data + 8 <= wav.length) {
      putSize(wav, 4, wav.length - 8);
      putSize(wav, data + 4, wav.length - data - 8);
    }
    return wav;
  }

  /** Only where the size that stands there goes beyond the end. */
  private static void putSize(byte[] wav, int at, int size) {
    ByteBuffer octets = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    if (Integer.compareUnsigned(octets.getInt(at), size) > 0) {
      octets.putInt(at, size);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

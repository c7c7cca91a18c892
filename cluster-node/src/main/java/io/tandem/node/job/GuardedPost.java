package io.tandem.node.job;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.ClientTransport;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.http.javadsl.settings.ConnectionPoolSettings;
import io.tandem.node.webhook.PublicAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts to addresses that tenants name, and gets what is at addresses that callers name: resolves
 * them itself, refuses those that are not public, and connects to the very address it has looked
 * at, so that a name cannot lead elsewhere in between. A redirection is an answer like any other
 * and is not followed.
 */
public final class GuardedPost implements WebhookSender.Post {

  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);
  private static final int CONNECTIONS_A_HOST = 4;

  /** The name leads where nobody is called. */
  private static final class Closed extends IOException {
    private static final long serialVersionUID = 1L;

    Closed() {
      super("ADDRESS_NOT_PUBLIC");
    }
  }

  private final ActorSystem<?> system;
  private final PublicAddresses open;
  private final ConnectionPoolSettings settings;

  public GuardedPost(ActorSystem<?> system, PublicAddresses open) {
    this.system = system;
    this.open = open;
    ClientTransport transport =
        ClientTransport.withCustomResolver((host, port) -> resolved(host, (Integer) port));
    this.settings =
        ConnectionPoolSettings.create(system.classicSystem())
            .withMaxRetries(0)
            .withMaxConnections(CONNECTIONS_A_HOST)
            .withConnectionSettings(
                ClientConnectionSettings.create(system.classicSystem())
                    .withTransport(transport)
                    .withConnectingTimeout(
                        scala.concurrent.duration.Duration.create(
                            CONNECT_WITHIN.toMillis(), TimeUnit.MILLISECONDS))
                    .withIdleTimeout(
                        scala.concurrent.duration.Duration.create(
                            ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)));
  }

  private CompletionStage<InetSocketAddress> resolved(String host, int port) {
    CompletableFuture<InetSocketAddress> resolved = new CompletableFuture<>();
    Thread unused =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    resolved.complete(new InetSocketAddress(address(host), port));
                  } catch (IOException | RuntimeException e) {
                    resolved.completeExceptionally(e);
                  }
                });
    return resolved;
  }

  /** All that a name stands for has to be public: a mixed answer is a trick. */
  private InetAddress address(String host) throws IOException {
    InetAddress[] all = InetAddress.getAllByName(host);
    for (InetAddress each : all) {
      if (!open.may(each)) {
        throw new Closed();
      }
    }
    return all[0];
  }

  @Override
  public int send(URI url, Map<String, String> headers, byte[] body) throws IOException {
    HttpRequest request =
        HttpRequest.POST(url.toString()).withEntity(ContentTypes.APPLICATION_JSON, body);
    for (Map.Entry<String, String> each : headers.entrySet()) {
      request = request.addHeader(RawHeader.create(each.getKey(), each.getValue()));
    }
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    try {
      address(host(url)); // said before anything is tried, and again when it is connected to
      Http http = Http.get(system);
      answer =
          http.singleRequest(
                  request,
                  http.defaultClientHttpsContext(),
                  settings,
                  akka.event.Logging.getLogger(system.classicSystem(), GuardedPost.class))
              .toCompletableFuture();
      HttpResponse response = answer.get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      response.discardEntityBytes(system);
      return response.status().intValue();
    } catch (UnknownHostException e) {
      throw new IOException("UNKNOWN_HOST", e);
    } catch (TimeoutException e) {
      var unused = answer.thenAccept(late -> late.discardEntityBytes(system));
      throw new IOException("NO_ANSWER", e);
    } catch (ExecutionException e) {
      throw new IOException(word(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("STOPPED", e);
    }
  }

  /**
   * Gets what is at an address.
   *
   * @param within for all of it, name and body too
   * @param octetsMax that it may be long
   * @throws IOException when it is away, longer, slower, or where nobody is asked
   */
  public byte[] get(URI url, Duration within, int octetsMax) throws IOException {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    try {
      Http http = Http.get(system);
      answer =
          http.singleRequest(
                  HttpRequest.GET(url.toString()),
                  http.defaultClientHttpsContext(),
                  settings,
                  akka.event.Logging.getLogger(system.classicSystem(), GuardedPost.class))
              .toCompletableFuture();
      return answer
          .thenCompose(
              response ->
                  response.status().intValue() == 200
                      ? response.entity().toStrict(within.toMillis(), octetsMax, system)
                      : refused(response))
          .toCompletableFuture()
          .get(within.toMillis(), TimeUnit.MILLISECONDS)
          .getData()
          .toArray();
    } catch (TimeoutException e) {
      var unused = answer.thenAccept(late -> late.discardEntityBytes(system));
      throw new IOException("NO_ANSWER", e);
    } catch (ExecutionException e) {
      throw new IOException(word(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("STOPPED", e);
    }
  }

  private CompletionStage<HttpEntity.Strict> refused(HttpResponse response) {
    response.discardEntityBytes(system);
    return CompletableFuture.failedFuture(
        new IOException("answered with " + response.status().intValue()));
  }

  private static String host(URI url) {
    String host = String.valueOf(url.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String word(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof Closed closed) {
        return String.valueOf(closed.getMessage());
      }
      if (at instanceof javax.net.ssl.SSLException) {
        return "TLS";
      }
    }
    return "NO_CONNECTION";
  }
}

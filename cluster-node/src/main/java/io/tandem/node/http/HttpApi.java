package io.tandem.node.http;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.ResponseEntity;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.settings.ServerSettings;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.http.scaladsl.model.IllegalUriException;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.StreamConverters;
import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.readmodel.IdempotencyKeys;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a node: reads requests, lets the reception answer each on a thread of its own,
 * and sends what it says.
 */
public final class HttpApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpApi.class);
  private static final long BODY_WITHIN_MILLIS = 10_000;
  private static final Duration BIND_WITHIN = Duration.ofSeconds(10);
  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final long FORGET_MINUTES = 30;
  private static final int PIECE_OCTETS = 1 << 16;

  /**
   * What the server needs.
   *
   * @param blocking where requests are answered: handlers wait for entities and the database
   */
  public record Ports(
      ActorSystem<?> system,
      Doorkeeper door,
      IdempotencyKeys keys,
      Blinder blinder,
      InstantSource clock,
      ExecutorService blocking,
      MeterRegistry meters) {}

  /** The address cannot be listened on. */
  public static final class CannotListen extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what to tell the operator. */
    CannotListen(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final HttpSettings settings;
  private final Ports ports;
  private final Reception reception;
  private final ScheduledExecutorService forgetting;
  private final ServerBinding binding;

  private HttpApi(HttpSettings settings, Ports ports, List<Operation> operations)
      throws CannotListen {
    this.settings = settings;
    this.ports = ports;
    OncePerKey once =
        new OncePerKey(ports.keys(), ports.blinder(), Reception.MAPPER, ports.clock());
    this.reception = new Reception(new Router(operations), ports.door(), once);
    this.binding = bind();
    this.forgetting =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("http-forgetting").factory());
    var unused =
        forgetting.scheduleWithFixedDelay(
            () -> forget(once), FORGET_MINUTES, FORGET_MINUTES, TimeUnit.MINUTES);
  }

  /** Starts and returns when it listens. */
  public static HttpApi start(HttpSettings settings, Ports ports, List<Operation> operations)
      throws CannotListen {
    return new HttpApi(settings, ports, operations);
  }

  private ServerBinding bind() throws CannotListen {
    String where = settings.host() + ":" + settings.port();
    try {
      return Http.get(ports.system())
          .newServerAt(settings.host(), settings.port())
          .withSettings(serverSettings())
          .bind(this::handle)
          .toCompletableFuture()
          .get(BIND_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new CannotListen(
          "cannot listen on " + where + ": it is in use, or no address of this machine", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotListen("interrupted while binding " + where, e);
    }
  }

  private ServerSettings serverSettings() {
    return ServerSettings.create(
        ConfigFactory.parseMap(
                Map.of(
                    "akka.http.server.remote-address-attribute", "on",
                    "akka.http.server.server-header", "",
                    "akka.http.server.idle-timeout", "60 s",
                    "akka.http.server.request-timeout", "30 s"))
            .withFallback(ports.system().settings().config()));
  }

  private CompletionStage<HttpResponse> handle(HttpRequest request) {
    long begun = System.nanoTime();
    return request
        .entity()
        .withSizeLimit(settings.bodyBytesMax())
        .toStrict(BODY_WITHIN_MILLIS, ports.system().classicSystem())
        .thenApplyAsync(
            entity -> response(reception.receive(parts(request, entity)), begun), ports.blocking())
        .exceptionallyCompose(
            failure -> CompletableFuture.completedStage(response(unread(failure), begun)));
  }

  /** The body did not come whole, or the address cannot be read. */
  private static Reception.Reply unread(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case EntityStreamSizeException size ->
          Reception.problem(
              "none",
              Problem.of(
                  Problem.Type.BODY_TOO_LARGE, "At most " + size.limit() + " bytes are read."));
      case IllegalUriException _ ->
          Reception.problem(
              "none", Problem.field("query", null, "percent-encoded names and values"));
      case TimeoutException _ ->
          Reception.problem(
              "none",
              Problem.of(
                  Problem.Type.MALFORMED_BODY,
                  "The body did not come within " + BODY_WITHIN_MILLIS + " ms."));
      default -> {
        LOG.error("a request could not be answered", cause);
        yield Reception.problem(
            "none", Problem.of(Problem.Type.INTERNAL, "What went wrong stands in the node's log."));
      }
    };
  }

  private static Reception.Parts parts(HttpRequest request, HttpEntity.Strict entity) {
    List<String> segments = new ArrayList<>();
    request.getUri().pathSegments().forEach(segments::add);
    Map<String, List<String>> query = new HashMap<>();
    request
        .getUri()
        .query()
        .toList()
        .forEach(p -> query.computeIfAbsent(p.first(), name -> new ArrayList<>()).add(p.second()));
    return new Reception.Parts(
        request.method().name(),
        request.getUri().path() + "?" + request.getUri().rawQueryString().orElse(""),
        segments,
        query,
        header(request, "Authorization"),
        header(request, "Idempotency-Key"),
        entity.getContentType().mediaType().toString(),
        entity.getData().toArray(),
        isLocal(request),
        address(request).map(java.net.InetAddress::getHostAddress).orElse(""));
  }

  private static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  /** A proxy on this machine is no reason to trust what it passes on. */
  private static boolean isLocal(HttpRequest request) {
    return header(request, "X-Forwarded-For").isEmpty()
        && header(request, "Forwarded").isEmpty()
        && address(request).filter(java.net.InetAddress::isLoopbackAddress).isPresent();
  }

  private static Optional<java.net.InetAddress> address(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(akka.http.javadsl.model.RemoteAddress::getAddress);
  }

  private HttpResponse response(Reception.Reply reply, long begunNanos) {
    Answer answer = reply.answer();
    ports
        .meters()
        .timer(
            "tandem.http.requests",
            "operation",
            reply.operation(),
            "status",
            String.valueOf(answer.status()))
        .record(System.nanoTime() - begunNanos, TimeUnit.NANOSECONDS);
    HttpResponse response =
        HttpResponse.create()
            .withStatus(answer.status())
            .withEntity(entity(answer))
            .addHeader(RawHeader.create("Cache-Control", "no-store"));
    for (Map.Entry<String, String> each : reply.headers().entrySet()) {
      response = response.addHeader(RawHeader.create(each.getKey(), each.getValue()));
    }
    return response;
  }

  private static ContentType contentType(String text) {
    if (text.equals(Answer.JSON)) {
      return ContentTypes.APPLICATION_JSON;
    }
    return ContentTypes.parse(text);
  }

  private static ResponseEntity entity(Answer answer) {
    ContentType type = contentType(answer.contentType());
    Object body = answer.body() instanceof POJONode pojo ? pojo.getPojo() : answer.body();
    if (body instanceof Path file) {
      return HttpEntities.create(type, file);
    }
    return body instanceof Answer.Octets octets
        ? entity(type, octets)
        : HttpEntities.create(type, bytes(answer));
  }

  /** A piece is read when the client has taken the one before, where waiting for disks is meant. */
  private static ResponseEntity entity(ContentType type, Answer.Octets octets) {
    Source<ByteString, Object> source =
        StreamConverters.fromInputStream(octets::from, PIECE_OCTETS)
            .mapMaterializedValue(all -> all);
    return octets.count().orElse(0) > 0
        ? HttpEntities.create(type, octets.count().getAsLong(), source)
        : HttpEntities.create(type, source);
  }

  private static byte[] bytes(Answer answer) {
    if (answer.body() instanceof TextNode text) {
      return text.textValue().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Reception.MAPPER.writeValueAsBytes(answer.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private static void forget(OncePerKey once) {
    try {
      int forgotten = once.forget();
      LOG.debug("forgot {} answers", forgotten);
    } catch (RuntimeException e) {
      LOG.warn("old answers could not be forgotten: {}", e.toString());
    }
  }

  /** Where HTTP is listened for. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no more requests, waits a moment for those in the making, and closes. */
  @Override
  public void close() {
    forgetting.shutdownNow();
    try {
      var unused =
          binding
              .terminate(DRAIN)
              .toCompletableFuture()
              .get(DRAIN.toSeconds() + 2, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the HTTP server did not close in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.tandem.node.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.node.webhook.Retries;
import io.tandem.node.webhook.Signature;
import io.tandem.persistence.readmodel.EntityView;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.webhook.Deliveries;
import io.tandem.persistence.webhook.Delivery;
import io.tandem.persistence.webhook.Delivery.State;
import io.tandem.persistence.webhook.WebhookState;
import io.tandem.persistence.webhook.WebhookState.Target;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells webhooks what was noted for them (ACC-7): at least once, of each object in order, signed,
 * and again for three days where nobody answers. A webhook that does not answer rests, so that the
 * others do not wait for it. What is told is read from the journal at that moment: a person erased
 * meanwhile is not in it.
 *
 * <p>Metrics: {@code tandem_webhook_tries_total} by outcome, {@code tandem_webhook_pending}.
 */
public final class WebhookSender implements Daemon.Work {

  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
  private static final int AT_ONCE = 32;
  private static final int OF_ONE_AT_ONCE = 4;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration RESTS = Duration.ofMinutes(1);
  private static final Duration LOG_KEPT = Duration.ofDays(30);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  /** Sends one request. */
  @FunctionalInterface
  public interface Post {
    /**
     * The status that came back.
     *
     * @throws IOException where none did; its message is a word for the delivery log
     */
    int send(URI url, Map<String, String> headers, byte[] body) throws IOException;
  }

  private final Deliveries deliveries;
  private final EntityViews webhooks;
  private final Function<Delivery, Optional<byte[]>> body;
  private final Post post;
  private final InstantSource clock;
  private final MeterRegistry meters;

  /** Webhooks that did not answer, and until when nothing of theirs is tried. */
  private final Map<String, Instant> resting = new ConcurrentHashMap<>();

  private final AtomicLong pending = new AtomicLong();
  private Instant nextLook = Instant.MIN;
  private Instant nextForget = Instant.MIN;

  /**
   * @param webhooks read by a codec that opens their secrets
   * @param body what is told of an event; empty where it cannot be read
   */
  public WebhookSender(
      Deliveries deliveries,
      EntityViews webhooks,
      Function<Delivery, Optional<byte[]>> body,
      Post post,
      InstantSource clock,
      MeterRegistry meters) {
    this.deliveries = deliveries;
    this.webhooks = webhooks;
    this.body = body;
    this.post = post;
    this.clock = clock;
    this.meters = meters;
    Gauge waiting = Gauge.builder("tandem.webhook.pending", pending::get).register(meters);
    LOG.debug("{} is shown", waiting.getId());
  }

  @Override
  public Duration step() {
    look();
    Instant now = clock.instant();
    resting.values().removeIf(until -> !until.isAfter(now));
    List<Delivery> due = deliveries.due(now, resting.keySet(), OF_ONE_AT_ONCE, AT_ONCE);
    List<Future<?>> tries = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      due.forEach(each -> tries.add(threads.submit(() -> send(each))));
    }
    for (Future<?> each : tries) {
      if (each.state() == Future.State.FAILED) {
        throw new IllegalStateException("a delivery could not be tried", each.exceptionNow());
      }
    }
    return due.isEmpty() ? PAUSE : Duration.ZERO;
  }

  private void look() {
    Instant now = clock.instant();
    if (!now.isBefore(nextLook)) {
      nextLook = now.plus(LOOK_EVERY);
      pending.set(deliveries.pending());
    }
    if (!now.isBefore(nextForget)) {
      nextForget = now.plus(FORGET_EVERY);
      int forgotten = deliveries.forget(now.minus(LOG_KEPT));
      LOG.debug("forgot {} deliveries", forgotten);
    }
  }

  private void send(Delivery delivery) {
    Target target = target(delivery.webhookId());
    if (target == null || !target.enabled()) {
      deliveries.tried(delivery, Retries.later(delivery, clock.instant().plus(RESTS)));
      return;
    }
    Delivery after = tried(delivery, target);
    deliveries.tried(delivery, after);
    meters.counter("tandem.webhook.tries", "outcome", after.state().name()).increment();
    if (after.state() == State.FAILED) {
      LOG.warn(
          "webhook {} was not told {} for {} days: {}",
          delivery.webhookId(),
          delivery.eventName(),
          Retries.TRIED_FOR.toDays(),
          after.lastError() == null ? after.lastStatus() : after.lastError());
    }
  }

  private Delivery tried(Delivery delivery, Target target) {
    Optional<byte[]> content = body.apply(delivery);
    Optional<String> secret = target.secret().value();
    Instant now = clock.instant();
    if (content.isEmpty() || secret.isEmpty()) {
      return Retries.after(delivery, null, content.isEmpty() ? "UNREADABLE" : "NO_SECRET", now);
    }
    try {
      int status =
          post.send(
              URI.create(target.url()),
              Map.of(
                  "webhook-id",
                  delivery.eventId(),
                  "webhook-timestamp",
                  Long.toString(now.getEpochSecond()),
                  "webhook-signature",
                  Signature.of(
                      secret.get(), delivery.eventId(), now.getEpochSecond(), content.get())),
              content.get());
      return Retries.after(delivery, status, null, clock.instant());
    } catch (IOException e) {
      Instant then = clock.instant();
      Delivery after = Retries.after(delivery, null, String.valueOf(e.getMessage()), then);
      Instant rested = then.plus(RESTS);
      if (after.state() == State.PENDING) {
        resting.put(
            delivery.webhookId(), after.nextAt().isBefore(rested) ? after.nextAt() : rested);
      }
      return after;
    }
  }

  private @Nullable Target target(String webhookId) {
    EntityView view = webhooks.byId("webhook", webhookId).orElse(null);
    return view != null && view.state() instanceof WebhookState state ? state.target() : null;
  }
}

package io.tandem.node.edge;

import io.tandem.node.call.EdgeNews;
import io.tandem.node.edge.dialog.Outcome;
import io.tandem.node.edge.dialog.RemoteTarget;
import io.tandem.node.edge.legs.Legs;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.event.DialogReport;
import io.tandem.protocol.sip.event.MessageSummary;
import io.tandem.protocol.sip.event.Subscription;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Phones that watch phones of their own account (TEL-11): whether somebody rings or talks (RFC
 * 4235), by what this edge carries and what is known of other edges' calls, and what waits in a
 * mailbox (RFC 3842). On the loop only.
 */
final class Subscriptions {
  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
  private static final String CALLS = "dialog";
  private static final String MAILBOX = "message-summary";
  private static final String PACKAGES = CALLS + ", " + MAILBOX;
  private static final int WATCHES_MAX = 20_000;

  /** A panel with a lamp for each of a large house. */
  private static final int WATCHES_OF_ONE_MAX = 500;

  private static final long LOOK_ELSEWHERE_MILLIS = 250;

  private final Edge edge;
  private final Registrar registrar;
  private final CallsElsewhere elsewhere;
  private final Seats seats;
  private final Map<DialogId, Watch> watches = new HashMap<>();
  private final Map<String, List<Watch>> byEndpoint = new HashMap<>();
  private final Map<String, Integer> byWatcher = new HashMap<>();
  private boolean looking;

  /** Somebody that watches an endpoint. */
  private static final class Watch {
    final String endpoint;
    final String entity;
    final String watcher;
    final RemoteTarget reach;
    Subscription subscription;
    EdgeLoop.@Nullable Timer end;
    @Nullable List<DialogReport.Call> told;

    Watch(
        String watcher,
        String endpoint,
        String entity,
        RemoteTarget reach,
        Subscription subscription) {
      this.watcher = watcher;
      this.endpoint = endpoint;
      this.entity = entity;
      this.reach = reach;
      this.subscription = subscription;
    }

    Target target() {
      return reach.now(subscription.dialog());
    }
  }

  Subscriptions(Edge edge, Registrar registrar, CallsElsewhere elsewhere, Seats seats) {
    this.edge = edge;
    this.registrar = registrar;
    this.elsewhere = elsewhere;
    this.seats = seats;
  }

  /** A SUBSCRIBE outside any dialog: only phones of the account that is watched are let in. */
  void subscribe(ServerTransactionId id, SipRequest request, Flow flow) {
    if (!registrar.proves(id, request, flow)) {
      return;
    }
    String endpoint = request.uri().userText();
    String tag = edge.tokens().next();
    Subscription.Asked asked = Subscription.Asked.of(request).orElse(null);
    String user = request.from().uri().userText();
    Optional<String> watcher = edge.dialogDesk().account(user);
    Dialog dialog = Dialog.uas(request, tag, false).map(Dialog::confirm).orElse(null);
    if (asked == null || !(asked.event().equals(CALLS) || asked.event().equals(MAILBOX))) {
      edge.respond(id, SipMaker.response(request, 489, tag).with("Allow-Events", PACKAGES));
    } else if (dialog == null) {
      edge.respond(id, SipMaker.response(request, 400, tag));
    } else if (watcher.isEmpty() || !watcher.equals(edge.dialogDesk().account(endpoint))) {
      edge.respond(id, SipMaker.response(request, 404, tag));
    } else if (watches.size() >= WATCHES_MAX
        || byWatcher.getOrDefault(user, 0) >= WATCHES_OF_ONE_MAX) {
      edge.respond(id, SipMaker.later(request, 503, tag, "too many subscriptions", 60));
    } else {
      Watch watch =
          new Watch(
              user,
              endpoint,
              request.uri().bare().toString(),
              new RemoteTarget(edge.dialogDesk().connections(), flow),
              new Subscription(dialog, asked.event(), asked.id(), 0, 0));
      watches.put(dialog.id(), watch);
      byWatcher.merge(user, 1, Integer::sum);
      lookElsewhere();
      byEndpoint.computeIfAbsent(endpoint, any -> new ArrayList<>(2)).add(watch);
      grant(id, request, watch);
    }
  }

  /**
   * A request in the dialog of a subscription: a SUBSCRIBE refreshes or ends it.
   *
   * @return false when there is no such subscription
   */
  boolean inDialog(ServerTransactionId id, SipRequest request, Flow flow) {
    Watch watch = DialogId.of(request).map(watches::get).orElse(null);
    if (watch == null) {
      return false;
    }
    switch (watch.subscription.dialog().hear(request)) {
      case Dialog.Heard.OutOfOrder late -> edge.respond(id, SipMaker.response(request, 500, null));
      case Dialog.Heard.InOrder in -> {
        watch.subscription = watch.subscription.refreshed(in.next(), watch.subscription.endsAtMs());
        watch.reach.heard(flow, in.next());
        if (request.is(SipRequest.SUBSCRIBE)) {
          grant(id, request, watch);
        } else {
          edge.respond(id, SipMaker.response(request, 405, null));
        }
      }
    }
    return true;
  }

  private void grant(ServerTransactionId id, SipRequest request, Watch watch) {
    long seconds = Subscription.granted(request);
    Dialog dialog = watch.subscription.dialog();
    SipResponse ok =
        SipMaker.response(request, 200, dialog.localTag())
            .withContact(edge.maker().contact(watch.target()))
            .with(HeaderName.EXPIRES, Long.toString(seconds));
    edge.respond(id, ok);
    watch.subscription =
        watch.subscription.refreshed(dialog, nowMs() + TimeUnit.SECONDS.toMillis(seconds));
    EdgeLoop.Timer before = watch.end;
    if (before != null) {
      before.cancel();
    }
    watch.end = edge.loop().schedule(TimeUnit.SECONDS.toMillis(seconds), () -> notified(watch));
    if (seconds > 0) {
      notified(watch);
    }
  }

  /** What a call's legs came to may be news for who watches their phones. */
  void changed(Legs legs) {
    if (byEndpoint.isEmpty()) {
      return;
    }
    for (Legs.Phone phone : legs.phones().values()) {
      Offer offer = phone.offer();
      if (offer != null) {
        news(offer.endpoint());
      }
    }
  }

  /**
   * Somebody is rung for the agent's place in a call, has taken it, or does neither any more.
   *
   * @param endpoint the phone
   */
  void moved(CallSession call, String endpoint) {
    news(endpoint);
    call.offer().map(Offer::endpoint).ifPresent(this::news);
    call.agentSide().successor().ifPresent(this::news);
    seats.tell();
  }

  /** Another edge tells of its calls. */
  void hear(EdgeNews.Seats told) {
    seats.hear(
        told,
        phones -> {
          phones.forEach(this::news);
          told.seats().stream()
              .flatMap(seat -> elsewhere.phones(seat.callId()))
              .toList()
              .forEach(this::news);
        });
  }

  private void news(String endpoint) {
    List.copyOf(byEndpoint.getOrDefault(endpoint, List.of())).stream()
        .filter(watch -> watch.subscription.event().equals(CALLS))
        .filter(watch -> !calls(watch.endpoint).equals(watch.told))
        .forEach(this::notified);
  }

  /** As long as somebody watches. */
  private void lookElsewhere() {
    if (looking) {
      return;
    }
    looking = true;
    var next = edge.loop().schedule(LOOK_ELSEWHERE_MILLIS, this::lookElsewhereAgain);
    LOG.trace("next look at other edges' calls: {}", next);
  }

  private void lookElsewhereAgain() {
    looking = false;
    elsewhere.look(byEndpoint.keySet(), edge::carries, phones -> phones.forEach(this::news));
    if (!byEndpoint.isEmpty()) {
      lookElsewhere();
    }
  }

  private void notified(Watch watch) {
    Subscription.Notification notification = watch.subscription.notifying(nowMs());
    long version = watch.subscription.version();
    boolean over = watch.subscription.isOver(nowMs());
    watch.subscription = notification.next();
    SipRequest.Builder notify =
        notification.request().contact(edge.maker().contact(watch.target()));
    if (watch.subscription.event().equals(CALLS)) {
      List<DialogReport.Call> calls = calls(watch.endpoint);
      watch.told = calls;
      notify.body(DialogReport.CONTENT_TYPE, new DialogReport(version, watch.entity, calls).body());
    } else {
      // there is no voicemail yet: a mailbox is empty
      notify.body(MessageSummary.CONTENT_TYPE, new MessageSummary(watch.entity, 0, 0).body());
    }
    if (over) {
      forget(watch);
    }
    var unused =
        edge.layer()
            .request(
                notify.build(),
                watch.target(),
                new Outcome(
                    ending -> {
                      if (ending.isGone()) {
                        forget(watch); // RFC 6665 4.2.2: nobody listens any more
                      }
                    }));
  }

  /** Calls in which this phone rings or talks. */
  private List<DialogReport.Call> calls(String endpoint) {
    List<DialogReport.Call> calls = new ArrayList<>(1);
    for (CallSession call : edge.calls()) {
      state(call, endpoint)
          .ifPresent(state -> calls.add(new DialogReport.Call(call.callId(), true, state)));
    }
    calls.addAll(elsewhere.of(endpoint, seats.elsewhere().toList()));
    return calls;
  }

  private static Optional<DialogReport.State> state(CallSession call, String endpoint) {
    Legs legs = call.legs();
    return switch (legs.phase()) {
      case ROUTING ->
          legs.phones().values().stream()
              .filter(phone -> phone.phase() == Legs.PhonePhase.RINGING)
              .map(Legs.Phone::offer)
              .filter(offer -> offer != null && offer.endpoint().equals(endpoint))
              .findFirst()
              .map(offer -> DialogReport.State.EARLY);
      case CONNECTED ->
          call.agentSide()
                  .successor()
                  .or(() -> call.offer().map(Offer::endpoint))
                  .filter(endpoint::equals)
                  .isPresent()
              ? Optional.of(DialogReport.State.CONFIRMED)
              : call.transfer()
                  .ringing()
                  .filter(endpoint::equals)
                  .map(rung -> DialogReport.State.EARLY);
      case ENDED -> Optional.empty();
    };
  }

  private void forget(Watch watch) {
    if (watches.remove(watch.subscription.dialog().id(), watch)) {
      byWatcher.computeIfPresent(watch.watcher, (user, count) -> count == 1 ? null : count - 1);
    }
    byEndpoint.computeIfPresent(
        watch.endpoint,
        (endpoint, watching) -> {
          watching.remove(watch);
          return watching.isEmpty() ? null : watching;
        });
    EdgeLoop.Timer end = watch.end;
    if (end != null) {
      end.cancel();
    }
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(edge.loop().nanoTime());
  }
}

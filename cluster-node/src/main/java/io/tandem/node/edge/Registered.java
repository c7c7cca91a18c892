package io.tandem.node.edge;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the location service says of the endpoints that are being called. What was found is good for
 * a second. Of those that were called in the last two it is asked again before that, of all
 * together, so that neither a busy phone nor a hundred of them cost the database a look a call, and
 * a call seldom waits for one. What was not found is looked up again. On the loop only.
 */
final class Registered {

  private static final Logger LOG = LoggerFactory.getLogger(Registered.class);
  private static final long FRESH_NANOS = 1_000_000_000L;
  private static final long BUSY_NANOS = 2 * FRESH_NANOS;
  private static final long AGAIN_MILLIS = 450;
  private static final int REMEMBERED_MAX = 10_000;

  /** Of one endpoint, as of when it was asked for. */
  private static final class Found {
    final List<SipBinding> bindings;
    final long askedNanos;
    long calledNanos;

    Found(List<SipBinding> bindings, long askedNanos, long calledNanos) {
      this.bindings = bindings;
      this.askedNanos = askedNanos;
      this.calledNanos = calledNanos;
    }
  }

  private final EdgeLoop loop;
  private final Executor blocking;
  private final Function<Collection<String>, Map<String, List<SipBinding>>> service;
  private final Map<String, Found> remembered = new HashMap<>();

  /** When registrations last changed here: what was asked before that may be older. */
  private final Map<String, Long> changed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private boolean repeating;

  /**
   * @param blocking where the service may be waited for
   * @param service the bindings that hold now of each endpoint, those without left out; may throw
   */
  Registered(
      EdgeLoop loop,
      Executor blocking,
      Function<Collection<String>, Map<String, List<SipBinding>>> service) {
    this.loop = loop;
    this.blocking = blocking;
    this.service = service;
  }

  /**
   * Gives the bindings of an endpoint, on the loop, now or soon; none when the service does not
   * answer, for then nobody can say where the phone is.
   */
  void of(String endpoint, Consumer<List<SipBinding>> then) {
    long now = loop.nanoTime();
    Found found = remembered.get(endpoint);
    if (found != null && now - found.askedNanos < FRESH_NANOS) {
      found.calledNanos = now;
      then.accept(found.bindings);
      return;
    }
    ask(
        List.of(endpoint),
        all -> {
          List<SipBinding> bindings = all.getOrDefault(endpoint, List.of());
          if (!bindings.isEmpty() && !hasChangedSince(endpoint, now)) {
            remember(endpoint, new Found(bindings, now, now));
          }
          then.accept(bindings);
        },
        () -> then.accept(List.of()));
  }

  /** A registration changed: look again. */
  void forget(String endpoint) {
    changed.remove(endpoint); // so that it becomes the youngest
    changed.put(endpoint, loop.nanoTime());
    remembered.remove(endpoint);
  }

  private boolean hasChangedSince(String endpoint, long nanos) {
    Long at = changed.get(endpoint);
    return at != null && at - nanos >= 0;
  }

  private void remember(String endpoint, Found found) {
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.put(endpoint, found);
    if (!repeating) {
      repeating = true;
      repeatLater();
    }
  }

  private void repeatLater() {
    var timer = loop.schedule(AGAIN_MILLIS, this::repeat);
    LOG.trace("asked again: {}", timer);
  }

  /** Asks of all that are called, and lets go of the others; ends when there are none. */
  private void repeat() {
    long now = loop.nanoTime();
    remembered.values().removeIf(found -> now - found.calledNanos >= BUSY_NANOS);
    if (remembered.isEmpty()) {
      repeating = false;
      return;
    }
    List<String> called = new ArrayList<>(remembered.keySet());
    ask(
        called,
        all -> {
          called.forEach(endpoint -> renew(endpoint, all, now));
          repeatLater();
        },
        this::repeatLater); // what is remembered grows old meanwhile
  }

  private void renew(String endpoint, Map<String, List<SipBinding>> all, long askedNanos) {
    Found old = remembered.get(endpoint);
    if (old == null || old.askedNanos > askedNanos || hasChangedSince(endpoint, askedNanos)) {
      return; // let go of, or known better
    }
    List<SipBinding> bindings = all.get(endpoint);
    if (bindings == null) {
      remembered.remove(endpoint);
    } else {
      remembered.put(endpoint, new Found(bindings, askedNanos, old.calledNanos));
    }
  }

  private void ask(
      Collection<String> endpoints,
      Consumer<Map<String, List<SipBinding>>> then,
      Runnable otherwise) {
    var unused =
        CompletableFuture.supplyAsync(() -> service.apply(endpoints), blocking)
            .whenCompleteAsync(
                (all, failure) -> {
                  if (failure != null) {
                    LOG.warn("the location service does not answer: {}", failure.toString());
                    otherwise.run();
                  } else {
                    then.accept(all);
                  }
                },
                loop);
  }
}

package io.tandem.node.entity.wire;

import akka.actor.AbstractExtensionId;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Entities that are about to be opened on this node under ids it has made up this very moment: they
 * have no history, and the journal need not be asked where it ends. Said once and good once, for a
 * moment: who loads such an entity again, or late, asks. Thread-safe.
 *
 * <p>Were it ever wrong, the journal's key refuses the first event, and the entity is loaded with
 * its history.
 */
public final class NewEntities implements Extension {

  private static final Id ID = new Id();

  /** So young an id is, and so long this is good. */
  private static final long GOOD_MILLIS = 200;

  /** So long it is remembered that it was said. */
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long GOOD_NANOS = TimeUnit.MILLISECONDS.toNanos(GOOD_MILLIS);

  /** When an entity was said to be new; good while {@code open}. */
  private record Said(long nanos, boolean open) {}

  private final ConcurrentHashMap<String, Said> said = new ConcurrentHashMap<>();
  private final LongSupplier nanos;
  private final AtomicLong tidiedNanos;

  NewEntities(LongSupplier nanos) {
    this.nanos = nanos;
    this.tidiedNanos = new AtomicLong(nanos.getAsLong());
  }

  /** Those of this system. */
  public static NewEntities of(ActorSystem system) {
    return ID.get(system);
  }

  /**
   * An entity is about to get its first command.
   *
   * @param ageMillis of its id; one that is not of this moment is not believed
   */
  public void say(String persistenceId, long ageMillis) {
    long now = nanos.getAsLong();
    tidy(now);
    if (ageMillis >= 0 && ageMillis < GOOD_MILLIS) {
      Said unused = said.putIfAbsent(persistenceId, new Said(now, true));
    }
  }

  /** Whether an entity that is being loaded is known to be new; true once at most. */
  boolean take(String persistenceId) {
    long now = nanos.getAsLong();
    boolean[] fresh = {false};
    Said unused =
        said.computeIfPresent(
            persistenceId,
            (id, one) -> {
              fresh[0] = one.open() && now - one.nanos() < GOOD_NANOS;
              return new Said(one.nanos(), false);
            });
    return fresh[0];
  }

  private void tidy(long now) {
    long tidied = tidiedNanos.get();
    if (now - tidied > KEPT_NANOS && tidiedNanos.compareAndSet(tidied, now)) {
      said.values().removeIf(one -> now - one.nanos() > KEPT_NANOS);
    }
  }

  private static final class Id extends AbstractExtensionId<NewEntities> {
    @Override
    public NewEntities createExtension(ExtendedActorSystem system) {
      return new NewEntities(System::nanoTime);
    }
  }
}

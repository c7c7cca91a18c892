package io.tandem.ops.system;

import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.config.JournalConfig;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import io.tandem.node.entity.host.Recorded;
import io.tandem.persistence.call.CallEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The shipped journal, which stops for each stall at the boundary it was told: before an event
 * nothing of that call is written any more; after it the event is, but its entity never learns of
 * it, and nothing more is written. So the journal that a SIGKILL leaves behind ends, for each call,
 * exactly there.
 *
 * <p>Told by the system property {@code system-test.stops}: {@code s01=before:call.offered,…}.
 */
public final class FailingJournal extends DefaultJournalDao {
  /** System property with the boundaries. */
  static final String STOPS = "system-test.stops";

  private static final Map<String, String> STOP_OF = new HashMap<>();
  private static final Map<String, String> STALL_OF_CALL = new ConcurrentHashMap<>();
  private static final Set<String> STOPPED = ConcurrentHashMap.newKeySet();

  static {
    for (String each : System.getProperty(STOPS, "").split(",")) {
      String[] words = each.split("=");
      if (words.length == 2) {
        STOP_OF.put(words[0], words[1]);
      }
    }
  }

  /** As Akka's journal plugin makes it. */
  public FailingJournal(
      JdbcBackend.DatabaseDef db,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(db, profile, config, serialization, executor, materializer);
  }

  @Override
  public Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> asyncWriteMessages(
      scala.collection.immutable.Seq<AtomicWrite> messages) {
    List<String> moments = new ArrayList<>();
    @Nullable String stall = null;
    for (AtomicWrite write : CollectionConverters.asJava(messages)) {
      for (PersistentRepr each : CollectionConverters.asJava(write.payload())) {
        Recorded recorded = (Recorded) each.payload();
        moments.add(recorded.envelope().header().event().name());
        stall = stallOf(recorded);
      }
    }
    String stop = stall == null ? null : STOP_OF.get(stall);
    if (stop == null) {
      return super.asyncWriteMessages(messages);
    }
    if (STOPPED.contains(stall)) {
      return failed(stall + " is stopped");
    }
    boolean here = moments.contains(stop.substring(stop.indexOf(':') + 1));
    if (!here) {
      return super.asyncWriteMessages(messages);
    }
    STOPPED.add(stall);
    say(stall, stop);
    return stop.startsWith("before:") ? failed(stop) : written(messages, stop);
  }

  private Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> written(
      scala.collection.immutable.Seq<AtomicWrite> messages, String stop) {
    CompletableFuture<scala.collection.immutable.Seq<Try<BoxedUnit>>> lost =
        FutureConverters.asJava(super.asyncWriteMessages(messages))
            .toCompletableFuture()
            .thenCompose(
                done ->
                    CompletableFuture.failedFuture(
                        new IOException("the word of it is lost: " + stop)));
    return FutureConverters.asScala(lost);
  }

  private static Future<scala.collection.immutable.Seq<Try<BoxedUnit>>> failed(String why) {
    return FutureConverters.asScala(CompletableFuture.failedFuture(new IOException(why)));
  }

  private static void say(String stall, String stop) {
    System.out.println("{\"stopped\":\"" + stall + "\",\"at\":\"" + stop + "\"}");
  }

  private static @Nullable String stallOf(Recorded recorded) {
    String id = recorded.envelope().entityId();
    return switch (recorded.envelope().entityType()) {
      case "agent" -> id;
      case "wallet" -> id.substring("acct-".length(), id.indexOf(':'));
      case "call" -> {
        if (recorded.event() instanceof CallEvent.Offered offered) {
          String number = offered.calledNumber();
          STALL_OF_CALL.put(id, "s" + number.substring(number.length() - 2));
        }
        yield STALL_OF_CALL.get(id);
      }
      default -> null;
    };
  }
}

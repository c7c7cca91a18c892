package io.tandem.ops.system;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.Props;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.entity.host.HostMessage;
import io.tandem.node.entity.host.Recorded;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.journal.rows.Stored;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A journal before the shipped one, whatever that is, which parks one write of each stall: the one
 * that carries the event it was told. Parked <em>before</em>, the write never reaches the database;
 * parked <em>after</em>, it is durable and its entity never learns of it. Either way that entity
 * waits for ever, as it does in the moment in which a node dies, and nobody else is held up.
 *
 * <p>Told by the system property {@code system-test.stops}: {@code s01=before:call.offered,…}.
 */
public final class ParkingJournal extends AbstractActor {
  /** System property with the boundaries. */
  static final String STOPS = "system-test.stops";

  /** Over Akka's configuration, for a node whose journal parks. */
  static final String CONFIGURATION =
      """
      akka.persistence.journal.plugin = "parking-journal"
      parking-journal.class = "io.tandem.ops.system.ParkingJournal"
      """;

  private final Map<String, String> stopOf = new HashMap<>();
  private final Map<String, String> stallOfCall = new HashMap<>();
  private final ActorRef shipped;

  /** As Akka makes a journal. */
  public ParkingJournal() {
    for (String each : System.getProperty(STOPS, "").split(",")) {
      String[] words = each.split("=");
      if (words.length == 2) {
        stopOf.put(words[0], words[1]);
      }
    }
    Config told = getContext().getSystem().settings().config();
    String plugin = told.getString("tandem-store.journal");
    shipped = Persistence.get(getContext().getSystem()).journalFor(plugin, ConfigFactory.empty());
  }

  @Override
  public Receive createReceive() {
    return receiveBuilder()
        .match(JournalProtocol.WriteMessages.class, this::write)
        .matchAny(other -> shipped.forward(other, getContext()))
        .build();
  }

  private void write(JournalProtocol.WriteMessages write) {
    String stall = parked(write);
    String stop = stall == null ? null : stopOf.remove(stall);
    if (stall == null || stop == null) {
      shipped.forward(write, getContext());
    } else if (stop.startsWith("before:")) {
      say(stall, stop);
    } else {
      ActorRef unheard =
          getContext().actorOf(Props.create(Unheard.class, () -> new Unheard(stall, stop)));
      shipped.tell(
          new JournalProtocol.WriteMessages(write.messages(), unheard, write.actorInstanceId()),
          unheard);
    }
  }

  /** The stall whose boundary this write carries, if it carries one. */
  private @Nullable String parked(JournalProtocol.WriteMessages write) {
    String found = null;
    for (PersistentEnvelope envelope : CollectionConverters.asJava(write.messages())) {
      List<PersistentRepr> events =
          envelope instanceof AtomicWrite atomic
              ? CollectionConverters.asJava(atomic.payload())
              : List.of();
      for (PersistentRepr each : events) {
        Recorded recorded = (Recorded) each.payload();
        String stall = stallOf(recorded);
        String stop = stall == null ? null : stopOf.get(stall);
        String event = recorded.envelope().header().event().name();
        if (stop != null && stop.endsWith(":" + event)) {
          found = stall;
        }
      }
    }
    return found;
  }

  private @Nullable String stallOf(Recorded recorded) {
    String id = recorded.envelope().entityId();
    return switch (recorded.envelope().entityType()) {
      case "agent" -> id;
      case "wallet" -> id.substring("acct-".length(), id.indexOf(':'));
      case "call" -> {
        if (recorded.event() instanceof CallEvent.Offered offered) {
          String number = offered.calledNumber();
          stallOfCall.put(id, "s" + number.substring(number.length() - 2));
        }
        yield stallOfCall.get(id);
      }
      default -> null;
    };
  }

  private static void say(String stall, String stop) {
    System.out.println("{\"stopped\":\"" + stall + "\",\"at\":\"" + stop + "\"}");
  }

  /** Gets the journal's word in the place of the entity, and keeps it. */
  private static final class Unheard extends AbstractActor {
    private final String stall;
    private final String stop;

    Unheard(String stall, String stop) {
      this.stall = stall;
      this.stop = stop;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(JournalProtocol.WriteMessageSuccess.class, written -> say(stall, stop))
          .match(HostMessage.Written.class, this::written)
          .match(
              JournalProtocol.WriteMessageFailure.class,
              failed -> System.err.println("not written: " + stall + " " + failed.cause()))
          .matchAny(word -> {})
          .build();
    }

    /** The word of the node's own journal, which is one for all events of a write. */
    private void written(HostMessage.Written word) {
      if (word.outcome() instanceof Stored.Done) {
        say(stall, stop);
      } else {
        System.err.println("not written: " + stall + " " + word.outcome());
      }
    }
  }
}

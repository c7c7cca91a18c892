package io.tandem.node.edge;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.tandem.node.call.CallReply;
import io.tandem.node.call.EdgeNews;
import io.tandem.node.call.LegCommand;
import io.tandem.node.entity.EdgeSignal;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.host.EdgePort;
import io.tandem.node.entity.host.HostMessage;
import io.tandem.persistence.call.EdgeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines between calls and the edges that carry their legs, on whatever nodes they are. An edge
 * is found by its name and start through the receptionist; what is lost on the way is sent again by
 * the call's host.
 */
public final class EdgeLines implements EdgePort {
  private static final int WAITING_MAX = 1_000;
  private static final int PENDING_MAX = 100_000;

  /** What every edge answers to. */
  private static final ServiceKey<HostMessage.Deliver> EVERY =
      ServiceKey.create(HostMessage.Deliver.class, "tandem-edge");

  /** The switchboard's own; what crosses nodes is {@link HostMessage.Deliver}. */
  private sealed interface Message extends NoSerializationVerificationNeeded {
    record Send(EdgeRef edge, String effectId, LegCommand signal, Runnable taken)
        implements Message {}

    record Tell(EdgeNews news) implements Message {}

    record Listed(Receptionist.Listing listing) implements Message {}

    record Taken(String effectId) implements Message {}
  }

  private final ActorSystem<?> system;
  private final ActorRef<Message> switchboard;
  private volatile @Nullable Edge own;

  /** The lines of one node. */
  public EdgeLines(ActorSystem<?> system) {
    this.system = system;
    this.switchboard =
        system.systemActorOf(Behaviors.setup(Switchboard::new), "edge-lines", Props.empty());
  }

  /** This node has an edge: calls anywhere reach it from now on. */
  public void serve(Edge edge) {
    own = edge;
    ActorRef<HostMessage.Deliver> line = system.systemActorOf(line(edge), "edge", Props.empty());
    system.receptionist().tell(Receptionist.register(key(edge.ref()), line));
    system.receptionist().tell(Receptionist.register(EVERY, line));
  }

  /** Tells all edges, this node's too; what is lost on the way is lost. */
  public void tell(EdgeNews news) {
    switchboard.tell(new Message.Tell(news));
  }

  @Override
  public void send(EdgeRef edge, String effectId, EdgeSignal signal, Runnable taken) {
    if (!(signal instanceof LegCommand command)) {
      throw new IllegalArgumentException("an edge does not know " + signal.getClass().getName());
    }
    Edge local = own;
    if (local != null && local.ref().equals(edge)) {
      local.signal(command, taken);
    } else {
      switchboard.tell(new Message.Send(edge, effectId, command, taken));
    }
  }

  private static ServiceKey<HostMessage.Deliver> key(EdgeRef edge) {
    return ServiceKey.create(HostMessage.Deliver.class, "tandem-edge-" + edge);
  }

  /** What other nodes send to this edge; the answer says that it was taken on. */
  private static Behavior<HostMessage.Deliver> line(Edge edge) {
    return Behaviors.receiveMessage(
        message -> {
          if (message.command() instanceof EdgeNews.Seats seats) {
            edge.onLoop(() -> edge.dialogDesk().subscriptions().hear(seats));
          } else if (message.command() instanceof LegCommand command) {
            edge.signal(
                command,
                () ->
                    message
                        .replyTo()
                        .tell(
                            new HostMessage.Answered(
                                message.origin().commandId(), new CallReply.Noted(false))));
          }
          return Behaviors.same();
        });
  }

  /** Finds edges of other nodes, sends to them, and matches what they say they took on. */
  private static final class Switchboard
      extends akka.actor.typed.javadsl.AbstractBehavior<Message> {
    private final Map<EdgeRef, Set<ActorRef<HostMessage.Deliver>>> lines = new HashMap<>();
    private Set<ActorRef<HostMessage.Deliver>> all = Set.of();
    private final Map<EdgeRef, List<Message.Send>> waiting = new HashMap<>();
    private final Map<String, Runnable> pending =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Runnable> eldest) {
            return size() > PENDING_MAX;
          }
        };
    private final ActorRef<HostMessage.HostReply> answers;
    private final ActorRef<Receptionist.Listing> listings;

    Switchboard(ActorContext<Message> context) {
      super(context);
      this.answers =
          context.messageAdapter(
              HostMessage.HostReply.class, reply -> new Message.Taken(reply.commandId()));
      this.listings = context.messageAdapter(Receptionist.Listing.class, Message.Listed::new);
      context.getSystem().receptionist().tell(Receptionist.subscribe(EVERY, listings));
    }

    @Override
    public akka.actor.typed.javadsl.Receive<Message> createReceive() {
      return newReceiveBuilder()
          .onMessage(Message.Send.class, this::send)
          .onMessage(Message.Tell.class, this::tell)
          .onMessage(Message.Listed.class, this::listed)
          .onMessage(Message.Taken.class, this::taken)
          .build();
    }

    private Behavior<Message> send(Message.Send message) {
      Set<ActorRef<HostMessage.Deliver>> known = lines.get(message.edge());
      if (known == null) {
        List<Message.Send> queue = waiting.computeIfAbsent(message.edge(), this::find);
        if (queue.size() < WAITING_MAX) {
          queue.add(message);
        }
      } else {
        known.forEach(line -> deliver(line, message));
      }
      return this;
    }

    private List<Message.Send> find(EdgeRef edge) {
      getContext().getSystem().receptionist().tell(Receptionist.subscribe(key(edge), listings));
      return new ArrayList<>();
    }

    private Behavior<Message> tell(Message.Tell message) {
      Origin origin = new Origin("news", "seats", "edge");
      all.forEach(
          line ->
              line.tell(
                  new HostMessage.Deliver(
                      new EntityKey("edge", "all"), message.news(), origin, answers)));
      return this;
    }

    private Behavior<Message> listed(Message.Listed message) {
      if (message.listing().isForKey(EVERY)) {
        all = message.listing().getServiceInstances(EVERY);
        return this;
      }
      Set<EdgeRef> known = new HashSet<>(lines.keySet());
      known.addAll(waiting.keySet());
      for (EdgeRef edge : known) {
        if (message.listing().isForKey(key(edge))) {
          listed(edge, message.listing().getServiceInstances(key(edge)));
        }
      }
      return this;
    }

    private void listed(EdgeRef edge, Set<ActorRef<HostMessage.Deliver>> found) {
      if (found.isEmpty()) {
        lines.remove(edge);
        waiting.putIfAbsent(edge, new ArrayList<>());
      } else {
        lines.put(edge, found);
        List<Message.Send> queue = waiting.remove(edge);
        if (queue != null) {
          queue.forEach(this::send);
        }
      }
    }

    private void deliver(ActorRef<HostMessage.Deliver> line, Message.Send message) {
      pending.put(message.effectId(), message.taken());
      line.tell(
          new HostMessage.Deliver(
              new EntityKey("edge", message.edge().toString()),
              message.signal(),
              new Origin(message.effectId(), "signal", "call/" + message.signal().callId()),
              answers));
    }

    private Behavior<Message> taken(Message.Taken message) {
      Runnable taken = pending.remove(message.effectId());
      if (taken != null) {
        taken.run();
      }
      return this;
    }
  }
}

package io.tandem.persistence.webhook;

import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.endpoint.EndpointEvent;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.number.NumberEvent;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.security.SecurityState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose an event is: the accounts that may be told of it. A call is its campaign's and, from the
 * answer on, that of the agent who answered; an operator's nouns are nobody's.
 */
final class Owners {

  private static final int KEPT = 20_000;

  private final JournalFeed feed;
  private final EventCodec codec;

  /** Of entities that never change hands. */
  private final Map<String, String> known = new LinkedHashMap<>(1024, 0.75f, true);

  Owners(JournalFeed feed, EventCodec closed) {
    this.feed = feed;
    this.codec = closed;
  }

  Set<String> of(Connection connection, JournalRow row, Envelope envelope) throws SQLException {
    String id = envelope.entityId();
    return switch (envelope.entityType()) {
      case "account" -> Set.of(id);
      case "wallet" -> Set.of(id.substring(0, Math.max(0, id.lastIndexOf(':'))));
      case "security" -> SecurityState.account(id).map(Set::of).orElse(Set.of());
      case "agent", "campaign", "endpoint", "dispute" -> creator(connection, row);
      case "number" -> holder(connection, row);
      case "call" -> parties(connection, row, id);
      default -> Set.of();
    };
  }

  private Set<String> creator(Connection connection, JournalRow row) throws SQLException {
    String owner = known.get(row.persistenceId());
    if (owner == null) {
      owner = creator(feed.firstOf(connection, row.persistenceId()));
      if (owner == null) {
        return Set.of();
      }
      known.put(row.persistenceId(), owner);
      if (known.size() > KEPT) {
        var oldest = known.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
    return Set.of(owner);
  }

  private @Nullable String creator(List<JournalRow> first) {
    return first.isEmpty()
        ? null
        : switch (event(first.getFirst().envelope())) {
          case null -> null;
          case AgentEvent.Created e -> e.accountId();
          case CampaignEvent.Created e -> e.accountId();
          case EndpointEvent.Created e -> e.accountId();
          case DisputeEvent.Filed e -> e.call().accountId();
          default -> null;
        };
  }

  private Set<String> holder(Connection connection, JournalRow row) throws SQLException {
    String holder = "";
    for (JournalRow each : feed.ofEntity(connection, row.persistenceId(), row.position())) {
      if (event(each.envelope()) instanceof NumberEvent.Assigned assigned) {
        holder = assigned.accountId();
      }
    }
    return holder.isEmpty() ? Set.of() : Set.of(holder);
  }

  private Set<String> parties(Connection connection, JournalRow row, String callId)
      throws SQLException {
    CallState state = CallState.fresh(callId);
    for (JournalRow each : feed.ofEntity(connection, row.persistenceId(), row.position())) {
      if (event(each.envelope()) instanceof CallEvent event) {
        state = state.apply(event);
      }
    }
    Set<String> parties = new HashSet<>();
    if (state instanceof CallState.Begun begun) {
      parties.add(begun.offered().campaignAccountId());
      CallEvent.Connected bridged =
          switch (state) {
            case CallState.Connected s -> s.bridged();
            case CallState.Ended s -> s.bridged();
            default -> null;
          };
      if (bridged != null) {
        begun
            .offered()
            .plan()
            .offer(bridged.offerId())
            .map(Offer::accountId)
            .ifPresent(parties::add);
      }
    }
    return parties;
  }

  private @Nullable Record event(Envelope envelope) {
    return codec.read(envelope, Record.class).orElse(null);
  }
}

package io.tandem.ops.whatif;

import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.wallet.WalletEvent;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * History run again under other terms (AUD-4). Reads calls, agents and what wallets booked, each
 * once, entity by entity: memory grows with accounts, not with calls.
 *
 * <p>A call belongs to the moment that its id names. Nothing is routed anew: the same agents are
 * rung and the same people hang up at the same moment. What is judged anew is the timer, the price,
 * and the agents' conduct.
 */
public final class WhatIf {
  private static final int TOLD_EVERY = 10_000;

  private final JournalReader reader;
  private final EventCodec codec;
  private AgentSettings judgedBy;
  private OtherTerms terms = OtherTerms.SAME;
  private TimeSpan span = TimeSpan.ALL;
  private Consumer<CallAgain.Result> calls = call -> {};
  private LongConsumer progress = read -> {};

  private final Map<String, Difference> accounts = new TreeMap<>();
  private long events;
  private long callCount;
  private long differing;
  private long open;

  private WhatIf(JournalReader reader, EventCodec codec, AgentSettings judgedBy) {
    this.reader = reader;
    this.codec = codec.closed();
    this.judgedBy = judgedBy;
  }

  /**
   * A question about a journal; as it stands, nothing is otherwise.
   *
   * @param codec for stored bytes; what is sealed about persons stays shut
   * @param agents the settings that agents are judged by
   */
  public static WhatIf of(JournalReader reader, EventCodec codec, AgentSettings agents) {
    return new WhatIf(reader, codec, agents);
  }

  /** Under other terms. */
  public WhatIf under(OtherTerms other) {
    terms = other;
    return this;
  }

  /** Agents judged by other settings. */
  public WhatIf judgedBy(AgentSettings other) {
    judgedBy = other;
    return this;
  }

  /** Calls of a span of time alone. */
  public WhatIf within(TimeSpan only) {
    span = only;
    return this;
  }

  /** Every call that comes out otherwise is given to this. */
  public WhatIf telling(Consumer<CallAgain.Result> each) {
    calls = each;
    return this;
  }

  /** This is told now and then how many events were read. */
  public WhatIf showing(LongConsumer eventsRead) {
    progress = eventsRead;
    return this;
  }

  /**
   * What came of it.
   *
   * @param accounts an account and currency each, by account
   * @param events how many were read
   * @param calls how many calls were run again, answered or not
   * @param differing how many of them come out otherwise
   * @param open how many were not over where the journal ends
   */
  public record Outcome(
      Collection<Difference> accounts, long events, long calls, long differing, long open) {

    /** All that the calls cost by their own events is booked, and nothing else. */
    public boolean isBooked() {
      return accounts.stream().allMatch(a -> a.microsBooked() == a.microsThen());
    }
  }

  /** Runs it, once. */
  public Outcome run() {
    calls();
    booked();
    agents();
    return new Outcome(accounts.values(), events, callCount, differing, open);
  }

  private void calls() {
    CallAgain call = null;
    String at = "";
    boolean counts = false;
    for (Iterator<JournalRow> rows = reader.ofType("call"); rows.hasNext(); ) {
      JournalRow row = rows.next();
      if (!row.persistenceId().equals(at)) {
        settle(call);
        at = row.persistenceId();
        String callId = at.substring("call|".length());
        counts = isInSpan(callId);
        call = counts ? new CallAgain(callId, terms) : null;
      }
      read();
      if (call != null) {
        call.take((CallEvent) event(row));
      }
    }
    settle(call);
  }

  private boolean isInSpan(String callId) {
    return TimedId.timeOf(callId).filter(span::has).isPresent();
  }

  private void settle(@Nullable CallAgain call) {
    if (call == null) {
      return;
    }
    CallAgain.Result result = call.result();
    callCount++;
    open += result.open() ? 1 : 0;
    if (result.differs()) {
      differing++;
      calls.accept(result);
    }
    Money was = result.was();
    Money would = result.would();
    if (!result.accountId().isEmpty()) {
      account(result.accountId(), result.currency())
          .call(micros(was), micros(would), was != null, would != null);
    }
  }

  private static long micros(@Nullable Money charge) {
    return charge == null ? 0 : charge.micros();
  }

  private void booked() {
    for (Iterator<JournalRow> rows = reader.ofType("wallet", "wallet.captured"); rows.hasNext(); ) {
      JournalRow row = rows.next();
      read();
      WalletEvent.Captured captured = (WalletEvent.Captured) event(row);
      if (isInSpan(captured.callId())) {
        String wallet = row.persistenceId().substring("wallet|".length());
        account(wallet.substring(0, wallet.lastIndexOf(':')), captured.amount().currency())
            .booked(captured.amount().micros());
      }
    }
  }

  private void agents() {
    AgentRules rules = new AgentRules(judgedBy);
    AgentAgain agent = null;
    String at = "";
    for (Iterator<JournalRow> rows = reader.ofType("agent"); rows.hasNext(); ) {
      JournalRow row = rows.next();
      if (!row.persistenceId().equals(at)) {
        settle(agent);
        at = row.persistenceId();
        agent = new AgentAgain(rules, terms, span);
      }
      read();
      if (agent != null) {
        agent.take((AgentEvent) event(row));
      }
    }
    settle(agent);
  }

  private void settle(@Nullable AgentAgain agent) {
    if (agent != null && !agent.accountId().isEmpty() && agent.hadCooldowns()) {
      String currency =
          accounts.values().stream()
              .filter(a -> a.accountId().equals(agent.accountId()))
              .map(Difference::currency)
              .findFirst()
              .orElse("");
      agent.addTo(account(agent.accountId(), currency));
    }
  }

  private Difference account(String accountId, String currency) {
    return accounts.computeIfAbsent(
        accountId + ':' + currency, key -> new Difference(accountId, currency));
  }

  private void read() {
    events++;
    if (events % TOLD_EVERY == 0) {
      progress.accept(events);
    }
  }

  private DomainEvent event(JournalRow row) {
    Envelope envelope = row.envelope();
    return codec.decode(envelope.header().event(), envelope.payload(), DomainEvent.class);
  }
}

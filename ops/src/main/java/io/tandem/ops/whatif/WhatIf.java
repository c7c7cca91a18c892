package io.tandem.ops.whatif;

import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.wallet.WalletEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * History run again under other terms (AUD-4). Reads calls, agents and what wallets booked, each
 * once, several parts at a time: memory grows with accounts, not with calls.
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

  private final AtomicLong eventsRead = new AtomicLong();

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

  /** Every call that comes out otherwise is given to this, one at a time, in no order. */
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
   * @param leftOut what cannot be read, each with the reason, the first thousand: its call or agent
   *     is left out, or its charge
   * @param leftOutCount how much that is
   */
  public record Outcome(
      Collection<Difference> accounts,
      long events,
      long calls,
      long differing,
      long open,
      List<String> leftOut,
      long leftOutCount) {

    /** All that the calls cost by their own events is booked, and nothing else. */
    public boolean isBooked() {
      return accounts.stream().allMatch(a -> a.microsBooked() == a.microsThen());
    }
  }

  /** Runs it, once. */
  public Outcome run() {
    List<Tally> tallies = new ArrayList<>();
    List<Calls> settled = reader.entities("call", "", Calls::new);
    settled.forEach(Calls::settle);
    settled.forEach(each -> tallies.add(each.tally));
    reader.anyOrder("wallet", "wallet.captured", Booked::new).forEach(b -> tallies.add(b.tally));
    List<Agents> judged = reader.entities("agent", "", Agents::new);
    judged.forEach(Agents::settle);
    judged.forEach(each -> tallies.add(each.tally));
    return Tally.sum(tallies);
  }

  private boolean isInSpan(String callId) {
    return span.equals(TimeSpan.ALL) || TimedId.timeOf(callId).filter(span::has).isPresent();
  }

  /** Calls, one after the other, by one thread. */
  private final class Calls implements Consumer<JournalRow> {
    final Tally tally = new Tally();
    private @Nullable CallAgain call;
    private String at = "";

    @Override
    public void accept(JournalRow row) {
      if (!row.persistenceId().equals(at)) {
        settle();
        at = row.persistenceId();
        String callId = at.substring("call|".length());
        call = isInSpan(callId) ? new CallAgain(callId, terms) : null;
      }
      read(tally);
      CallAgain running = call;
      if (running != null && !take(row, CallEvent.class, running::take, tally)) {
        call = null;
      }
    }

    void settle() {
      if (call == null) {
        return;
      }
      CallAgain.Result result = call.result();
      tally.call(result);
      if (result.differs()) {
        tell(result);
      }
    }
  }

  private synchronized void tell(CallAgain.Result result) {
    calls.accept(result);
  }

  /** What wallets booked. */
  private final class Booked implements Consumer<JournalRow> {
    final Tally tally = new Tally();

    @Override
    public void accept(JournalRow row) {
      read(tally);
      boolean unused =
          take(
              row,
              WalletEvent.class,
              event -> {
                if (event instanceof WalletEvent.Captured captured && isInSpan(captured.callId())) {
                  String wallet = row.persistenceId().substring("wallet|".length());
                  tally.booked(wallet.substring(0, wallet.lastIndexOf(':')), captured.amount());
                }
              },
              tally);
    }
  }

  /** Agents, one after the other, by one thread. */
  private final class Agents implements Consumer<JournalRow> {
    final Tally tally = new Tally();
    private final AgentRules rules = new AgentRules(judgedBy);
    private @Nullable AgentAgain agent;
    private String at = "";

    @Override
    public void accept(JournalRow row) {
      if (!row.persistenceId().equals(at)) {
        settle();
        at = row.persistenceId();
        agent = new AgentAgain(rules, terms, span);
      }
      read(tally);
      AgentAgain running = agent;
      if (running != null && !take(row, AgentEvent.class, running::take, tally)) {
        agent = null;
      }
    }

    void settle() {
      if (agent != null) {
        tally.agent(agent);
      }
    }
  }

  private void read(Tally tally) {
    if (tally.read() % TOLD_EVERY == 0) {
      tell(eventsRead.addAndGet(TOLD_EVERY));
    }
  }

  private synchronized void tell(long read) {
    progress.accept(read);
  }

  /** Gives an event to who is to take it; false, and noted, where it cannot be read (AUD-5). */
  private <E extends DomainEvent> boolean take(
      JournalRow row, Class<E> family, Consumer<E> taker, Tally tally) {
    Optional<E> event;
    try {
      event = codec.read(row.envelope(), family);
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
      tally.leftOut(row.toString(), e.fault() + " " + e.getMessage());
      return false;
    }
    event.ifPresent(taker);
    return true;
  }
}

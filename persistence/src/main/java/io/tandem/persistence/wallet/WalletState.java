package io.tandem.persistence.wallet;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent.Captured;
import io.tandem.persistence.wallet.WalletEvent.Credited;
import io.tandem.persistence.wallet.WalletEvent.Deposited;
import io.tandem.persistence.wallet.WalletEvent.Held;
import io.tandem.persistence.wallet.WalletEvent.HoldKept;
import io.tandem.persistence.wallet.WalletEvent.Released;
import io.tandem.persistence.window.Agenda;
import io.tandem.persistence.window.Memory;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * A wallet after its events so far (WAL-1..3). Movements are not here: they are the journal's. Each
 * event costs O(log n) of the live holds and the memory, so ten thousand simultaneous calls are no
 * burden.
 *
 * @param accountId whose money it is
 * @param currency the wallet's only currency; empty for an id that names none
 * @param balances what can be held and what is held
 * @param holds live holds by hold id
 * @param agenda the same holds by the instant at which their call is asked
 * @param deposits deposits and credits of disputes by their id, for a week
 * @param calls how the ended holds of each call ended and what it was charged, by call id, for a
 *     week
 */
@Wire("wallet.state/1")
public record WalletState(
    String accountId,
    String currency,
    Balances balances,
    PMap<String, LiveHold> holds,
    Agenda agenda,
    Memory<PastDeposit> deposits,
    Memory<PastCall> calls)
    implements DomainState<WalletState, WalletEvent> {

  /**
   * How long what was done is remembered. Not configurable: a fold must come out the same under any
   * configuration.
   */
  public static final Duration MEMORY = Duration.ofDays(7);

  /** The source of what disputes gave back, where deposits have theirs. */
  public static final String CREDIT = "dispute";

  /** Money set aside for one offer of a call. */
  public record LiveHold(
      String holdId, String callId, String offerId, Money amount, Instant heldAt, Instant askAt) {}

  /** A deposit that was posted, or a credit with {@link #CREDIT} and its dispute. */
  public record PastDeposit(Money amount, String source, String reason) {}

  /**
   * What is known of a call's money once a hold of it ended.
   *
   * @param charge its one charge; null while there is none
   * @param released its holds that ended without a charge: hold id to the micros that came back (0
   *     where it was forestalled)
   */
  public record PastCall(@Nullable Charge charge, PMap<String, Long> released) {
    static final PastCall NEW = new PastCall(null, HashTreePMap.empty());
  }

  /** What a call was charged. */
  public record Charge(String holdId, Money amount, Instant earnedAt, boolean late) {}

  /** A wallet without events, from its id {@code accountId:CUR}. */
  public static WalletState initial(String walletId) {
    int colon = walletId.lastIndexOf(':');
    String currency = walletId.substring(colon + 1);
    boolean named =
        colon > 0 && currency.length() == 3 && currency.chars().allMatch(c -> c >= 'A' && c <= 'Z');
    return new WalletState(
        colon > 0 ? walletId.substring(0, colon) : "",
        named ? currency : "",
        Balances.ZERO,
        HashTreePMap.empty(),
        Agenda.EMPTY,
        Memory.empty(),
        Memory.empty());
  }

  @Override
  public WalletState apply(WalletEvent event) {
    WalletState next =
        switch (event) {
          case Deposited e -> deposited(e);
          case Credited e -> credited(e);
          case Held e -> held(e);
          case HoldKept e -> kept(e);
          case Captured e -> captured(e);
          case Released e -> released(e);
        };
    Instant horizon = event.at().minus(MEMORY);
    return new WalletState(
        accountId,
        currency,
        event.after(),
        next.holds,
        next.agenda,
        next.deposits.forgetBefore(horizon),
        next.calls.forgetBefore(horizon));
  }

  private WalletState deposited(Deposited e) {
    PastDeposit deposit = new PastDeposit(e.amount(), e.source(), e.reason());
    return new WalletState(
        accountId, currency, balances, holds, agenda, deposits.with(e.depositId(), deposit), calls);
  }

  /** Remembered beside the deposits: both come once an id, for a week. */
  private WalletState credited(Credited e) {
    PastDeposit credit = new PastDeposit(e.amount(), CREDIT, e.disputeId());
    return new WalletState(
        accountId, currency, balances, holds, agenda, deposits.with(e.creditId(), credit), calls);
  }

  private WalletState held(Held e) {
    LiveHold hold =
        new LiveHold(e.holdId(), e.callId(), e.offerId(), e.amount(), e.at(), e.askAt());
    return new WalletState(
        accountId,
        currency,
        balances,
        holds.plus(e.holdId(), hold),
        agenda.with(e.askAt(), e.holdId()),
        deposits,
        calls);
  }

  private WalletState kept(HoldKept e) {
    LiveHold hold = holds.get(e.holdId());
    if (hold == null) {
      return this;
    }
    LiveHold kept =
        new LiveHold(
            hold.holdId(), hold.callId(), hold.offerId(), hold.amount(), hold.heldAt(), e.askAt());
    return new WalletState(
        accountId,
        currency,
        balances,
        holds.plus(e.holdId(), kept),
        agenda.without(hold.askAt(), e.holdId()).with(e.askAt(), e.holdId()),
        deposits,
        calls);
  }

  private WalletState captured(Captured e) {
    PastCall past = calls.of(e.callId()).orElse(PastCall.NEW);
    Charge charge = new Charge(e.holdId(), e.amount(), e.earnedAt(), e.late());
    return without(e.holdId()).remember(e.callId(), new PastCall(charge, past.released()));
  }

  private WalletState released(Released e) {
    PastCall past = calls.of(e.callId()).orElse(PastCall.NEW);
    PMap<String, Long> released = past.released().plus(e.holdId(), e.amount().micros());
    return without(e.holdId()).remember(e.callId(), new PastCall(past.charge(), released));
  }

  private WalletState without(String holdId) {
    LiveHold hold = holds.get(holdId);
    return hold == null
        ? this
        : new WalletState(
            accountId,
            currency,
            balances,
            holds.minus(holdId),
            agenda.without(hold.askAt(), holdId),
            deposits,
            calls);
  }

  private WalletState remember(String callId, PastCall past) {
    return new WalletState(
        accountId, currency, balances, holds, agenda, deposits, calls.with(callId, past));
  }
}

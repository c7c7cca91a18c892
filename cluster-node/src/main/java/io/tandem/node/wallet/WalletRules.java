package io.tandem.node.wallet;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Repetition;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.Rules;
import io.tandem.node.wallet.WalletCommand.Capture;
import io.tandem.node.wallet.WalletCommand.Credit;
import io.tandem.node.wallet.WalletCommand.Deposit;
import io.tandem.node.wallet.WalletCommand.Hold;
import io.tandem.node.wallet.WalletCommand.KeepHold;
import io.tandem.node.wallet.WalletCommand.Read;
import io.tandem.node.wallet.WalletCommand.Release;
import io.tandem.node.wallet.WalletCommand.Wake;
import io.tandem.node.wallet.WalletReply.BadAmount;
import io.tandem.node.wallet.WalletReply.Conflict;
import io.tandem.node.wallet.WalletReply.HoldEnded;
import io.tandem.node.wallet.WalletReply.InsufficientFunds;
import io.tandem.node.wallet.WalletReply.Invalid;
import io.tandem.node.wallet.WalletReply.TooOld;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.wallet.WalletState.Charge;
import io.tandem.persistence.wallet.WalletState.LiveHold;
import io.tandem.persistence.wallet.WalletState.PastCall;
import io.tandem.persistence.wallet.WalletState.PastDeposit;
import io.tandem.persistence.wallet.WalletView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet does (WAL-1..3, WAL-5): deposits, holds, captures and releases, each once however
 * often it is asked for. In every decision the repetitions and refusals come first.
 */
public final class WalletRules
    implements Rules<WalletCommand, WalletReply, WalletEvent, WalletState> {

  /** The noun's name. */
  public static final String NAME = "wallet";

  /**
   * A snapshot holds a week of what was done, so it is rare: reading ten thousand small events is
   * quicker than writing the week every few hundred.
   */
  private static final int SNAPSHOT_EVERY = 10_000;

  /** Calls asked at the same time; the others wait for their answers. */
  private static final int INQUIRIES_MAX = 50;

  /** Holds shown by {@code Read}, the oldest first. */
  private static final int HOLDS_SHOWN_MAX = 500;

  private final WalletSettings settings;

  /** Rules under the operator's settings. */
  public WalletRules(WalletSettings settings) {
    this.settings = settings;
  }

  /** The noun as the host runs it. */
  public static EntityType<WalletCommand, WalletReply, WalletEvent, WalletState> type(
      WalletSettings settings) {
    return new EntityType<>(
        NAME,
        WalletCommand.class,
        WalletEvent.class,
        WalletState::initial,
        new WalletRules(settings),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that a wallet says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(WalletCommand.class)
        .addAll(WalletReply.class)
        .addAll(WalletEvent.class)
        .add(WalletState.class)
        .add(WalletView.class)
        .build();
  }

  /** The id of the wallet of an account in a currency. */
  public static String walletId(String accountId, String currency) {
    return accountId + ':' + currency;
  }

  @Override
  public Decision<WalletEvent, WalletReply> decide(
      WalletState state, WalletCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    if (state.currency().isEmpty() && !(command instanceof Read || command instanceof Wake)) {
      return Decision.reply(new Invalid("walletId", "no currency", "<account>:<currency>"));
    }
    return switch (command) {
      case Deposit c -> deposit(state, c, now);
      case Credit c -> credit(state, c, now);
      case Hold c -> hold(state, c, now);
      case Capture c -> capture(state, c, now);
      case Release c -> release(state, c, now);
      case KeepHold c -> keep(state, c, now);
      case Wake c -> Decision.reply(new WalletReply.Awake());
      case Read c -> Decision.reply(view(state));
    };
  }

  // WAL-1: money comes in, once an id
  private static Decision<WalletEvent, WalletReply> deposit(
      WalletState state, Deposit c, Instant now) {
    PastDeposit past = state.deposits().of(c.depositId()).orElse(null);
    if (past != null) {
      return Decision.reply(
          Repetition.of("amount", past.amount(), c.amount())
              .and("source", past.source(), c.source())
              .and("reason", past.reason(), c.reason())
              .conflict()
              .<WalletReply>map(field -> new Conflict(c.depositId(), field))
              .orElseGet(() -> new WalletReply.Deposited(c.depositId(), state.balances(), true)));
    }
    if (state.deposits().tooOld(c.depositId())) {
      return Decision.reply(new TooOld(c.depositId()));
    }
    if (c.depositId().isBlank()) {
      return Decision.reply(new Invalid("depositId", c.depositId(), "an id of the deposit"));
    }
    WalletReply bad = WalletRefusals.badAmount(state, c.amount());
    if (bad != null) {
      return Decision.reply(bad);
    }
    Balances after = state.balances().moved(c.amount().micros(), 0);
    if (after == null) {
      return Decision.reply(new BadAmount(c.amount(), "an amount the wallet can add"));
    }

    return Decision.event(
        new WalletEvent.Deposited(c.depositId(), c.amount(), c.source(), c.reason(), now, after),
        new WalletReply.Deposited(c.depositId(), after, false));
  }

  // DSP-6: a charge goes back, once an approved dispute
  private static Decision<WalletEvent, WalletReply> credit(
      WalletState state, Credit c, Instant now) {
    PastDeposit past = state.deposits().of(c.creditId()).orElse(null);
    if (past != null) {
      return Decision.reply(
          Repetition.of("amount", past.amount(), c.amount())
              .and("source", past.source(), WalletState.CREDIT)
              .and("disputeId", past.reason(), c.disputeId())
              .conflict()
              .<WalletReply>map(field -> new Conflict(c.creditId(), field))
              .orElseGet(() -> new WalletReply.Credited(c.creditId(), state.balances(), true)));
    }
    if (state.deposits().tooOld(c.creditId())) {
      return Decision.reply(new TooOld(c.creditId()));
    }
    if (TimedId.timeOf(c.creditId()).isEmpty()) {
      return Decision.reply(new Invalid("creditId", c.creditId(), "an id that carries its time"));
    }
    WalletReply bad = WalletRefusals.badAmount(state, c.amount());
    if (bad != null) {
      return Decision.reply(bad);
    }
    Balances after = state.balances().moved(c.amount().micros(), 0);
    if (after == null) {
      return Decision.reply(new BadAmount(c.amount(), "an amount the wallet can add"));
    }

    return Decision.event(
        new WalletEvent.Credited(c.creditId(), c.disputeId(), c.callId(), c.amount(), now, after),
        new WalletReply.Credited(c.creditId(), after, false));
  }

  // WAL-2: the sum of the holds never exceeds what is there
  private Decision<WalletEvent, WalletReply> hold(WalletState state, Hold c, Instant now) {
    LiveHold live = state.holds().get(c.holdId());
    if (live != null) {
      return Decision.reply(
          Repetition.of("callId", live.callId(), c.callId())
              .and("offerId", live.offerId(), c.offerId())
              .and("amount", live.amount(), c.amount())
              .conflict()
              .<WalletReply>map(field -> new Conflict(c.holdId(), field))
              .orElseGet(() -> new WalletReply.Held(c.holdId(), state.balances(), true)));
    }
    WalletReply bad = WalletRefusals.badId(c.holdId(), c.callId());
    if (bad == null) {
      bad = WalletRefusals.endedOrForgotten(state, c.holdId(), c.callId());
    }
    if (bad == null) {
      bad = WalletRefusals.badAmount(state, c.amount());
    }
    if (bad != null) {
      return Decision.reply(bad);
    }
    long micros = c.amount().micros();
    Balances before = state.balances();
    Balances after = before.moved(-micros, micros);
    if (micros > before.availableMicros() || after == null) {
      return Decision.reply(
          new InsufficientFunds(new Money(before.availableMicros(), state.currency()), c.amount()));
    }

    Instant askAt = now.plus(settings.holdAgeMax());
    return Decision.event(
        new WalletEvent.Held(c.holdId(), c.callId(), c.offerId(), c.amount(), now, askAt, after),
        new WalletReply.Held(c.holdId(), after, false));
  }

  // WAL-3: one capture a call, of the whole hold or a part; one that comes late is posted all the
  // same
  private static Decision<WalletEvent, WalletReply> capture(
      WalletState state, Capture c, Instant now) {
    Instant earnedAt = c.earnedAt().truncatedTo(MICROS);
    PastCall past = state.calls().of(c.callId()).orElse(null);
    Charge charge = past == null ? null : past.charge();
    if (charge != null) {
      return Decision.reply(
          Repetition.of("holdId", charge.holdId(), c.holdId())
              .and("amount", charge.amount(), c.amount())
              .and("earnedAt", charge.earnedAt(), earnedAt)
              .conflict()
              .<WalletReply>map(field -> new Conflict(c.callId(), field))
              .orElseGet(
                  () ->
                      new WalletReply.Captured(
                          c.callId(), c.amount(), charge.late(), state.balances(), true)));
    }
    LiveHold live = state.holds().get(c.holdId());
    WalletReply bad = WalletRefusals.badId(c.holdId(), c.callId());
    if (bad == null && live == null && state.calls().tooOld(c.callId())) {
      bad = new TooOld(c.callId());
    }
    if (bad == null) {
      bad = WalletRefusals.badAmount(state, c.amount());
    }
    if (bad == null) {
      bad = WalletRefusals.moreThanHeld(live, past, c);
    }
    if (bad != null) {
      return Decision.reply(bad);
    }
    long fromHold = live == null ? 0 : live.amount().micros();
    Balances after = state.balances().moved(fromHold - c.amount().micros(), -fromHold);
    if (after == null) {
      return Decision.reply(new BadAmount(c.amount(), "an amount the wallet can subtract"));
    }

    var captured =
        new WalletEvent.Captured(
            c.holdId(),
            c.callId(),
            c.amount(),
            new Money(fromHold, state.currency()),
            earnedAt,
            now,
            after);
    return Decision.event(
        captured, new WalletReply.Captured(c.callId(), c.amount(), captured.late(), after, false));
  }

  // WAL-3: the other end of a hold; one that is not there yet is forestalled
  private static Decision<WalletEvent, WalletReply> release(
      WalletState state, Release c, Instant now) {
    LiveHold live = state.holds().get(c.holdId());
    if (live != null && !live.callId().equals(c.callId())) {
      return Decision.reply(new Conflict(c.holdId(), "callId"));
    }
    if (live == null) {
      WalletReply over = WalletRefusals.badId(c.holdId(), c.callId());
      if (over == null) {
        over = WalletRefusals.endedOrForgotten(state, c.holdId(), c.callId());
      }
      if (over instanceof HoldEnded ended && ended.how().equals(WalletRefusals.RELEASED)) {
        return Decision.reply(new WalletReply.Released(c.holdId(), state.balances(), true));
      }
      if (over != null) {
        return Decision.reply(over);
      }
    }

    Money amount = live == null ? new Money(0, state.currency()) : live.amount();
    Balances before = state.balances();
    Balances after =
        new Balances(
            before.availableMicros() + amount.micros(), before.heldMicros() - amount.micros());
    return Decision.event(
        new WalletEvent.Released(c.holdId(), c.callId(), amount, c.reason(), now, after),
        new WalletReply.Released(c.holdId(), after, false));
  }

  // WAL-3: the call was asked and still needs its old hold
  private Decision<WalletEvent, WalletReply> keep(WalletState state, KeepHold c, Instant now) {
    LiveHold live = state.holds().get(c.holdId());
    if (live == null) {
      return Decision.reply(new HoldEnded(c.holdId(), WalletRefusals.ENDED));
    }
    if (live.askAt().isAfter(now)) {
      return Decision.reply(new WalletReply.Kept(c.holdId()));
    }

    Instant askAt = now.plus(settings.holdAgeMax());
    return Decision.event(
        new WalletEvent.HoldKept(c.holdId(), now, askAt, state.balances()),
        new WalletReply.Kept(c.holdId()));
  }

  private static WalletReply view(WalletState state) {
    List<LiveHold> oldest =
        state.agenda().entries().stream()
            .limit(HOLDS_SHOWN_MAX)
            .flatMap(entry -> Optional.ofNullable(state.holds().get(entry.id())).stream())
            .toList();
    return new WalletReply.View(state.currency(), state.balances(), oldest, state.holds().size());
  }

  /** WAL-3: holds that are over age ask their call. */
  @Override
  public List<Effect> resume(WalletState state, Acks acks, Instant now) {
    return state.agenda().due(now, INQUIRIES_MAX).stream()
        .flatMap(entry -> Optional.ofNullable(state.holds().get(entry.id())).stream())
        .<Effect>map(
            hold ->
                new Effect.Ask(
                    hold.holdId() + "/inquiry/" + hold.askAt().toEpochMilli(),
                    new EntityKey("call", hold.callId()),
                    new CallCommand.HoldInquiry(hold.holdId())))
        .toList();
  }

  /**
   * Only a call that does not need the hold, or never was, lets it go; any other answer is asked
   * for again later.
   */
  @Override
  public Optional<WalletCommand> answered(WalletState state, Effect.Ask effect, Reply reply) {
    if (!(effect.command() instanceof CallCommand.HoldInquiry inquiry)) {
      return Optional.empty();
    }
    String callId = effect.target().id();
    return Optional.of(
        switch (reply) {
          case CallReply.NotNeeded no -> new Release(inquiry.holdId(), callId, no.reason());
          case CallReply.Unknown no -> new Release(inquiry.holdId(), callId, "CALL_UNKNOWN");
          default -> new KeepHold(inquiry.holdId());
        });
  }

  @Override
  public @Nullable Instant deadline(WalletState state) {
    return state.agenda().next().orElse(null);
  }

  @Override
  public WalletCommand wake() {
    return new Wake();
  }

  @Override
  public boolean finished(WalletState state) {
    return false;
  }

  /**
   * Everything that changes a wallet has a natural key, which the wallet itself remembers longer
   * than the host would.
   */
  @Override
  public boolean remembered(WalletCommand command) {
    return false;
  }

  @Override
  public WalletReply alreadyDone(WalletState state, WalletCommand command) {
    return view(state);
  }

  @Override
  public WalletReply conflict(WalletState state, WalletCommand command, String field) {
    return new Conflict(command.getClass().getSimpleName(), field);
  }
}

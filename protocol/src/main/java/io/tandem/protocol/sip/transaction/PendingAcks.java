package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.fsm.Accepted2xx;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The 2xx responses to INVITEs that wait for their ACK: repeats each ({@link Accepted2xx}) until it
 * comes, and says when to give up. One per UAS core, on its loop.
 */
public final class PendingAcks {

  private final EdgeLoop loop;
  private final TransactionLayer layer;
  private final SipTimers timers;
  private final Map<Key, Pending> pending = new HashMap<>();

  private record Key(String callId, String localTag, long cseq) {}

  private static final class Pending {
    final ServerTransactionId transaction;
    final SipResponse response;
    final Runnable onGivenUp;
    Accepted2xx repetition;
    @Nullable Flow told;
    EdgeLoop.@Nullable Timer timer;

    Pending(
        ServerTransactionId transaction,
        SipResponse response,
        Runnable onGivenUp,
        Accepted2xx repetition) {
      this.transaction = transaction;
      this.response = response;
      this.onGivenUp = onGivenUp;
      this.repetition = repetition;
    }
  }

  /** Repeats through that layer, by the clock of its loop. */
  public PendingAcks(EdgeLoop loop, TransactionLayer layer, SipTimers timers) {
    this.loop = loop;
    this.layer = layer;
    this.timers = timers;
  }

  /**
   * Sends a 2xx and repeats it until its ACK is here.
   *
   * @param onGivenUp no ACK came in 64 T1: end the call with a BYE (13.3.1.4)
   */
  public void send(ServerTransactionId transaction, SipResponse success, Runnable onGivenUp) {
    Key key = new Key(success.callId(), String.valueOf(success.toTag()), success.cseq().number());
    Pending waiting =
        new Pending(transaction, success, onGivenUp, Accepted2xx.start(timers, nowMs()));
    waiting.told = layer.answer(transaction, success);
    pending.put(key, waiting);
    schedule(key, waiting);
  }

  /**
   * An ACK came in: whether it was the first one for a 2xx of ours. Coming from where that was sent
   * it shows that we are heard there.
   */
  public boolean acknowledged(SipRequest ack, Flow flow) {
    Pending acknowledged =
        pending.remove(new Key(ack.callId(), String.valueOf(ack.toTag()), ack.cseq().number()));
    if (acknowledged == null) {
      return false;
    }
    stop(acknowledged);
    layer.proven(flow, acknowledged.told);
    return true;
  }

  /** The call ended before its ACK came: stop repeating. */
  public void drop(SipResponse success) {
    Pending dropped =
        pending.remove(
            new Key(success.callId(), String.valueOf(success.toTag()), success.cseq().number()));
    if (dropped != null) {
      stop(dropped);
    }
  }

  /** How many wait. */
  public int size() {
    return pending.size();
  }

  private static void stop(Pending waiting) {
    EdgeLoop.Timer timer = waiting.timer;
    if (timer != null) {
      timer.cancel();
    }
  }

  private void schedule(Key key, Pending waiting) {
    long delayMs = Math.max(1, waiting.repetition.nextAtMs() - nowMs());
    waiting.timer = loop.schedule(delayMs, () -> wake(key, waiting));
  }

  private void wake(Key key, Pending waiting) {
    Accepted2xx.Wake wake = waiting.repetition.wake(nowMs());
    waiting.repetition = wake.next();
    switch (wake.duty()) {
      case GIVE_UP -> {
        pending.remove(key, waiting);
        waiting.onGivenUp.run();
      }
      case RESEND -> {
        layer.respond(waiting.transaction, waiting.response);
        schedule(key, waiting);
      }
      case WAIT -> schedule(key, waiting);
    }
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(loop.nanoTime());
  }
}

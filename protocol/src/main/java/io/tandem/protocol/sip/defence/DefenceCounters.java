package io.tandem.protocol.sip.defence;

import java.util.concurrent.atomic.LongAdder;

/** What the defence did since its start; readable from any thread. */
public final class DefenceCounters {
  final LongAdder overRate = new LongAdder();
  final LongAdder banned = new LongAdder();
  final LongAdder withheld = new LongAdder();
  final LongAdder shed = new LongAdder();
  final LongAdder unrefused = new LongAdder();
  final LongAdder unread = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder bans = new LongAdder();

  DefenceCounters() {}

  /** Messages beyond the rate of their address. */
  public long overRate() {
    return overRate.sum();
  }

  /** Messages of those who are banned. */
  public long banned() {
    return banned.sum();
  }

  /** Responses that would have been more than was received. */
  public long withheld() {
    return withheld.sum();
  }

  /** New requests refused because they had waited too long (OPS-5). */
  public long shed() {
    return shed.sum();
  }

  /** New requests that were to be refused and got nothing: too many refusals a second. */
  public long unrefused() {
    return unrefused.sum();
  }

  /** Datagrams that the system threw away at a UDP socket before they were read. */
  public long unread() {
    return unread.sum();
  }

  /** Messages dropped because the waiting line was full. */
  public long lost() {
    return lost.sum();
  }

  /** Bans pronounced here. */
  public long bans() {
    return bans.sum();
  }
}

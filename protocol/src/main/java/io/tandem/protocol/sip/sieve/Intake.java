package io.tandem.protocol.sip.sieve;

import io.netty.channel.Channel;
import io.tandem.protocol.sip.defence.Defence;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a UDP socket lets in: looks every tenth of a second at what was read and refused while
 * something is refused, and sets the shares of the next. On the channel's loop only.
 */
public final class Intake {
  private static final long EVERY_MILLIS = 100;

  /** A share that changes by less is left: a new filter costs a system call and its compiling. */
  private static final double WORTH_IT = 0.03;

  private final Channel channel;
  private final Defence defence;
  private final @Nullable Sieve sieve;

  private Openness open = Openness.ALL;
  private Openness set = Openness.ALL;
  private boolean looking;
  private boolean givenUp;
  private long sinceNanos;
  private long fromTrusted;
  private long fromStrangers;
  private long refused;
  private long dropped;

  /** Of a socket that is bound. */
  public Intake(Channel channel, List<Sifted> sifted, Defence defence) {
    this.channel = channel;
    this.defence = defence;
    this.sieve = Sieve.at(channel, sifted).orElse(null);
  }

  /** A new request was read. */
  public void read(InetAddress from) {
    if (looking) {
      if (defence.trusts(from)) {
        fromTrusted++;
      } else {
        fromStrangers++;
      }
    }
  }

  /** A new request waited too long, or would have. */
  public void refused(long nowNanos) {
    if (sieve != null && !looking && !givenUp) {
      looking = true;
      begin(nowNanos);
      lookLater();
    }
    refused++;
  }

  private void begin(long nowNanos) {
    sinceNanos = nowNanos;
    fromTrusted = 0;
    fromStrangers = 0;
    refused = 0;
  }

  private void lookLater() {
    var unused = channel.eventLoop().schedule(this::look, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    Sieve own = sieve;
    if (own == null || !channel.isOpen()) {
      return;
    }
    long now = System.nanoTime();
    Openness.Seen seen =
        new Openness.Seen(fromTrusted, fromStrangers, refused, Math.max(1, now - sinceNanos));
    open = open.after(seen, defence.settings().refusals().perSecond());
    if (isWorthIt()) {
      if (!own.set(open, defence.trusted())) {
        // the system takes none: from now on it is as without it
        givenUp = true;
        looking = false;
        return;
      }
      set = open;
    }
    long thrown = own.dropped();
    defence.countUnread((int) (thrown - dropped));
    dropped = thrown;
    looking = !open.isAll() || seen.refused() > 0;
    begin(now);
    if (looking) {
      lookLater();
    }
  }

  private boolean isWorthIt() {
    return open.isAll() != set.isAll()
        || Math.abs(open.trusted() - set.trusted()) > WORTH_IT * set.trusted()
        || Math.abs(open.strangers() - set.strangers()) > WORTH_IT * set.strangers();
  }
}

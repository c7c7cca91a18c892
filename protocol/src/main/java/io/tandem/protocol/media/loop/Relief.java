package io.tandem.protocol.media.loop;

import io.tandem.protocol.media.socket.Cores;
import io.tandem.protocol.media.socket.Precedence;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Looks now and then whether a loop's thread gets on, from another core, and carries what waits
 * while it does not. Looks seldom while nothing comes.
 */
final class Relief {
  /** At half of it a core spends four per cent more on looking; stalls are longer. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** While it carries it looks more often: the loop has been away for a while already. */
  private static final long CARRYING_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** So many looks without a packet, and it looks seldom: after a fifth of a second. */
  private static final int PATIENCE_LOOKS = 200;

  private static final long SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Rounds it carries before it looks again. */
  private static final int ROUNDS_MAX = 8;

  private final Thread thread;
  private final Precedence wanted;
  private final BooleanSupplier carry;
  private final AtomicLong progress = new AtomicLong();
  private volatile int itsCore = Cores.UNKNOWN;
  private volatile boolean dozing;
  private volatile boolean started;
  private volatile boolean ending;

  // --- its own
  private long seen = -1;
  private int looks;
  private boolean carried;

  /**
   * @param carry takes what waits, once round; whether anything was taken
   */
  Relief(String name, Precedence wanted, BooleanSupplier carry) {
    this.wanted = wanted;
    this.carry = carry;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    started = true;
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  // --- by the loop's thread

  /** It gets on. */
  void seesProgress() {
    progress.setOpaque(progress.getPlain() + 1);
  }

  /** Something has come and is about to be carried. */
  void wake() {
    if (!started) {
      return;
    }
    itsCore = Cores.current();
    if (dozing) {
      dozing = false;
      LockSupport.unpark(thread);
    }
  }

  /** Returns when it has ended. */
  void end() {
    ending = true;
    if (!started) {
      return;
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // --- its own

  private void run() {
    var unused = wanted.take();
    Cores.Avoidance avoidance = new Cores.Avoidance();
    while (!ending) {
      LockSupport.parkNanos(this, carried ? CARRYING_NANOS : dozing ? SELDOM_NANOS : LOOK_NANOS);
      look(avoidance);
    }
  }

  /** A method of its own: a loop that never ends stays uncompiled for its first minute. */
  private void look(Cores.Avoidance avoidance) {
    avoidance.avoid(itsCore);
    long now = progress.getOpaque();
    carried = now == seen && carries();
    if (now != seen || carried) {
      seen = now;
      looks = 0;
      dozing = false;
    } else if (++looks >= PATIENCE_LOOKS) {
      dozing = true;
    }
  }

  /** Until the loop gets on again or nothing waits. */
  private boolean carries() {
    boolean any = false;
    for (int round = 0; round < ROUNDS_MAX && !ending && progress.getOpaque() == seen; round++) {
      if (!carry.getAsBoolean()) {
        break;
      }
      any = true;
    }
    return any;
  }
}

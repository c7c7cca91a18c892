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

  /**
   * How often it looks while all goes well, and for how long nothing may have stalled for that.
   * Stalls come in flocks; to be on the alert all the time costs a twentieth of the relay's CPU.
   */
  private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long ALERT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** A turn that takes longer than this and what its packets take was stopped by somebody. */
  private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(700);

  private static final long PACKET_NANOS = TimeUnit.MICROSECONDS.toNanos(15);

  /** While it carries it looks more often: the loop has been away for a while already. */
  private static final long CARRYING_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** So many looks without a packet, and it looks seldom: after half a second at most. */
  private static final int PATIENCE_LOOKS = 100;

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

  /** When the last stall was over. */
  private volatile long stalledNanos = System.nanoTime() - ALERT_NANOS;

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

  /** It has carried what was there. */
  void seesTurn(int packets, long nanos) {
    if (nanos > TURN_NANOS + packets * PACKET_NANOS) {
      stalledNanos = System.nanoTime();
    }
  }

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
      LockSupport.parkNanos(this, untilNextLook());
      look(avoidance);
    }
  }

  private long untilNextLook() {
    if (carried) {
      return CARRYING_NANOS;
    }
    if (dozing) {
      return SELDOM_NANOS;
    }
    return System.nanoTime() - stalledNanos < ALERT_NANOS ? LOOK_NANOS : CALM_NANOS;
  }

  /** A method of its own: a loop that never ends stays uncompiled for its first minute. */
  private void look(Cores.Avoidance avoidance) {
    avoidance.avoid(itsCore);
    long now = progress.getOpaque();
    carried = now == seen && carries();
    if (carried) {
      stalledNanos = System.nanoTime();
    }
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

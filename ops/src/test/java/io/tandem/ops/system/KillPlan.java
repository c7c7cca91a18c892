package io.tandem.ops.system;

import java.util.ArrayList;
import java.util.List;

/** Which calls a node has when it is killed, and at which write each of them is parked. */
final class KillPlan {
  static final long TIMER_MILLIS = 30_000;
  private static final long LONG_TIMER_MILLIS = 60_000;

  /**
   * How a call goes: it stays up past its timer, is hung up then, is young, or is hung up young.
   */
  enum Way {
    STAYS(true),
    ENDS_CHARGED(true),
    YOUNG(false),
    ENDS_YOUNG(false);

    final boolean charged;

    Way(boolean charged) {
      this.charged = charged;
    }

    boolean ends() {
      return this == ENDS_CHARGED || this == ENDS_YOUNG;
    }
  }

  /**
   * One call of the plan.
   *
   * @param stop the write that is parked, such as {@code before:call.offered}; empty for none
   */
  record Case(Stall stall, String stop, Way way) {
    /** Whether a crash-free run that lasts as long charges. */
    boolean charged() {
      return way.charged && stall.timerMillis() == TIMER_MILLIS;
    }

    /** Whether the end was stored, so that no proof is needed. */
    boolean endStored() {
      return way.ends() && !stop.equals("before:call.ended");
    }

    /** Whether this call comes to its end before the node dies, and nothing of it is parked. */
    boolean crashFree() {
      return way.ends() && stop.isEmpty();
    }

    @Override
    public String toString() {
      return way + (stop.isEmpty() ? ", timer " + stall.timerMillis() : " " + stop);
    }
  }

  private KillPlan() {}

  /**
   * Both sides of every event on a call's way, two calls that are up when the node dies, and two
   * that had ended by then: what a run without a crash comes to.
   */
  static List<Case> everyBoundary() {
    List<Case> plan = new ArrayList<>();
    for (String when : List.of("before:", "after:")) {
      for (String event : List.of("call.qualified", "wallet.captured")) {
        add(plan, when + event, Way.STAYS);
      }
      for (String event : List.of("call.ended", "agent.offer-ended")) {
        add(plan, when + event, Way.ENDS_CHARGED);
      }
      for (String event :
          List.of("call.offered", "wallet.held", "agent.reserved", "call.connected")) {
        add(plan, when + event, Way.YOUNG);
      }
      for (String event : List.of("call.ended", "wallet.released", "agent.offer-ended")) {
        add(plan, when + event, Way.ENDS_YOUNG);
      }
    }
    add(plan, "", Way.ENDS_CHARGED);
    add(plan, "", Way.ENDS_YOUNG);
    add(plan, "", Way.STAYS);
    plan.add(new Case(Stall.of(plan.size() + 1, LONG_TIMER_MILLIS), "", Way.STAYS));
    return plan;
  }

  /** One call, parked where the money is held and the call does not know, so that nothing rings. */
  static List<Case> betweenHoldAndRing() {
    return List.of(new Case(Stall.of(1, TIMER_MILLIS), "after:wallet.held", Way.YOUNG));
  }

  /** One call, parked where it has qualified and nobody has asked the wallet for the charge. */
  static List<Case> betweenQualifiedAndCapture() {
    return List.of(new Case(Stall.of(1, TIMER_MILLIS), "after:call.qualified", Way.STAYS));
  }

  private static void add(List<Case> plan, String stop, Way way) {
    plan.add(new Case(Stall.of(plan.size() + 1, TIMER_MILLIS), stop, way));
  }
}

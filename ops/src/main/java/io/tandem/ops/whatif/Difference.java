package io.tandem.ops.whatif;

/**
 * What an account paid in a currency, and what it would have paid. Sums in micros of the currency.
 */
public final class Difference {
  private final String accountId;
  private final String currency;
  private long calls;
  private long chargedThen;
  private long chargedNow;
  private long microsThen;
  private long microsNow;
  private long microsBooked;
  private long cooldownsThen;
  private long cooldownsNow;
  private long callsInCooldown;

  Difference(String accountId, String currency) {
    this.accountId = accountId;
    this.currency = currency;
  }

  void call(long then, long now, boolean wasCharged, boolean isCharged) {
    calls++;
    chargedThen += wasCharged ? 1 : 0;
    chargedNow += isCharged ? 1 : 0;
    microsThen = Math.addExact(microsThen, then);
    microsNow = Math.addExact(microsNow, now);
  }

  void booked(long micros) {
    microsBooked = Math.addExact(microsBooked, micros);
  }

  void cooldowns(long then, long now, long inCooldown) {
    cooldownsThen += then;
    cooldownsNow += now;
    callsInCooldown += inCooldown;
  }

  /** Adds what was found elsewhere of the same account. */
  void add(Difference other) {
    calls += other.calls;
    chargedThen += other.chargedThen;
    chargedNow += other.chargedNow;
    microsThen = Math.addExact(microsThen, other.microsThen);
    microsNow = Math.addExact(microsNow, other.microsNow);
    microsBooked = Math.addExact(microsBooked, other.microsBooked);
    cooldownsThen += other.cooldownsThen;
    cooldownsNow += other.cooldownsNow;
    callsInCooldown += other.callsInCooldown;
  }

  /** The account whose agents took the calls. */
  public String accountId() {
    return accountId;
  }

  /** Of all sums. */
  public String currency() {
    return currency;
  }

  /** Answered calls. */
  public long calls() {
    return calls;
  }

  /** How many of them were charged. */
  public long chargedThen() {
    return chargedThen;
  }

  /** How many would have been. */
  public long chargedNow() {
    return chargedNow;
  }

  /** What the calls cost, by their own events. */
  public long microsThen() {
    return microsThen;
  }

  /** What they would have cost. */
  public long microsNow() {
    return microsNow;
  }

  /** What the wallet booked for them: as {@link #microsThen}, or a charge is still on its way. */
  public long microsBooked() {
    return microsBooked;
  }

  /** More, or less, than was paid. */
  public long microsMore() {
    return Math.subtractExact(microsNow, microsThen);
  }

  /** Cooldowns that its agents got. */
  public long cooldownsThen() {
    return cooldownsThen;
  }

  /** Cooldowns that they would have got. */
  public long cooldownsNow() {
    return cooldownsNow;
  }

  /** Offers that its agents were given while they would have been in cooldown. */
  public long callsInCooldown() {
    return callsInCooldown;
  }
}

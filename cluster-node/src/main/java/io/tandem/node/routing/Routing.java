package io.tandem.node.routing;

import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.agent.AgentReply.NotAvailable;
import io.tandem.node.agent.Availability;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.call.TraceLine;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.vertical.VerticalState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who is rung for a call (MKT-2, MKT-3), under which terms (QT-1), and why (MKT-5). Pure: the same
 * input gives the same plan.
 */
public final class Routing {

  /** Lines of a trace; of more candidates, the last line says how many are not listed. */
  public static final int TRACE_LINES_MAX = 100;

  /** Verdict of an agent that is rung if its turn comes. */
  public static final String CHOSEN = "CHOSEN";

  /** Of {@link String#hashCode}. */
  private static final int HASH_BASE = 31;

  private static final long SECONDS_A_DAY = 86_400;

  private final String callId;
  private final RoutingSnapshot snapshot;
  private final CallerState callerState;
  private final Instant now;
  private final List<Ranked> qualified = new ArrayList<>();
  private final List<TraceLine> refused = new ArrayList<>();

  /** Of the licence that an agent needs for this call. */
  private final String licenceKey;

  /** The bit of the caller's state; 0 where that is unknown. */
  private final long callerBit;

  private final long utcDay;

  /** What the call is sold for where nobody bids more, and its currency, one string for all. */
  private final Money floor;

  private final String currency;

  /** The call's hash as it counts in front of so many characters. */
  private int shiftedCall;

  private int shiftedBy = -1;

  private @Nullable Reserve lastAsked;
  private @Nullable Money priceInWords;
  private String priceWords = "";

  /**
   * A qualified agent with what it is ranked by.
   *
   * @param weightedIdleMillis saturates long before it matters
   */
  private record Ranked(
      Standing agent,
      AgentState.Profile profile,
      Money price,
      long micros,
      long idleMillis,
      long weightedIdleMillis,
      int lot) {}

  /**
   * MKT-3: priority tier, then highest price, then weighted longest idle. Of those that take more
   * calls than the one they are in, who has fewest; equals draw lots, by call, so that no agent is
   * always first.
   */
  private static int order(Ranked a, Ranked b) {
    int order = Integer.compare(a.agent.tier(), b.agent.tier());
    if (order == 0) {
      order = Long.compare(b.micros, a.micros);
    }
    if (order == 0) {
      order = Long.compare(b.weightedIdleMillis, a.weightedIdleMillis);
    }
    if (order == 0) {
      order = Integer.compare(a.agent.running(), b.agent.running());
    }
    if (order == 0) {
      order = Integer.compare(a.lot, b.lot);
    }
    return order == 0 ? a.agent.agentId().compareTo(b.agent.agentId()) : order;
  }

  private Routing(String callId, RoutingSnapshot snapshot, CallerState callerState, Instant now) {
    this.callId = callId;
    this.snapshot = snapshot;
    this.callerState = callerState;
    this.now = now;
    this.licenceKey = AgentState.licenceKey(callerState.code(), snapshot.campaign().verticalId());
    this.callerBit = UsStates.bit(callerState.code());
    this.utcDay = Math.floorDiv(now.getEpochSecond(), SECONDS_A_DAY);
    this.floor = snapshot.vertical().price();
    this.currency = floor.currency().intern();
  }

  /**
   * Makes the plan of a call.
   *
   * @param callId the call's id; it carries its time
   * @param callerState where the caller is; nobody is licensed in an unknown state
   */
  public static Routed plan(
      String callId, RoutingSnapshot snapshot, CallerState callerState, Instant now) {
    return new Routing(callId, snapshot, callerState, now).plan();
  }

  private Routed plan() {
    CampaignTerms campaign = snapshot.campaign();
    if (!campaign.schedule().isOpen(now)) { // MKT-1
      TraceLine closed =
          new TraceLine(
              "",
              snapshot.campaignAccountId(),
              "SCHEDULE_CLOSED",
              "the campaign is outside its hours");
      return new Routed(new RingPlan(List.of(), campaign.ringMillis()), List.of(closed));
    }
    snapshot.candidates().forEach(this::consider);
    qualified.sort(Routing::order);

    int tried = Math.min(qualified.size(), Math.max(0, campaign.attempts()));
    int atOnce =
        campaign.ringing() == CampaignTerms.Ringing.SEQUENTIAL
            ? 1
            : Math.max(1, campaign.ringAtOnce());
    List<RingPlan.Step> steps = new ArrayList<>();
    List<TraceLine> trace = new ArrayList<>();
    for (int from = 0; from < tried; from += atOnce) {
      List<Offer> offers = new ArrayList<>();
      for (int i = from; i < Math.min(tried, from + atOnce); i++) {
        Ranked r = qualified.get(i);
        String agentId = r.agent().agentId();
        String accountId = r.profile().accountId();
        Offer offer =
            new Offer("o" + (i + 1), agentId, accountId, r.profile().endpoint(), terms(r.price()));
        offers.add(offer);
        trace.add(new TraceLine(agentId, accountId, CHOSEN, offer.offerId() + ": " + rank(r)));
      }
      steps.add(new RingPlan.Step(List.copyOf(offers)));
    }
    for (int i = tried; i < qualified.size(); i++) {
      Ranked r = qualified.get(i);
      String why =
          "rank " + (i + 1) + " of " + qualified.size() + ", tries " + tried + "; " + rank(r);
      trace.add(new TraceLine(r.agent().agentId(), r.profile().accountId(), "OUTRANKED", why));
    }
    trace.addAll(refused);
    return new Routed(new RingPlan(List.copyOf(steps), campaign.ringMillis()), capped(trace));
  }

  /** MKT-2. */
  private void consider(Candidate candidate) {
    Standing standing = candidate.standing();
    AgentState.Profile profile = standing.profile();
    if (profile == null) {
      return; // never created: nobody's agent, nobody to tell
    }
    AgentTerms.Bid bid = standing.bid();
    Money price = bid != null && isAboveFloor(standing) ? bid.price() : floor;
    // what the agent itself would say comes first: it is what its tenant can do something about
    NotAvailable refusal = unable(standing, profile, price);
    if (refusal == null) {
      refusal = unfunded(candidate, price);
    }
    if (refusal != null || bid == null) {
      String verticalId = snapshot.campaign().verticalId();
      String verdict = refusal == null ? "NO_BID" : refusal.reason();
      String detail = refusal == null ? "no bid for " + verticalId : refusal.detail();
      refused.add(new TraceLine(standing.agentId(), profile.accountId(), verdict, detail));
      return;
    }
    long idleMillis = idleMillis(standing);
    int weight = standing.weight();
    long weighted = idleMillis > Long.MAX_VALUE / weight ? Long.MAX_VALUE : idleMillis * weight;
    qualified.add(
        new Ranked(standing, profile, price, price.micros(), idleMillis, weighted, lot(standing)));
  }

  /** What an agent would say, asked of it only where that is not plain to see. */
  private @Nullable NotAvailable unable(
      Standing standing, AgentState.Profile profile, Money price) {
    return standing.isPlain() && standing.isLicensed(callerBit, utcDay)
        ? null
        : Availability.of(standing.agent(), profile.terms(), now)
            .unable(asked(snapshot.campaign().verticalId(), price), licenceKey);
  }

  /** With any call it is not idle, however long ago its last one ended. */
  private long idleMillis(Standing standing) {
    if (standing.running() > 0) {
      return 0;
    }
    Instant since = standing.agent().idleSince();
    return since == null || since.isAfter(now) ? 0 : Duration.between(since, now).toMillis();
  }

  /**
   * A copy of the balance; several offers of one account are told apart by the wallet alone
   * (WAL-2).
   */
  private @Nullable NotAvailable unfunded(Candidate candidate, Money price) {
    Standing standing = candidate.standing();
    if (standing.bid() != null && !standing.currency().equals(currency)) {
      return new NotAvailable(
          "WRONG_CURRENCY", "bids in " + standing.currency() + ", the call is sold in " + currency);
    }
    Money available = candidate.available();
    if (!available.currency().equals(currency)) {
      return new NotAvailable(
          "WRONG_CURRENCY",
          "wallet in " + available.currency() + ", the call is sold in " + currency);
    }
    return available.micros() < price.micros()
        ? new NotAvailable("INSUFFICIENT_FUNDS", "available " + available + ", needs " + price)
        : null;
  }

  /**
   * A string's hash alone would keep the order of equal agents the same for every call; the bits
   * are mixed (the finalizer of MurmurHash3). The hash is that of call and agent in one string,
   * which need not be made for it.
   */
  private int lot(Standing agent) {
    if (agent.length() != shiftedBy) {
      shiftedBy = agent.length(); // nearly all are as long
      shiftedCall = callId.hashCode();
      for (int i = 0; i < shiftedBy; i++) {
        shiftedCall *= HASH_BASE;
      }
    }
    int mixed = shiftedCall + agent.hash();
    mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
    mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }

  /** What every candidate is asked; most are asked the same. */
  private Reserve asked(String verticalId, Money price) {
    Reserve last = lastAsked;
    if (last == null || !last.price().equals(price)) {
      last = new Reserve(callId, "o0", verticalId, callerState.code(), price);
      lastAsked = last;
    }
    return last;
  }

  private boolean isAboveFloor(Standing standing) {
    return standing.bidMicros() > floor.micros() && standing.currency().equals(currency);
  }

  private Terms terms(Money price) {
    VerticalState.Terms vertical = snapshot.vertical();
    return new Terms(
        snapshot.campaign().verticalId(), vertical.version(), price, vertical.timerMillis());
  }

  /** Most are asked the same price, which is put into words once. */
  private String words(Money price) {
    if (!price.equals(priceInWords)) {
      priceInWords = price;
      priceWords = price.toString();
    }
    return priceWords;
  }

  private String rank(Ranked r) {
    return "tier "
        + r.agent().tier()
        + ", "
        + words(r.price())
        + (r.agent().running() > 0
            ? ", in " + r.agent().running() + (r.agent().running() == 1 ? " call" : " calls")
            : ", idle " + TimeUnit.MILLISECONDS.toSeconds(r.idleMillis()) + " s")
        + ", weight "
        + r.agent().weight();
  }

  private static List<TraceLine> capped(List<TraceLine> trace) {
    if (trace.size() <= TRACE_LINES_MAX) {
      return List.copyOf(trace);
    }
    int left = trace.size() - (TRACE_LINES_MAX - 1);
    List<TraceLine> kept = new ArrayList<>(trace.subList(0, TRACE_LINES_MAX - 1));
    kept.add(new TraceLine("", "", "NOT_LISTED", left + " more candidates"));
    return List.copyOf(kept);
  }
}

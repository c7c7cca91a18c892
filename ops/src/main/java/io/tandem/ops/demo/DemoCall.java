package io.tandem.ops.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.ops.Progress;
import io.tandem.ops.api.Market;
import io.tandem.ops.api.Market.Agent;
import io.tandem.ops.ladder.Entry.Party;
import io.tandem.ops.ladder.Overheard;
import io.tandem.ops.phone.Phones;
import io.tandem.ops.phone.Voice;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.UaAnswer;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The demo's call, from REGISTER to BYE, with a tone each way, watched from both phones and over
 * HTTP.
 */
final class DemoCall implements AutoCloseable {
  static final String CALLER = "12125550123";
  static final String NUMBER = "18005550100";

  private static final int CALLER_HERTZ = 440;
  private static final int AGENT_HERTZ = 620;
  private static final long RINGS_MILLIS = 1_000;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration STAYS_AFTER_THE_CHARGE = Duration.ofMillis(1_500);

  private final PrintWriter out;
  private final Market market;
  private final Agent agent;
  private final InetSocketAddress node;
  private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
  private final Overheard overheard = new Overheard(InstantSource.system());
  private final Phones callers;
  private final Phones agents;
  private final Voice callerVoice;
  private final Voice agentVoice;

  DemoCall(PrintWriter out, Market market, Agent agent, InetSocketAddress node) throws IOException {
    this.out = out;
    this.market = market;
    this.agent = agent;
    this.node = node;
    this.callers = Phones.open(node, overheard.at(Party.CALLER));
    this.agents = Phones.open(node, overheard.at(Party.PHONE));
    Metronome metronome = Metronome.of(beats);
    this.callerVoice = Voice.singing(CALLER_HERTZ, metronome);
    this.agentVoice = Voice.singing(AGENT_HERTZ, metronome);
  }

  /** Something did not come to pass without which the call cannot go on. */
  static final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;

    Stopped(String message) {
      super(message);
    }
  }

  /**
   * Places the call and stays until it is over.
   *
   * @return the call's id
   */
  String place(long timerMillis, Money price, Verdicts verdicts) throws Stopped {
    CompletableFuture<UaCall> rung = new CompletableFuture<>();
    register(rung);
    UaLine caller = callers.line(CALLER, null, CallHandler.UNAVAILABLE);
    UaCall call = caller.call(SipUri.sip(NUMBER, Phones.HOST, node.getPort()), callerVoice);
    UaCall phone = soon(rung, "the agent's phone to ring");
    if (!soon(call.answered(), "the agent to answer")) {
      throw new Stopped("the call was not answered: " + call.ended().getNow(null));
    }
    String callId = String.valueOf(phone.invite().header("X-Tandem-Call"));
    out.println(
        "The agent answered; both sing (" + CALLER_HERTZ + " Hz and " + AGENT_HERTZ + " Hz).");
    Money atStart = available();
    watchTimer(timerMillis);
    boolean charged = Patience.until(SOON, () -> held().micros() == 0 && !held().isNegative());
    boolean bothUp = !call.ended().isDone() && !phone.ended().isDone();
    Money atCrossing = available();
    verdicts.add(
        "the wallet is charged at the timer, while both legs are up (QT-4)",
        charged && bothUp && atStart.equals(atCrossing),
        atStart
            + " available and "
            + price
            + " held before, "
            + atCrossing
            + " and nothing held after; "
            + (bothUp ? "both legs up" : "a leg had ended"));
    var unused = Patience.until(STAYS_AFTER_THE_CHARGE, () -> call.ended().isDone());
    judgeTones(verdicts);
    call.hangUp();
    var over = soon(call.ended(), "the BYE to be answered");
    var overThere = soon(phone.ended(), "the BYE to reach the agent's phone");
    verdicts.add(
        "the BYE goes through to the agent's phone",
        true,
        over.cause() + " / " + overThere.cause());
    return callId;
  }

  private void register(CompletableFuture<UaCall> rung) throws Stopped {
    AnswerPlan plan = AnswerPlan.answering(agents.agent().loop(), RINGS_MILLIS, () -> agentVoice);
    UaLine line =
        agents.line(
            agent.phone(),
            agent.password(),
            call -> {
              rung.complete(call);
              plan.onCall(call);
            });
    UaAnswer registered = soon(line.register(600), "the registration to be answered");
    if (!registered.isSuccess()) {
      throw new Stopped("the agent's phone could not register: " + registered.status());
    }
    out.println("The agent's phone registered (digest).");
  }

  private void watchTimer(long timerMillis) {
    Progress bar = new Progress(out, "qualifying timer");
    long begun = System.nanoTime();
    long passed = 0;
    while (passed < timerMillis) {
      bar.show(
          passed,
          timerMillis,
          passed / 1000 + " s of " + timerMillis / 1000 + " s, " + held() + " held");
      var unused =
          Patience.until(Duration.ofMillis(Math.min(500, timerMillis - passed)), () -> false);
      passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }
    bar.show(timerMillis, timerMillis, "reached");
    bar.done();
  }

  private void judgeTones(Verdicts verdicts) {
    verdicts.add(
        "the caller's tone reaches the agent", agentVoice.hears(CALLER_HERTZ), heardBy(agentVoice));
    verdicts.add(
        "the agent's tone reaches the caller",
        callerVoice.hears(AGENT_HERTZ),
        heardBy(callerVoice));
  }

  private static String heardBy(Voice voice) {
    var tone = voice.heard();
    var report = voice.report();
    return String.format(
        java.util.Locale.ROOT,
        "%.1f Hz at %.1f dBFS; %d packets, %d lost, jitter %.2f ms",
        tone.frequencyHz(),
        tone.levelDbfs(),
        report.packets(),
        report.lost(),
        report.jitterMicros() / 1000.0);
  }

  Money available() {
    return moneyOf(market.wallet(agent.accountId()).path("available"));
  }

  Money held() {
    return moneyOf(market.wallet(agent.accountId()).path("held"));
  }

  private static Money moneyOf(JsonNode amount) {
    return new Money(
        new java.math.BigDecimal(amount.path("amount").asText()).movePointRight(6).longValueExact(),
        amount.path("currency").asText());
  }

  /** What was said on the wire. */
  Overheard overheard() {
    return overheard;
  }

  private static <T> T soon(CompletableFuture<T> what, String words) throws Stopped {
    try {
      return what.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new Stopped("waited in vain for " + words);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Stopped("interrupted while waiting for " + words);
    }
  }

  @Override
  public void close() {
    callerVoice.close();
    agentVoice.close();
    callers.close();
    agents.close();
    beats.shutdownNow();
  }
}

package io.tandem.ops.audit;

import io.tandem.node.agent.AgentSettings;
import io.tandem.node.agent.CooldownSettings;
import io.tandem.ops.Progress;
import io.tandem.ops.audit.Rows.Column;
import io.tandem.ops.whatif.CallAgain;
import io.tandem.ops.whatif.Difference;
import io.tandem.ops.whatif.OtherTerms;
import io.tandem.ops.whatif.RateDeck;
import io.tandem.ops.whatif.TimeSpan;
import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.money.Money;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tandem audit what-if}: history run again under other terms, per account (AUD-4, COOL-7).
 */
@Command(
    name = "what-if",
    description = {
      "Runs history again under other terms, through the rules of the node itself, and shows what",
      "each account would have paid and which cooldowns its agents would have got.",
      "",
      "Nothing is routed anew: the same phones ring, the same people hang up at the same moment.",
      "With no other terms every charge comes back to the micro; if not, something is wrong."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tandem audit what-if --timer 60s --from 2026-10-01T00:00:00Z --to 2026-11-01T00:00:00Z",
      "  tandem audit what-if --timer health=120s --price health=30.00USD --format csv",
      "  tandem audit what-if --threshold 20          # only the cooldowns are judged anew",
      "  tandem audit what-if --deck rates.csv        # by the minute, by the called number",
      "  tandem audit what-if --price 19.50USD --calls # and every call that comes out otherwise",
      "",
      "Columns: 'was' by the calls' own events, 'booked' by the wallets, 'would' under these"
          + " terms.",
      "Exit codes: 0 answered; 1 the wallets do not hold what the calls cost, or the same terms"
          + " gave",
      "another result; 2 the journal cannot be opened or an option is wrong."
    })
public final class WhatIfCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--timer",
      paramLabel = "[VERTICAL=]SECONDSs",
      description = "Another qualifying timer, such as 60s or health=60s; may be given again.")
  private List<String> timers = List.of();

  @Option(
      names = "--price",
      paramLabel = "[VERTICAL=]AMOUNTCUR",
      description =
          "Another price, such as 30.00USD or health=30.00USD; calls in another currency keep"
              + " theirs.")
  private List<String> prices = List.of();

  @Option(
      names = "--threshold",
      paramLabel = "PERCENT",
      description = "Another short-call ratio that starts a cooldown (COOL-1).")
  private @Nullable Integer threshold;

  @Option(
      names = "--deck",
      paramLabel = "FILE",
      description =
          "Rates by the minute of a called number, in the place of the price of a call that"
              + " qualifies: CSV,"
              + " prefix,from,fee,perMinute,minimumSeconds,incrementSeconds,currency; the longest"
              + " prefix counts.")
  private @Nullable Path deck;

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      converter = AuditCommand.InstantReader.class,
      description = "Calls offered from then on. Default: the first.")
  private Instant from = Instant.MIN;

  @Option(
      names = "--to",
      paramLabel = "INSTANT",
      converter = AuditCommand.InstantReader.class,
      description = "Calls offered before then. Default: the last.")
  private Instant to = Instant.MAX;

  @Option(names = "--calls", description = "Lists the calls that come out otherwise, not accounts.")
  private boolean calls;

  @Mixin private JournalOptions options = new JournalOptions();

  @Override
  public Integer call() {
    OtherTerms terms =
        new OtherTerms(named(timers, this::timer), named(prices, this::price), deck());
    boolean same =
        terms.timerMillis().isEmpty()
            && terms.prices().isEmpty()
            && terms.deck() == null
            && threshold == null;
    return options.with(
        err(),
        journal -> {
          Rows differing = differing();
          Progress progress = new Progress(err(), "running history again");
          long all = journal.events();
          WhatIf.Outcome outcome =
              WhatIf.of(journal.reader(), journal.codec(), journal.agents())
                  .under(terms)
                  .judgedBy(judgedBy(journal.agents()))
                  .within(new TimeSpan(from, to))
                  .telling(call -> tell(differing, call))
                  .showing(read -> progress.show(read, all, read + " events"))
                  .run();
          progress.show(1, 1, outcome.events() + " events");
          progress.done();
          if (!calls) {
            accounts(outcome);
          }
          summary(outcome);
          outcome.leftOut().forEach(each -> err().println("LEFT OUT  " + each));
          if (outcome.leftOutCount() > 0) {
            err().println(outcome.leftOutCount() + " cannot be read and are left out.");
          }
          boolean right =
              outcome.leftOutCount() == 0
                  && outcome.isBooked()
                  && (!same || outcome.differing() == 0);
          return right ? 0 : 1;
        });
  }

  private Rows differing() {
    return new Rows(
        out(),
        options.format(),
        new Column("call", -32),
        new Column("account", -32),
        new Column("vertical", -12),
        new Column("was", 14),
        new Column("would", 14));
  }

  private void tell(Rows rows, CallAgain.Result call) {
    if (calls) {
      rows.row(
          call.callId(),
          call.accountId(),
          call.verticalId(),
          call.was() == null ? null : call.was().toString(),
          call.would() == null ? null : call.would().toString());
    }
  }

  private void accounts(WhatIf.Outcome outcome) {
    Rows rows =
        new Rows(
            out(),
            options.format(),
            new Column("account", -32),
            new Column("calls", 9),
            new Column("charged", 9),
            new Column("wouldBeCharged", 14),
            new Column("was", 16),
            new Column("booked", 16),
            new Column("would", 16),
            new Column("difference", 16),
            new Column("cooldowns", 9),
            new Column("wouldBeCooldowns", 16),
            new Column("offersInCooldown", 16));
    rows.heading();
    for (Difference each : outcome.accounts()) {
      Function<Long, Object> money =
          micros -> each.currency().isEmpty() ? "" : new Money(micros, each.currency()).toString();
      rows.row(
          each.accountId(),
          each.calls(),
          each.chargedThen(),
          each.chargedNow(),
          money.apply(each.microsThen()),
          money.apply(each.microsBooked()),
          money.apply(each.microsNow()),
          money.apply(each.microsMore()),
          each.cooldownsThen(),
          each.cooldownsNow(),
          each.callsInCooldown());
    }
  }

  /** For people, and on the other channel: rows stay rows for who reads them by machine. */
  private void summary(WhatIf.Outcome outcome) {
    err()
        .println(
            outcome.calls()
                + " calls run again, "
                + outcome.differing()
                + " come out otherwise, "
                + outcome.open()
                + " not over"
                + (outcome.isBooked()
                    ? "; the wallets hold what the calls cost."
                    : "; THE WALLETS DO NOT HOLD WHAT THE CALLS COST, or charges are on their"
                        + " way."));
  }

  private AgentSettings judgedBy(AgentSettings configured) {
    CooldownSettings was = configured.cooldown();
    if (threshold == null) {
      return configured;
    }
    if (threshold < 0 || threshold > 100) {
      throw wrong("--threshold", threshold.toString(), "0 to 100");
    }
    return new AgentSettings(
        new CooldownSettings(
            was.windowCalls(),
            was.windowSpan(),
            was.callsMin(),
            threshold,
            was.rungs(),
            was.cleanSpan(),
            was.deadAir()),
        configured.reservationAgeMax());
  }

  private static <T> Map<String, T> named(List<String> given, Function<String, T> read) {
    Map<String, T> named = new HashMap<>();
    for (String each : given) {
      int equals = each.indexOf('=');
      String vertical = equals < 0 ? OtherTerms.EVERY : each.substring(0, equals);
      named.put(vertical, read.apply(each.substring(equals + 1)));
    }
    return named;
  }

  private Long timer(String text) {
    if (!text.matches("[0-9]{1,6}s")) {
      throw wrong("--timer", text, "whole seconds such as 60s, for one vertical health=60s");
    }
    return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1))).toMillis();
  }

  private Money price(String text) {
    if (!text.matches("[0-9]{1,9}(\\.[0-9]{1,6})? ?[A-Z]{3}")) {
      throw wrong("--price", text, "an amount and a currency such as 30.00USD");
    }
    String currency = text.substring(text.length() - 3);
    String amount = text.substring(0, text.length() - 3).strip();
    return new Money(new BigDecimal(amount).movePointRight(6).longValueExact(), currency);
  }

  private @Nullable RateDeck deck() {
    if (deck == null) {
      return null;
    }
    try {
      return RateDeck.parse(Files.readAllLines(deck));
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--deck: " + deck + ": " + e.getMessage());
    }
  }

  private ParameterException wrong(String option, String found, String allowed) {
    return new ParameterException(
        spec.commandLine(), option + ": found '" + found + "', allowed: " + allowed);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}

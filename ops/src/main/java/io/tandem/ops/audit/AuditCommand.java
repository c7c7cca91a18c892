package io.tandem.ops.audit;

import io.tandem.ops.Progress;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.audit.JournalReader.Listed;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code tandem audit}: was it right? Every question is answered from the journal alone, and no
 * question writes.
 */
@Command(
    name = "audit",
    description =
        "Answers questions from a journal alone; needs no running node. Nothing is"
            + " written but by rebuild, parked --retry, repair and archive.",
    mixinStandardHelpOptions = true,
    subcommands = {
      FollowCommand.class,
      LadderCommand.class,
      WhatIfCommand.class,
      VerifyCommand.class,
      ParkedCommand.class,
      RepairCommand.class,
      ArchiveCommand.class,
      TablesCommands.RebuildCommand.class,
      TablesCommands.ReconcileCommand.class,
      ProofCommands.Key.class,
      ProofCommands.Export.class,
      ProofCommands.Check.class
    },
    footer = {
      "",
      "An entity is named TYPE/ID: call/call_01…, wallet/acct_01…:USD, agent/agent_01….",
      "Exit codes: 0 answered and right, 1 something is wrong or unknown, 2 the journal cannot be"
          + " opened."
    })
public final class AuditCommand implements Runnable {
  private static final int PAGE = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which question?");
  }

  /** {@code TYPE/ID}. */
  record Named(String type, String id) {
    static final class Reader implements ITypeConverter<Named> {
      @Override
      public Named convert(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
          throw new TypeConversionException(
              "found '" + text + "', allowed: TYPE/ID such as call/call_01ABC");
        }
        return new Named(text.substring(0, slash), text.substring(slash + 1));
      }
    }
  }

  /** An instant. */
  static final class InstantReader implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "found '" + text + "', allowed: an instant such as 2026-11-22T17:00:00Z");
      }
    }
  }

  @Command(
      name = "list",
      description = "Lists the entities of a type with their number of events.",
      mixinStandardHelpOptions = true)
  int list(
      @Parameters(paramLabel = "TYPE", description = "call, wallet, agent, account, campaign …")
          String type,
      @Option(
              names = "--caller",
              paramLabel = "E164",
              description =
                  "Calls from this number alone, found by its blind name in the read models.")
          @Nullable String caller,
      @Mixin JournalOptions options) {
    if (caller != null && !(type.equals("call") && caller.matches("\\+?[1-9][0-9]{6,14}"))) {
      throw new ParameterException(
          spec.commandLine(), "--caller: of calls, and a number such as +12125550147");
    }
    return options.with(
        err(),
        journal -> {
          Rows rows =
              new Rows(
                  out(),
                  options.format(),
                  new Rows.Column("entity", -60),
                  new Rows.Column("events", 8));
          rows.heading();
          if (caller != null) {
            journal.callsOf(caller, call -> rows.row("call/" + call.entityId(), call.events()));
            return 0;
          }
          String after = "";
          for (List<Listed> page = journal.audit().list(known(journal, type), after, PAGE);
              !page.isEmpty();
              page = journal.audit().list(type, after, PAGE)) {
            page.forEach(each -> rows.row(type + "/" + each.entityId(), each.events()));
            after = page.getLast().entityId();
          }
          return 0;
        });
  }

  @Command(
      name = "show",
      description = "Shows an entity as it is, or as it was at an instant.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "TYPE/ID", converter = Named.Reader.class) Named entity,
      @Option(names = "--as-of", paramLabel = "INSTANT", converter = InstantReader.class)
          @Nullable Instant asOf,
      @Mixin JournalOptions options) {
    return options.with(
        err(),
        journal -> {
          Optional<Step> step =
              journal
                  .audit()
                  .show(
                      known(journal, entity.type()),
                      entity.id(),
                      asOf == null ? Instant.MAX : asOf);
          Rows rows =
              new Rows(
                  out(),
                  options.format(),
                  new Rows.Column("sequence", 8),
                  new Rows.Column("at", -27),
                  new Rows.Column("state", -1));
          step.ifPresent(
              last -> {
                EventHeader header = last.envelope().header();
                rows.row(
                    header.sequence(),
                    header.at().toString(),
                    new Rows.Json(journal.codec().toJson(last.state())));
                superseded(journal, entity, header.sequence());
              });
          return step.isPresent() ? 0 : unknown(entity);
        });
  }

  @Command(
      name = "replay",
      description = "Shows every event of an entity with its hash, in order.",
      mixinStandardHelpOptions = true)
  int replay(
      @Parameters(paramLabel = "TYPE/ID", converter = Named.Reader.class) Named entity,
      @Mixin JournalOptions options) {
    return options.with(
        err(),
        journal -> {
          Rows rows =
              new Rows(
                  out(),
                  options.format(),
                  new Rows.Column("sequence", 8),
                  new Rows.Column("at", -27),
                  new Rows.Column("event", -26),
                  new Rows.Column("actor", -14),
                  new Rows.Column("command", -44),
                  new Rows.Column("hash", -64),
                  new Rows.Column("superseded", 10),
                  new Rows.Column("content", -1));
          long[] count = new long[1];
          journal
              .audit()
              .replay(
                  known(journal, entity.type()),
                  entity.id(),
                  step -> {
                    count[0]++;
                    EventHeader header = step.envelope().header();
                    rows.row(
                        header.sequence(),
                        header.at().toString(),
                        header.event().toString(),
                        header.actor(),
                        header.commandId(),
                        step.envelope().hash().toString(),
                        step.instead() == null ? null : step.instead().number(),
                        step.event() == null
                            ? null
                            : new Rows.Json(journal.codec().toJson(step.event())));
                  });
          superseded(journal, entity, count[0]);
          return count[0] == 0 ? unknown(entity) : 0;
        });
  }

  @Command(
      name = "trial-balance",
      description = "Sums every ledger account; the whole must be zero (WAL-5).",
      mixinStandardHelpOptions = true)
  int trialBalance(
      @Option(names = "--as-of", paramLabel = "INSTANT", converter = InstantReader.class)
          @Nullable Instant asOf,
      @Mixin JournalOptions options) {
    return options.with(
        err(),
        journal -> {
          Progress bar = new Progress(err(), "summing");
          TrialBalance balance =
              journal.audit().trialBalance(asOf, bar.counting(journal.events("wallet"), "events"));
          bar.done();
          Rows rows =
              new Rows(
                  out(),
                  options.format(),
                  new Rows.Column("account", -24),
                  new Rows.Column("currency", -8),
                  new Rows.Column("sum", 24));
          rows.heading();
          balance
              .sums()
              .forEach(
                  (currency, accounts) ->
                      accounts.forEach(
                          (account, micros) ->
                              rows.row(
                                  account.toString(),
                                  currency,
                                  new BigDecimal(micros).movePointLeft(6).toPlainString())));
          balance.leftOut().forEach(each -> err().println("LEFT OUT  " + each));
          err().println(balance.events() + " movements: " + words(balance));
          return balance.isZero() ? 0 : 1;
        });
  }

  private static String words(TrialBalance balance) {
    if (balance.isZero()) {
      return "the trial balance is zero.";
    }
    return (balance.unbalancedCount() == 0 && balance.leftOutCount() > 0
            ? "the rest is zero"
            : "NOT ZERO, " + balance.unbalancedCount() + " wrong " + balance.unbalanced())
        + (balance.leftOutCount() == 0
            ? "."
            : "; " + balance.leftOutCount() + " cannot be read and are left out.");
  }

  private String known(OpenJournal journal, String type) {
    List<String> types = journal.audit().types();
    if (!types.contains(type)) {
      throw new ParameterException(
          spec.commandLine(), "found type '" + type + "', allowed: " + String.join(", ", types));
    }
    return type;
  }

  /** Tells by which records something else was read than what is stored (AUD-5). */
  private void superseded(OpenJournal journal, Named entity, long upTo) {
    String name = Envelope.persistenceId(entity.type(), entity.id());
    journal.supersessions().genuine((what, number, wrong) -> {}).stream()
        .filter(each -> each.entity().equals(name) && each.sequence() <= upTo)
        .forEach(each -> err().println(RepairCommand.words(each)));
  }

  private int unknown(Named entity) {
    err().println("tandem: the journal has no event of " + entity.type() + "/" + entity.id());
    return 1;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}

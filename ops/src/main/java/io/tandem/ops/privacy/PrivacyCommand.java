package io.tandem.ops.privacy;

import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.ops.run.Excuse;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.privacy.Erasures;
import io.tandem.persistence.privacy.Precedence.Hold;
import io.tandem.persistence.privacy.Precedence.Verdict;
import io.tandem.persistence.privacy.ShownNames;
import io.tandem.persistence.readmodel.EntityViews;
import java.io.File;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem privacy}: works on the databases of a node, running or not. */
@Command(
    name = "privacy",
    description = "Erases persons (PRV-2), and keeps what a legal hold covers (PRV-9).",
    mixinStandardHelpOptions = true,
    subcommands = DisclosureCommand.class,
    footer = {
      "",
      "A running node lets go of destroyed keys within 30 seconds.",
      "Exit codes: 0 done, 1 something was kept, 2 the databases cannot be opened."
    })
public final class PrivacyCommand implements Runnable {
  private static final int PAGE = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "erase, hold, release, log or disclosure?");
  }

  /** Whom it is about. */
  static final class Who {
    @Option(names = "--phone", paramLabel = "E164", description = "A caller, such as +12125550147.")
    private @Nullable String phone;

    @Option(names = "--account", paramLabel = "ID", description = "The person of an account.")
    private @Nullable String account;

    @Option(names = "--agent", paramLabel = "ID", description = "The person who is an agent.")
    private @Nullable String agent;

    @Option(names = "--endpoint", paramLabel = "NAME", description = "The secrets of a SIP user.")
    private @Nullable String endpoint;

    @Option(
        names = "--address",
        paramLabel = "ADDRESS",
        description = "An address that somebody came from, as security events show it.")
    private @Nullable String address;

    Who() {}

    String subject(Blinder blinder) {
      if (phone != null) {
        return blinder.person(phone);
      }
      String blind =
          account != null
              ? blinder.blind("account", account)
              : agent != null
                  ? blinder.blind("agent", agent)
                  : address != null
                      ? blinder.blind("address", address)
                      : blinder.blind("endpoint", String.valueOf(endpoint));
      return "person:" + blind;
    }

    List<String> known(List<String> more, ShownNames names) {
      List<String> all = new ArrayList<>(more);
      if (account != null) {
        all.addAll(names.of("account", account));
      }
      if (agent != null) {
        all.addAll(names.of("agent", agent));
      }
      if (phone != null) {
        all.add(phone.startsWith("+") ? phone.substring(1) : phone);
      }
      return all;
    }
  }

  /** Which node's databases. */
  static final class Where {
    @Option(
        names = "--config",
        required = true,
        paramLabel = "FILE",
        description = "The node's configuration: its databases and keys are used.")
    private File config = new File("");

    Where() {}

    File config() {
      return config;
    }
  }

  /** Who wanted it, and why. */
  static final class Why {
    @Option(names = "--by", required = true, paramLabel = "WHO", description = "Who wants it.")
    private String by = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    Why() {}
  }

  @Command(
      name = "erase",
      description = "Destroys a person's keys, for good; what a legal hold covers stays.",
      mixinStandardHelpOptions = true)
  int erase(
      @ArgGroup(multiplicity = "1") Who who,
      @Mixin Why why,
      @Option(
              names = "--class",
              paramLabel = "CLASS",
              description = "One class alone: ${COMPLETION-CANDIDATES}. Default: all.")
          @Nullable List<DataClass> classes,
      @Option(
              names = "--name",
              paramLabel = "TEXT",
              description =
                  "The person's name, if known: kept answers to requests that hold it are emptied.")
          @Nullable List<String> more,
      @Mixin Where where) {
    return with(
        where,
        (stores, blinder, settings) -> {
          Map<DataClass, Erasures.Outcome> outcomes =
              new Erasures(
                      stores.journal(),
                      stores.keyDatabase(),
                      stores.keys(),
                      settings.privacy().law())
                  .erase(
                      who.subject(blinder),
                      classes == null ? List.of(DataClass.values()) : classes,
                      who.known(more == null ? List.of() : more, names(stores, settings)),
                      Instant.now(),
                      why.by,
                      why.reason);
          boolean[] kept = new boolean[1];
          outcomes.forEach(
              (dataClass, outcome) -> {
                String words =
                    switch (outcome.verdict()) {
                      case Verdict.Erase unused -> outcome.keys() + " keys destroyed";
                      case Verdict.Held unused -> "kept: a legal hold covers it";
                      case Verdict.Statutory s ->
                          outcome.keys() + " keys destroyed, others kept by law until " + s.until();
                    };
                kept[0] |= !(outcome.verdict() instanceof Verdict.Erase);
                out().println(dataClass + ": " + words);
              });
          return kept[0] ? 1 : 0;
        });
  }

  @Command(
      name = "hold",
      description = "Puts a legal hold on a person.",
      mixinStandardHelpOptions = true)
  int hold(
      @ArgGroup(multiplicity = "1") Who who,
      @Mixin Why why,
      @Option(names = "--class", paramLabel = "CLASS", description = "Default: everything.")
          @Nullable DataClass dataClass,
      @Mixin Where where) {
    return with(
        where,
        (stores, blinder, settings) -> {
          new ErasureLog(stores.journal())
              .hold(new Hold(who.subject(blinder), dataClass), Instant.now(), why.by, why.reason);
          out().println("held");
          return 0;
        });
  }

  @Command(
      name = "release",
      description = "Takes a legal hold off; what waits for it goes with the next daily round.",
      mixinStandardHelpOptions = true)
  int release(
      @ArgGroup(multiplicity = "1") Who who,
      @Mixin Why why,
      @Option(names = "--class", paramLabel = "CLASS", description = "Default: everything.")
          @Nullable DataClass dataClass,
      @Mixin Where where) {
    return with(
        where,
        (stores, blinder, settings) -> {
          boolean was =
              new ErasureLog(stores.journal())
                  .release(
                      new Hold(who.subject(blinder), dataClass), Instant.now(), why.by, why.reason);
          out().println(was ? "released" : "there was no such hold");
          return was ? 0 : 1;
        });
  }

  @Command(
      name = "log",
      description = "Lists the erasures, by blind names.",
      mixinStandardHelpOptions = true)
  int log(@Mixin Where where) {
    return with(
        where,
        (stores, blinder, settings) -> {
          ErasureLog log = new ErasureLog(stores.journal());
          for (List<ErasureLog.Line> page = log.after(0, PAGE);
              !page.isEmpty();
              page = log.after(page.getLast().number(), PAGE)) {
            page.forEach(
                line ->
                    out()
                        .println(
                            "%d  %s  %s  %s  by %s: %s"
                                .formatted(
                                    line.number(),
                                    line.at(),
                                    line.subject(),
                                    line.dataClass(),
                                    line.by(),
                                    line.reason())));
          }
          for (List<ErasureLog.HoldLine> page = log.holdsAfter(0, PAGE);
              !page.isEmpty();
              page = log.holdsAfter(page.getLast().number(), PAGE)) {
            page.forEach(line -> out().println(words(line)));
          }
          log.waiting()
              .forEach(
                  asked ->
                      out()
                          .println(
                              "waits  %s  %s  %s  by %s: %s"
                                  .formatted(
                                      asked.at(),
                                      asked.subject(),
                                      asked.dataClass(),
                                      asked.by(),
                                      asked.reason())));
          return 0;
        });
  }

  private static String words(ErasureLog.HoldLine line) {
    DataClass dataClass = line.hold().dataClass();
    return "%s  %s  %s  %s  by %s: %s"
        .formatted(
            line.placed() ? "held" : "released",
            line.at(),
            line.hold().subject(),
            dataClass == null ? "everything" : dataClass,
            line.by(),
            line.reason());
  }

  /** What is done with a node's databases. */
  @FunctionalInterface
  private interface Work {
    int with(Stores stores, Blinder blinder, Settings settings);
  }

  private int with(Where where, Work work) {
    try {
      Settings settings = Settings.load(where.config);
      NodeSecrets secrets = NodeSecrets.of(settings);
      try (Stores stores =
          Stores.open(settings, secrets, "privacy@" + Instant.now(), InstantSource.system())) {
        return work.with(stores, secrets.blinder(), settings);
      }
    } catch (RuntimeException e) {
      return Excuse.tell(e, spec.commandLine().getErr());
    }
  }

  private static ShownNames names(Stores stores, Settings settings) {
    AesGcmSealer sealer = new AesGcmSealer(stores.keys(), InstantSource.system());
    EntityCodecs codecs = EntityCodecs.of(Nouns.of(settings), Nouns.upcasters(), sealer);
    return new ShownNames(new EntityViews(stores.journal(), codecs.sealed()), sealer);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

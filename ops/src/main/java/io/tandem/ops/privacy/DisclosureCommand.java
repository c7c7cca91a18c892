package io.tandem.ops.privacy;

import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.ops.run.Excuse;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.privacy.Disclosure;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.DisclosureLog.Outcome;
import io.tandem.persistence.privacy.Interception;
import io.tandem.persistence.proof.SigningKey;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem privacy disclosure}: giving out a person's data by law (CMP-7). */
@Command(
    name = "disclosure",
    description = {
      "Gives out a person's data in a case of a court or authority (CMP-7): one officer asks, a"
          + " second",
      "one agrees, and what was made is noted. Each step is signed with the officer's own key and",
      "chained to the one before; tenants see nothing of it, audit verify does."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The public keys of the officers are in tandem.privacy.officers.",
      "Exit codes: 0 done, 1 refused, 2 the databases cannot be opened or an option is wrong."
    })
public final class DisclosureCommand implements Runnable {
  private static final int SECRET_BYTES = SigningKey.BYTES;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "key, request, intercept, approve, withdraw, make or log?");
  }

  /** Who takes the step. */
  static final class Officer {
    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description = "The officer's own key, as made by: disclosure key.")
    private Path file = Path.of("");

    Officer() {}

    SigningKey key() throws IOException {
      String[] words = Files.readString(file).strip().split(" ", 2);
      if (words.length != 2) {
        throw new IOException("it holds no key");
      }
      return new SigningKey(words[0], HexFormat.of().parseHex(words[1]));
    }
  }

  /** Whose calls. */
  static final class Whose {
    @Option(names = "--phone", paramLabel = "E164", description = "Calls of a caller.")
    private @Nullable String phone;

    @Option(names = "--account", paramLabel = "ID", description = "Calls that an account took.")
    private @Nullable String account;

    @Option(names = "--agent", paramLabel = "ID", description = "Calls that an agent took.")
    private @Nullable String agent;

    Whose() {}

    /** By blind name or id: nothing in the trail names a person. */
    String words(NodeSecrets secrets) {
      return phone != null
          ? secrets.blinder().person(phone)
          : account != null ? "account:" + account : "agent:" + agent;
    }
  }

  @Command(
      name = "key",
      description = "Makes an officer's key and shows its public half.",
      mixinStandardHelpOptions = true)
  int key(
      @Option(names = "--name", required = true, paramLabel = "NAME", description = "Whose.")
          String name,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
          Path file) {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      SigningKey key = new SigningKey(name, secret);
      NodeSecrets.write(file, name + " " + HexFormat.of().formatHex(secret) + "\n");
      out().println(key.verifying());
      return 0;
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--name, --out: " + e.getMessage());
    }
  }

  @Command(
      name = "request",
      description = "Asks for somebody's calls of a span of time.",
      mixinStandardHelpOptions = true)
  int request(
      @Mixin Officer officer,
      @ArgGroup(multiplicity = "1") Whose whose,
      @Option(names = "--case", required = true, paramLabel = "ID", description = "The case.")
          String caseId,
      @Option(names = "--from", required = true, paramLabel = "INSTANT") Instant from,
      @Option(names = "--to", required = true, paramLabel = "INSTANT") Instant to,
      @Option(names = "--reason", required = true, paramLabel = "TEXT") String reason,
      @Mixin PrivacyCommand.Where where) {
    return with(
        where,
        open ->
            told(
                open.log()
                    .request(
                        officer.key(),
                        caseId,
                        whose.words(open.secrets()) + " " + from + " " + to,
                        reason,
                        Instant.now())));
  }

  @Command(
      name = "intercept",
      description =
          "Asks to listen in on the calls from and to a number for a while, from when a second"
              + " officer has agreed.",
      mixinStandardHelpOptions = true)
  int intercept(
      @Mixin Officer officer,
      @Option(names = "--phone", required = true, paramLabel = "E164") String phone,
      @Option(names = "--case", required = true, paramLabel = "ID", description = "The case.")
          String caseId,
      @Option(names = "--from", required = true, paramLabel = "INSTANT") Instant from,
      @Option(names = "--to", required = true, paramLabel = "INSTANT") Instant to,
      @Option(names = "--reason", required = true, paramLabel = "TEXT") String reason,
      @Mixin PrivacyCommand.Where where) {
    if (!phone.matches("\\+[1-9][0-9]{6,14}") || !from.isBefore(to)) {
      throw new ParameterException(
          spec.commandLine(), "--phone: such as +12125550147; --from: before --to");
    }
    return with(
        where,
        open ->
            told(
                open.log()
                    .request(
                        officer.key(),
                        caseId,
                        Interception.about(open.secrets().blinder().person(phone), from, to),
                        reason,
                        Instant.now())));
  }

  @Command(
      name = "withdraw",
      description =
          "Takes a request back; listening in ends within seconds. One officer is enough.",
      mixinStandardHelpOptions = true)
  int withdraw(
      @Mixin Officer officer,
      @Option(names = "--request", required = true, paramLabel = "N") long request,
      @Option(names = "--reason", required = true, paramLabel = "TEXT") String reason,
      @Mixin PrivacyCommand.Where where) {
    return with(
        where, open -> told(open.log().withdraw(officer.key(), request, reason, Instant.now())));
  }

  @Command(
      name = "approve",
      description = "Agrees to a request; who asked cannot.",
      mixinStandardHelpOptions = true)
  int approve(
      @Mixin Officer officer,
      @Option(names = "--request", required = true, paramLabel = "N") long request,
      @Option(names = "--reason", required = true, paramLabel = "TEXT") String reason,
      @Mixin PrivacyCommand.Where where) {
    return with(
        where, open -> told(open.log().approve(officer.key(), request, reason, Instant.now())));
  }

  @Command(
      name = "make",
      description = "Makes the zip of a request that a second officer has agreed to, and notes it.",
      mixinStandardHelpOptions = true)
  int make(
      @Mixin Officer officer,
      @Option(names = "--request", required = true, paramLabel = "N") long request,
      @Option(names = "--out", required = true, paramLabel = "FILE") Path file,
      @Mixin PrivacyCommand.Where where) {
    return with(
        where,
        open -> {
          Optional<Disclosure> asked = open.log().approved(request);
          SigningKey by = officer.key();
          if (asked.isEmpty()) {
            return told(
                new Outcome.Refused(
                    "request " + request + " is not there, or no second officer has agreed to it"));
          }
          if (!open.settings().privacy().officers().contains(by.verifying())) {
            return told(new Outcome.Refused(by.verifying().name() + " is no officer here"));
          }
          GivenOut.Made made;
          try (GivenOut zip = new GivenOut(open.settings(), open.secrets(), open.stores())) {
            made = zip.write(asked.get(), file);
          }
          Outcome noted =
              open.log()
                  .made(
                      open.secrets().signing(),
                      request,
                      "sha256 " + made.sha256() + " calls " + made.calls(),
                      "made by " + by.verifying().name(),
                      Instant.now());
          if (noted instanceof Outcome.Refused) {
            Files.deleteIfExists(file);
          }
          return told(noted);
        });
  }

  @Command(
      name = "log",
      description = "Lists the trail; exit code 1 where a note is not genuine.",
      mixinStandardHelpOptions = true)
  int log(@Mixin PrivacyCommand.Where where) {
    return with(
        where,
        open -> {
          boolean[] wrong = new boolean[1];
          List<Disclosure> steps =
              open.log()
                  .genuine(
                      (what, number, why) -> {
                        wrong[0] = true;
                        spec.commandLine()
                            .getErr()
                            .println("WRONG  " + what + "#" + number + ": " + why);
                      });
          steps.forEach(step -> out().println(words(step)));
          return wrong[0] ? 1 : 0;
        });
  }

  private static String words(Disclosure step) {
    return "%d  %s  %s of request %d in case %s by %s: %s (%s)"
        .formatted(
            step.number(),
            step.at(),
            step.step(),
            step.request(),
            step.caseId(),
            step.by(),
            step.about(),
            step.reason());
  }

  private int told(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Noted noted -> {
        out().println(words(noted.step()));
        yield 0;
      }
      case Outcome.Refused refused -> {
        spec.commandLine().getErr().println("tandem: refused: " + refused.why());
        yield 1;
      }
    };
  }

  private record Open(Settings settings, NodeSecrets secrets, Stores stores, DisclosureLog log) {}

  @FunctionalInterface
  private interface Work {
    int with(Open open) throws IOException;
  }

  private int with(PrivacyCommand.Where where, Work work) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      File config = where.config();
      Settings settings = Settings.load(config);
      NodeSecrets secrets = NodeSecrets.of(settings);
      try (Stores stores =
          Stores.open(settings, secrets, "disclosure@" + Instant.now(), InstantSource.system())) {
        return work.with(
            new Open(
                settings,
                secrets,
                stores,
                new DisclosureLog(
                    stores.journal(),
                    secrets.signing().verifying(),
                    settings.privacy().officers())));
      }
    } catch (JournalException e) {
      err.println("tandem: " + e.fault() + " " + e.getMessage());
      return e.fault().retryHelps() ? Excuse.CANNOT_BEGIN : 1;
    } catch (IOException | IllegalArgumentException e) {
      err.println("tandem: " + e.getMessage());
      return Excuse.CANNOT_BEGIN;
    } catch (RuntimeException e) {
      return Excuse.tell(e, err);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

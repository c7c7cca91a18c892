package io.tandem.ops.audit;

import io.tandem.ops.Progress;
import io.tandem.ops.proof.CheckProof;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.proof.Anchored;
import io.tandem.persistence.proof.ProofMaker.Proof;
import io.tandem.persistence.proof.SignedCheckpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a stranger is given: the public key, a slice with its proof, and the check of that. */
final class ProofCommands {

  private ProofCommands() {}

  /** {@code tandem audit key}. */
  @Command(
      name = "key",
      description = "Prints the public key of the checkpoints.",
      mixinStandardHelpOptions = true)
  static final class Key implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private JournalOptions options = new JournalOptions();

    Key() {}

    @Override
    public Integer call() {
      return options.with(
          spec.commandLine().getErr(),
          journal -> {
            spec.commandLine().getOut().println(journal.publicKey());
            return 0;
          });
    }
  }

  /** {@code tandem audit export --proof}. */
  @Command(
      name = "export",
      description =
          "Writes an entity's events, with the proof that they stand in the signed journal, to a"
              + " file for a stranger.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "A call takes along what it caused: its events in wallets, agents and campaigns. Data about"
            + " persons stays sealed.",
        "Checked by: tandem audit check-proof FILE --key KEY, or the class CheckProof alone."
      })
  static final class Export implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private JournalOptions options = new JournalOptions();

    @Option(
        names = "--proof",
        required = true,
        paramLabel = "TYPE/ID",
        converter = AuditCommand.Named.Reader.class,
        description = "The entity, such as call/call_01ABC.")
    private AuditCommand.Named entity = new AuditCommand.Named("", "");

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE",
        description = "Where to; a file that is there is not overwritten.")
    private Path file = Path.of("");

    @Option(
        names = "--held",
        paramLabel = "FILE",
        description =
            "A checkpoint that the reader has from elsewhere, as a note or an anchor's line: proven"
                + " to be the beginning of this one.")
    private @Nullable Path held;

    Export() {}

    @Override
    public Integer call() {
      PrintWriter err = spec.commandLine().getErr();
      return options.with(
          err,
          journal -> {
            Progress bar = new Progress(err, "proving");
            long total = 2 * journal.events();
            try {
              Proof proof =
                  journal
                      .proofs()
                      .make(
                          entity.type() + "/" + entity.id(),
                          Envelope.persistenceId(entity.type(), entity.id()),
                          caused(entity),
                          held == null ? null : note(journal, held),
                          done -> bar.show(done, total, "events"));
              bar.done();
              Files.writeString(file, proof.text(), java.nio.file.StandardOpenOption.CREATE_NEW);
              if (proof.unread() > 0) {
                err.println(
                    "tandem: "
                        + proof.unread()
                        + " events elsewhere cannot be read; whether this caused them is not known,"
                        + " and they are not in it");
              }
              spec.commandLine()
                  .getOut()
                  .println(
                      "%d events with their proofs are in %s. The key to check them: %s%s"
                          .formatted(
                              proof.events(),
                              file,
                              journal.publicKey(),
                              proof.newer() == 0
                                  ? ""
                                  : "\n%d events are newer than the last checkpoint and not in it."
                                      .formatted(proof.newer())));
              return 0;
            } catch (IllegalArgumentException | JournalException e) {
              err.println("tandem: " + e.getMessage());
              return 1;
            } catch (IOException e) {
              err.println("tandem: " + file + " cannot be written: " + e.getMessage());
              return 2;
            }
          });
    }

    /** With a call, what was done elsewhere because of it. */
    private static Predicate<Envelope> caused(AuditCommand.Named entity) {
      if (!entity.type().equals("call")) {
        return envelope -> false;
      }
      return envelope ->
          envelope.header().commandId().startsWith(entity.id() + "/")
              || envelope.header().cause().equals(entity.id())
              || envelope.header().cause().startsWith(entity.id() + "/");
    }

    private SignedCheckpoint note(OpenJournal journal, Path from) {
      try {
        String text = Files.readString(from);
        return SignedCheckpoint.read(
            text.startsWith("{") ? Anchored.of(text.strip()).note() : text, journal.publicKey());
      } catch (IOException | IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--held: " + e.getMessage());
      }
    }
  }

  /** {@code tandem audit check-proof}. */
  @Command(
      name = "check-proof",
      description = "Checks an exported file against a public key: no journal, no configuration.",
      mixinStandardHelpOptions = true,
      footer = {"", "Exit codes: 0 proven, 1 not proven, 2 the file cannot be read."})
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "What was exported.")
    private Path file = Path.of("");

    @Option(
        names = "--key",
        required = true,
        paramLabel = "KEY",
        description = "The public key, from a place that you trust, or a file that holds it.")
    private String key = "";

    Check() {}

    @Override
    public Integer call() {
      return CheckProof.run(file, key, spec.commandLine().getOut());
    }
  }
}

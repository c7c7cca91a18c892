package io.tandem.ops.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.job.S3Objects;
import io.tandem.ops.Progress;
import io.tandem.persistence.audit.FullVerification.Outcome;
import io.tandem.persistence.audit.Verification;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.AnchorException;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.CheckpointExamination;
import io.tandem.persistence.proof.Reach;
import io.tandem.persistence.proof.VerifyingKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem audit verify}: everything that can be checked, with the outside anchors. */
@Command(
    name = "verify",
    description =
        "Checks every chain of hashes, event, posting and snapshot, the signed checkpoints against"
            + " journal and anchors, and the keys to what is sealed about persons against the"
            + " recorded erasures.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "What is wrong is named by entity and position: wallet|acct_01:USD#12, checkpoint#7.",
      "Exit codes: 0 all is right, 1 something is wrong, 2 the journal or an anchor cannot be"
          + " opened."
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private JournalOptions options = new JournalOptions();

  @Option(
      names = "--anchor",
      paramLabel = "WHERE",
      description =
          "file:PATH, directory:PATH, s3:https://HOST/BUCKET/PREFIX?region=REGION or a second"
              + " party's address; may be repeated. Default: as configured.")
  private List<String> anchors = List.of();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The public key, or a file that holds it (see audit key). Default: the configuration's"
              + " own.")
  private @Nullable String key;

  @Option(
      names = "--without-keys",
      description =
          "The key store is not asked: whether keys and recorded erasures agree is not checked.")
  private boolean withoutKeys;

  VerifyCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return options.with(
        err,
        !withoutKeys,
        journal -> {
          List<Anchor> outside =
              anchors.isEmpty() ? journal.anchors() : anchors.stream().map(this::anchor).toList();
          for (Anchor place : anchors.isEmpty() ? List.<Anchor>of() : outside) {
            if (!place.isThere()) {
              err.println("tandem: --anchor: there is no " + place.name());
              return 2;
            }
          }
          Progress bar = new Progress(err, "verifying");
          long events = journal.events();
          try {
            Outcome outcome =
                journal
                    .verification()
                    .run(
                        key == null ? journal.publicKey() : key(key),
                        outside,
                        (what, done) ->
                            bar.show(
                                what.equals("chains") ? events + done : done, 2 * events, what));
            bar.done();
            print(outcome, out, options.format() == Rows.Format.CSV ? err : out);
            return outcome.verification().isSound() ? 0 : 1;
          } catch (AnchorException e) {
            err.println("tandem: " + e.getMessage());
            return 2;
          }
        });
  }

  /**
   * @param told where totals go: with CSV, rows stay rows
   */
  private void print(Outcome outcome, PrintWriter out, PrintWriter told) {
    Verification found = outcome.verification();
    if (options.json()) {
      out.println(json(outcome));
      return;
    }
    if (options.format() == Rows.Format.CSV) {
      Rows rows =
          new Rows(
              out,
              Rows.Format.CSV,
              new Rows.Column("entity", -60),
              new Rows.Column("position", 8),
              new Rows.Column("what", -1));
      rows.heading();
      found.problems().forEach(each -> rows.row(each.entity(), each.sequence(), each.what()));
    } else {
      found.problems().forEach(problem -> out.println("WRONG  " + problem));
    }
    long untold = found.problemCount() - found.problems().size();
    if (untold > 0) {
      told.println(untold + " more problems are not shown.");
    }
    totals(outcome, told);
  }

  private static void totals(Outcome outcome, PrintWriter out) {
    Verification found = outcome.verification();
    CheckpointExamination.Result signed = outcome.checkpoints();
    outcome.superseded().forEach(each -> out.println(RepairCommand.words(each)));
    out.println(
        "%d events of %d entities, %d snapshots: %s"
            .formatted(
                found.events(),
                found.entities(),
                outcome.snapshots(),
                found.isSound()
                    ? "every chain holds, every event can be replayed."
                    : found.problemCount() + " problems."));
    out.println(
        outcome.sealed().isEmpty()
            ? "The key store was not asked: whether what was erased is gone, and nothing else is, is"
                + " not known."
            : "%d values about persons were held against the keys and the log of erasures."
                .formatted(outcome.sealed().getAsLong()));
    if (outcome.archives() > 0) {
      out.println(outcome.archives() + " archives are read as one with it.");
    }
    out.println(
        signed.checkpoints() == 0
            ? "There is no signed checkpoint yet."
            : "%d checkpoints sign for %d events; the newest is of %s. %d events are newer."
                .formatted(
                    signed.checkpoints(),
                    signed.covered(),
                    signed.newest().map(c -> c.checkpoint().at().toString()).orElse("-"),
                    signed.uncovered()));
    if (signed.anchors().isEmpty()) {
      out.println("No anchor was asked: a tail cut off with its checkpoints would not be seen.");
    }
    signed.anchors().forEach(anchor -> out.println(words(anchor)));
  }

  private static String words(Reach anchor) {
    String far = anchor.newest() == 0 ? "no checkpoint" : "up to checkpoint " + anchor.newest();
    return "Outside, %s: %s."
        .formatted(anchor.name(), anchor.isThere() ? far : "there is no such place");
  }

  private static ObjectNode json(Outcome outcome) {
    Verification found = outcome.verification();
    CheckpointExamination.Result signed = outcome.checkpoints();
    ObjectNode json =
        new ObjectMapper()
            .createObjectNode()
            .put("sound", found.isSound())
            .put("entities", found.entities())
            .put("events", found.events())
            .put("snapshots", outcome.snapshots())
            .put("archives", outcome.archives())
            .put("keysAsked", outcome.sealed().isPresent())
            .put("sealedValues", outcome.sealed().orElse(0))
            .put("checkpoints", signed.checkpoints())
            .put("anchored", signed.anchored())
            .put("covered", signed.covered())
            .put("uncovered", signed.uncovered())
            .put("problems", found.problemCount());
    signed
        .anchors()
        .forEach(
            each ->
                json.withArray("anchors")
                    .addObject()
                    .put("name", each.name())
                    .put("there", each.isThere())
                    .put("newest", each.newest()));
    outcome
        .superseded()
        .forEach(
            each ->
                json.withArray("superseded")
                    .addObject()
                    .put("record", each.number())
                    .put("entity", each.entity())
                    .put("position", each.sequence())
                    .put("reads", each.says())
                    .put("at", each.at().toString())
                    .put("by", each.by())
                    .put("reason", each.reason()));
    found
        .problems()
        .forEach(
            problem ->
                json.withArray("found")
                    .addObject()
                    .put("entity", problem.entity())
                    .put("position", problem.sequence())
                    .put("what", problem.what()));
    return json;
  }

  private Anchor anchor(String words) {
    try {
      return Anchors.of(words, Path.of(""), S3Objects.FROM_ENVIRONMENT);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--anchor: " + e.getMessage());
    }
  }

  private VerifyingKey key(String words) {
    try {
      return VerifyingKey.parse(words.indexOf('+') < 0 ? Files.readString(Path.of(words)) : words);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--key: " + e.getMessage());
    }
  }
}

package io.tandem.ops.audit;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import io.tandem.node.boot.Settings;
import io.tandem.ops.run.Excuse;
import io.tandem.persistence.database.Rights;
import io.tandem.persistence.journal.JournalException;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which journal: the options that every audit command has. */
public final class JournalOptions {
  private static final Path NOWHERE = Path.of("/dev/null/nowhere");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The node's configuration: its database and keys are read.")
  private @Nullable File config;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "The node's directory. Default: as configured (data).")
  private @Nullable Path directory;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = "JDBC URL of the journal. Default: as configured (H2 in the node's directory).")
  private @Nullable String database;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "text, json (one object a line) or csv (RFC 4180). Default: text.")
  private Rows.Format format = Rows.Format.TEXT;

  @Option(
      names = "--archive",
      paramLabel = "DIR",
      description =
          "Where the files are that audit archive made: read as one with the journal. Default: as"
              + " configured (tandem.archive.directory).")
  private @Nullable Path archive;

  JournalOptions() {}

  boolean json() {
    return format() == Rows.Format.JSON;
  }

  /** How the answer is written. */
  Rows.Format format() {
    return json ? Rows.Format.JSON : format;
  }

  /** A question to an open journal. */
  @FunctionalInterface
  interface Question {
    /** The exit code. */
    int ask(OpenJournal journal);
  }

  /**
   * Opens, asks, closes; tells what a person can mend.
   *
   * @return the exit code
   */
  int with(PrintWriter err, Question question) {
    return with(err, true, question);
  }

  /**
   * The same.
   *
   * @param withKeys else the key store is not asked, and what is sealed reads as erased
   */
  int with(PrintWriter err, boolean withKeys, Question question) {
    try {
      Settings settings = settings();
      Path files = archive == null ? settings.archive().directory().orElse(NOWHERE) : archive;
      return with(settings, withKeys, files, err, question);
    } catch (JournalException e) {
      err.println(
          "tandem: "
              + e.fault()
              + " "
              + e.getMessage()
              + (e.fault().retryHelps() ? "" : "; see: tandem audit repair"));
      Rights.advice(e).ifPresent(advice -> err.println(advice + OpenJournal.ROLES));
      return e.fault().retryHelps() ? Excuse.CANNOT_BEGIN : 1;
    } catch (RuntimeException e) {
      int code = Excuse.tell(e, err);
      Rights.advice(e).ifPresent(advice -> err.println(advice + OpenJournal.ROLES));
      return code;
    }
  }

  private static int with(
      Settings settings, boolean withKeys, Path files, PrintWriter err, Question question) {
    try (OpenJournal journal = OpenJournal.of(settings, withKeys)) {
      int missing = journal.attach(files);
      if (missing > 0) {
        err.println(
            "tandem: "
                + missing
                + " archives of this journal are not here, and what is in them is not seen; where"
                + " they are is told by --archive or tandem.archive.directory");
      }
      return question.ask(journal);
    }
  }

  private Settings settings() {
    Config over = ConfigFactory.empty();
    if (config != null) {
      Settings unused = Settings.load(config); // says what is wrong with the file
      over = ConfigFactory.parseFile(config, ConfigParseOptions.defaults().setAllowMissing(false));
    }
    if (directory != null) {
      over =
          over.withValue(
              "tandem.node.directory", ConfigValueFactory.fromAnyRef(directory.toString()));
    }
    if (database != null) {
      over = over.withValue("tandem.database.url", ConfigValueFactory.fromAnyRef(database));
    }
    return Settings.of(over);
  }
}

package io.tandem.persistence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An auditor in another process reads the H2 file of a node that goes on writing. */
class LiveFileTest {

  /** The auditor's process. */
  public static final class Auditor {
    private Auditor() {}

    public static void main(String[] url) {
      EventCodec codec = EventCodec.clear(Tally.names(), List.of());
      DatabaseSettings settings = new DatabaseSettings(url[0], "sa", "");
      try (Database database = Database.openUnchanged(settings, Database.Contents.JOURNAL)) {
        Verification found = new Audit(database, codec, List.of(Tally.KIND)).verify();
        System.out.println("events " + found.events() + " sound " + found.isSound());
      }
    }
  }

  @Test
  void another_process_audits_a_file_that_is_open() throws Exception {
    DatabaseSettings settings = Databases.H2_FILE.fresh();
    try (Database node = Database.open(settings, Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(node, EventCodec.clear(Tally.names(), List.of()));
      journal.append("tally", "t", new Tally.Event.Counted(1));
      assertThat(audit(settings)).contains("events 1 sound true");
      journal.append("tally", "t", new Tally.Event.Counted(1));
      assertThat(audit(settings)).contains("events 2 sound true");
    }
  }

  private static String audit(DatabaseSettings settings) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Auditor.class.getName(),
                settings.url())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}

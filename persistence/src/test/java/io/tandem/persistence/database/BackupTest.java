package io.tandem.persistence.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.FullVerification;
import io.tandem.persistence.audit.SnapshotReader;
import io.tandem.persistence.audit.Verification.Problem;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.FileAnchor;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of the guide to backups, done by what {@code pg_basebackup} does itself (PostgreSQL
 * manual, 25.3.3): a copy of a server that is being written to, its write-ahead log kept as it
 * goes, and from both the journal as it was before a mistake.
 */
class BackupTest {
  private static final EventCodec CODEC = EventCodec.clear(Tally.names(), List.of());
  private static final SigningKey KEY = new SigningKey("backup", new byte[32]);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path folder;

  private static DatabaseSettings settings(EmbeddedPostgres server) {
    return new DatabaseSettings(
        "jdbc:postgresql://localhost:" + server.getPort() + "/postgres", "postgres", "postgres");
  }

  private static String ask(Database database, String sql) {
    return database.run(c -> Sql.list(c, sql, row -> String.valueOf(row.getString(1))).getFirst());
  }

  private static void append(TestJournal journal, int events) {
    for (int i = 0; i < events; i++) {
      var unused = journal.append("tally", "t" + i % 7, new Tally.Event.Counted(i));
    }
  }

  @Test
  @Tag("rule:OPS-8")
  void a_copy_and_the_kept_log_give_the_journal_as_it_was_before_a_mistake() throws Exception {
    Path archive = Files.createDirectories(folder.resolve("archive"));
    Path base = folder.resolve("base");
    String beforeTheMistake = written(archive, base);

    Path data = folder.resolve("restored");
    assertThat(restore(base, archive, data, "now' and then")).as("no instant").isEqualTo(2);
    assertThat(restore(archive, archive, data, beforeTheMistake)).as("no base").isEqualTo(2);
    assertThat(data).doesNotExist();
    assertThat(restore(base, archive, data, beforeTheMistake)).isZero();
    assertThat(restore(base, archive, data, beforeTheMistake)).as("not over another").isEqualTo(2);
    try (EmbeddedPostgres restored =
            EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).start();
        Database database = Database.openUnchanged(settings(restored), Database.Contents.JOURNAL)) {
      long until = System.nanoTime() + PATIENCE_NANOS;
      while (!ask(database, "select pg_is_in_recovery()").equals("f")) {
        assertThat(System.nanoTime()).as("recovery ends").isLessThan(until);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      Audit audit = new Audit(database, CODEC, List.of(Tally.KIND));
      assertThat(audit.verify().events()).as("all up to then and nothing after").isEqualTo(40);
      assertThat(audit.verify().isSound()).isTrue();
      whatIsMissingIsNamed(database);
    }
  }

  /** The third step of the guide: what was said outside is held against the copy. */
  private void whatIsMissingIsNamed(Database restored) {
    SnapshotReader none =
        new SnapshotReader() {
          @Override
          public Snapshot read(String manifest, byte[] payload) {
            throw new IllegalStateException("there are no snapshots");
          }

          @Override
          public Duration window() {
            return Duration.ZERO;
          }
        };
    List<Problem> found =
        new FullVerification(restored, CODEC, List.of(Tally.KIND), none)
            .run(KEY.verifying(), List.of(anchor()), (what, done) -> {})
            .verification()
            .problems();
    assertThat(found)
        .filteredOn(problem -> problem.entity().equals("checkpoint"))
        .singleElement()
        .hasToString("checkpoint#3: is missing from the database");
    assertThat(found)
        .filteredOn(problem -> problem.entity().startsWith("tally|"))
        .as("the events of after the instant, each by its name")
        .hasSize(10)
        .allMatch(problem -> problem.what().contains("checkpoint 3"));
    assertThat(found).hasSize(11);
  }

  private FileAnchor anchor() {
    return new FileAnchor(folder.resolve("outside.anchor"));
  }

  /** Signs what there is and tells a place outside. */
  private void sign(Database database) {
    CheckpointMaker maker = new CheckpointMaker(database, KEY, InstantSource.system());
    assertThat(maker.make()).isPresent();
    assertThat(maker.anchor(anchor())).isEqualTo(1);
  }

  @Test
  @Tag("rule:OPS-8")
  void a_base_is_made_in_a_folder_of_its_day_and_never_over_another() throws Exception {
    Path bases = Files.createDirectories(folder.resolve("bases"));
    Path said = folder.resolve("said");
    Path programs = Files.createDirectories(folder.resolve("programs"));
    String path = programs + ":/usr/bin:/bin";
    Path client = programs.resolve("pg_basebackup");
    // one that fails half way
    stub(client, "mkdir -p \"${1#--pgdata=}\"; rm -r \"${1#--pgdata=}\"; exit 1");
    assertThat(backup(path)).as("no folder").isEqualTo(2);
    assertThat(backup(path, bases.toString(), "more")).as("too much").isEqualTo(2);
    assertThat(backup(path, "bases")).as("not absolute").isEqualTo(2);
    assertThat(backup(path, folder.resolve("nowhere").toString())).isEqualTo(2);
    assertThat(backup(folder.toString(), bases.toString())).as("no client").isEqualTo(2);
    assertThat(log("backup.log")).contains("no pg_basebackup on the PATH");
    assertThat(backup(path, bases.toString())).as("the client fails").isEqualTo(1);
    assertThat(bases).isEmptyDirectory();

    // one that does its work, and one that finds it right
    stub(
        client,
        "echo \"$@\" > "
            + said
            + "; mkdir \"${1#--pgdata=}\"; cd \"${1#--pgdata=}\";"
            + " touch backup_label backup_manifest");
    stub(programs.resolve("pg_verifybackup"), "exit 0");
    assertThat(backup(path, bases.toString())).isZero();
    assertThat(bases).isDirectoryContaining("regex:.*/[0-9]{4}-[0-9]{2}-[0-9]{2}");
    assertThat(Files.readString(said))
        .contains("--wal-method=none", "--checkpoint=fast", "--manifest-checksums=SHA256");
    assertThat(log("backup.log")).contains("made " + bases, "what its manifest says");
    assertThat(backup(path, bases.toString())).as("not over another").isEqualTo(2);
    assertThat(log("backup.log")).contains("never written over");
  }

  @Test
  @Tag("rule:OPS-8")
  void a_base_that_is_not_what_its_manifest_says_is_not_given_its_name() throws Exception {
    Path bases = Files.createDirectories(folder.resolve("bases"));
    Path programs = Files.createDirectories(folder.resolve("programs"));
    String path = programs + ":/usr/bin:/bin";
    stub(
        programs.resolve("pg_basebackup"),
        "mkdir \"${1#--pgdata=}\"; cd \"${1#--pgdata=}\"; touch backup_label backup_manifest");
    stub(programs.resolve("pg_verifybackup"), "exit 1");
    assertThat(backup(path, bases.toString())).isEqualTo(1);
    assertThat(log("backup.log")).contains("not what its manifest says");
    assertThat(bases).isDirectoryContaining("glob:**.part");
    assertThat(backup(path, bases.toString())).as("until somebody has looked").isEqualTo(2);
  }

  private static void stub(Path file, String does) throws IOException {
    Path made = Files.writeString(file, "#!/bin/sh\n" + does + "\n");
    assertThat(made.toFile().setExecutable(true)).isTrue();
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private int backup(String path, String... arguments) throws Exception {
    return backup(Map.of("PATH", path), arguments);
  }

  private int backup(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/bash", guide("backup.sh")));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("backup.log").toFile());
    builder.environment().putAll(environment);
    Process script = builder.start();
    assertThat(script.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    return script.exitValue();
  }

  private static String guide(String script) {
    return Path.of("..", "docs", "guides", script).toAbsolutePath().toString();
  }

  /** Whether the client on the PATH is of the server's version; another one refuses it. */
  private static boolean hasClientOf(Database database) throws Exception {
    Process client;
    try {
      client = new ProcessBuilder("pg_basebackup", "--version").redirectErrorStream(true).start();
    } catch (IOException e) {
      return false;
    }
    String version = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String server = ask(database, "show server_version");
    return client.waitFor() == 0
        && version.contains(") " + server.substring(0, server.indexOf('.') + 1));
  }

  /** What the guide names. */
  private int restore(Path base, Path wal, Path data, String instant) throws Exception {
    Process script =
        new ProcessBuilder(
                "sh",
                guide("restore.sh"),
                base.toString(),
                wal.toString(),
                data.toString(),
                instant)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("restore.log").toFile())
            .start();
    assertThat(script.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    return script.exitValue();
  }

  /** A server is copied while it is written to; gives the instant before the mistake. */
  private String written(Path archive, Path base) throws Exception {
    Path data = folder.resolve("data");
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setServerConfig("archive_mode", "on")
                .start();
        Database database = Database.open(settings(server), Database.Contents.JOURNAL)) {
      boolean unused =
          database.run(
              c -> {
                Sql.execute(c, "alter system set archive_command = 'cp %p " + archive + "/%f'");
                Sql.execute(c, "select pg_reload_conf()");
                return true;
              });
      TestJournal journal = new TestJournal(database, CODEC);
      append(journal, 20);
      sign(database);
      if (hasClientOf(database)) {
        byTheScript(database, journal, server.getPort(), base);
      } else {
        copied(database, journal, data, base);
      }
      append(journal, 15);
      sign(database);
      String beforeTheMistake = ask(database, "select clock_timestamp()::text");
      append(journal, 10);
      sign(database);
      return beforeTheMistake; // a server that is stopped keeps what is left of its log first
    }
  }

  private void byTheScript(Database database, TestJournal journal, int port, Path base)
      throws Exception {
    Path bases = Files.createDirectories(folder.resolve("bases"));
    append(journal, 5); // life goes on
    int code =
        backup(
            Map.of("PGHOST", "localhost", "PGPORT", "" + port, "PGUSER", "postgres"),
            bases.toString());
    assertThat(code).as(log("backup.log")).isZero();
    try (Stream<Path> made = Files.list(bases)) {
      Path moved = Files.move(made.findFirst().orElseThrow(), base);
      assertThat(moved.resolve("backup_manifest")).exists();
    }
    assertThat(ask(database, "select pg_is_in_recovery()")).isEqualTo("f");
  }

  private static void copied(Database database, TestJournal journal, Path data, Path base) {
    String label =
        database.run(
            c -> {
              Sql.execute(c, "select pg_backup_start('tandem', true)");
              append(journal, 5); // life goes on
              try {
                copy(data, base);
              } catch (IOException e) {
                throw new SQLException("the copy", e);
              }
              return Sql.list(c, "select labelfile from pg_backup_stop()", row -> row.getString(1))
                  .getFirst();
            });
    try {
      Files.writeString(base.resolve("backup_label"), label);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Path done =
        Files.walkFileTree(
            from,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes unused)
                  throws IOException {
                Path made = Files.createDirectories(to.resolve(from.relativize(each)));
                Path set =
                    Files.setPosixFilePermissions(
                        made, PosixFilePermissions.fromString("rwx------"));
                assertThat(set).isEqualTo(made);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path each, BasicFileAttributes unused)
                  throws IOException {
                Path name = from.relativize(each);
                if (!name.startsWith("pg_wal") && !name.toString().startsWith("postmaster.")) {
                  try {
                    var copied = Files.copy(each, to.resolve(name));
                    assertThat(copied).exists();
                  } catch (NoSuchFileException e) {
                    return FileVisitResult.CONTINUE; // it went while the server ran
                  }
                }
                return FileVisitResult.CONTINUE;
              }
            });
    assertThat(done).isEqualTo(from);
  }
}

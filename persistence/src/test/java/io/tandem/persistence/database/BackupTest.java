package io.tandem.persistence.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    }
  }

  /** What the guide names. */
  private int restore(Path base, Path wal, Path data, String instant) throws Exception {
    Process script =
        new ProcessBuilder(
                "sh",
                Path.of("..", "docs", "guides", "restore.sh").toAbsolutePath().toString(),
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
  private String written(Path archive, Path base) throws IOException {
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
      copied(database, journal, data, base);
      append(journal, 15);
      String beforeTheMistake = ask(database, "select clock_timestamp()::text");
      append(journal, 10);
      return beforeTheMistake; // a server that is stopped keeps what is left of its log first
    }
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

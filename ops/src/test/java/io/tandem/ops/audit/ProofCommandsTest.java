package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.ops.Main;
import io.tandem.ops.proof.CheckProof;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.number.NumberEvent;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.CheckpointMaker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor and a stranger are given, through the commands. */
class ProofCommandsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  /** Long enough ago to have been told everywhere, whenever this runs. */
  private static final Instant SIGNED = Instant.parse("2020-01-01T12:00:00Z");

  private static final String NUMBER = "number/+12125550100";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Settings settings = Settings.of(ConfigFactory.empty());

  @BeforeEach
  void fill() {
    settings =
        Settings.of(
            ConfigFactory.parseString(
                "tandem.node.directory = \"" + directory.resolve("node") + "\""));
    try (Stores stores = open()) {
      EntityCodecs codecs =
          EntityCodecs.of(
              Nouns.of(settings),
              List.of(),
              new AesGcmSealer(stores.keys(), InstantSource.system()));
      CheckpointMaker maker =
          new CheckpointMaker(
              stores.journal(), NodeSecrets.of(settings).signing(), InstantSource.fixed(SIGNED));
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++) {
          append(stores.journal(), codecs, "+1212555010" + i, round + 1);
        }
        assertThat(maker.make()).isPresent();
        assertThat(maker.anchor(Anchors.of("file:checkpoints.anchor", settings.directory())))
            .isEqualTo(1);
      }
    }
  }

  private Stores open() {
    return Stores.open(settings, NodeSecrets.of(settings), "test", InstantSource.system());
  }

  private static void append(Database journal, EntityCodecs codecs, String id, long sequence) {
    @Nullable Envelope before =
        journal
            .run(
                c ->
                    Sql.list(
                        c,
                        "select \"event_payload\" from \"event_journal\" where \"persistence_id\" ="
                            + " ? order by \"sequence_number\" desc",
                        row -> Envelope.read(row.getBytes(1)),
                        "number|" + id))
            .stream()
            .findFirst()
            .orElse(null);
    NumberEvent event = new NumberEvent.Unassigned("test", NOON);
    Envelope envelope =
        Envelope.of(
            new EventHeader(
                "number",
                id,
                sequence,
                codecs.sealed().nameOf((Record) event),
                "cmd_" + sequence,
                CommandDigest.NONE,
                "test",
                "tester",
                NOON.plusSeconds(sequence),
                "n1@1",
                before == null ? Hash.NONE : before.hash(),
                null),
            codecs.sealed().encode((Record) event));
    assertThat(
            journal.update(
                "insert into \"event_journal\" (\"persistence_id\", \"sequence_number\","
                    + " \"writer\", \"write_timestamp\", \"adapter_manifest\", \"event_payload\","
                    + " \"event_ser_id\", \"event_ser_manifest\") values (?, ?, 'test', 0, '', ?,"
                    + " 7301, ?)",
                envelope.persistenceId(),
                sequence,
                envelope.bytes(),
                envelope.header().event().toString()))
        .isEqualTo(1);
  }

  @Test
  @Tag("rule:AUD-2")
  @Tag("rule:AUD-3")
  void verify_says_what_was_signed_and_names_what_was_changed() {
    assertThat(run("verify")).isZero();
    assertThat(out.toString())
        .contains("15 events of 5 entities")
        .contains("3 checkpoints sign for 15 events")
        .contains("up to checkpoint 3");
    try (Stores stores = open()) {
      assertThat(
              stores
                  .journal()
                  .update(
                      "delete from \"event_journal\" where \"persistence_id\" ="
                          + " 'number|+12125550103' and \"sequence_number\" = 3"))
          .isEqualTo(1);
      assertThat(stores.journal().update("delete from checkpoint where number = 3")).isEqualTo(1);
    }

    assertThat(run("verify")).isEqualTo(1);
    assertThat(out.toString())
        .contains("WRONG  number|+12125550103#3: was removed since checkpoint 3 was signed")
        .contains("WRONG  checkpoint#3: is missing from the database");
    assertThat(run("verify", "--json")).isEqualTo(1);
    assertThat(out.toString()).contains("\"entity\":\"number|+12125550103\",\"position\":3");
    assertThat(run("verify", "--format", "csv")).isEqualTo(1);
    assertThat(out.toString().lines())
        .startsWith("entity,position,what")
        .contains("number|+12125550103,3,was removed since checkpoint 3 was signed")
        .allMatch(line -> line.split(",").length == 3);
  }

  @Test
  @Tag("rule:AUD-2")
  void an_anchor_that_is_not_there_is_no_answer_and_one_that_was_emptied_is_wrong()
      throws IOException {
    Path typo = directory.resolve("typo.anchor");
    assertThat(run("verify", "--anchor", "file:" + typo)).isEqualTo(2);
    assertThat(err.toString()).contains("there is no " + typo);
    assertThat(run("verify", "--anchor", "directory:" + typo)).isEqualTo(2);

    Path anchor = settings.directory().resolve("checkpoints.anchor");
    Path copy = Files.copy(anchor, directory.resolve("copy.anchor"));
    Files.delete(anchor);
    assertThat(run("verify")).isEqualTo(1);
    assertThat(out.toString())
        .contains("WRONG  checkpoint#1: is missing from " + anchor)
        .contains("Outside, " + anchor + ": there is no such place.");
    assertThat(run("verify", "--anchor", "file:" + copy)).isZero();
    assertThat(out.toString()).contains("Outside, " + copy + ": up to checkpoint 3.");
  }

  @Test
  @Tag("rule:AUD-3")
  void a_stranger_checks_a_slice_with_the_file_and_the_public_key_alone() throws IOException {
    Path file = directory.resolve("proof");
    assertThat(run("export", "--proof", NUMBER, "--out", file.toString())).isZero();
    assertThat(run("key")).isZero();
    String key = out.toString().strip();

    assertThat(run("check-proof", file.toString(), "--key", key)).isZero();

    assertThat(out.toString())
        .contains("number|+12125550100: complete from its first event to #3")
        .contains("PROVEN: 3 events");
    assertThat(
            run("check-proof", file.toString(), "--key", "tandem+00000000+" + key.split("\\+")[2]))
        .isEqualTo(1);
    assertThat(Files.readString(file)).doesNotContain("Unassigned"); // stored bytes, nothing else
  }

  @Test
  @Tag("rule:AUD-3")
  void a_proof_in_which_anything_was_changed_proves_nothing() throws IOException {
    Path file = directory.resolve("proof");
    Path held = directory.resolve("held");
    Path anchor = settings.directory().resolve("checkpoints.anchor");
    Path unused = Files.writeString(held, Files.readAllLines(anchor).get(1));
    assertThat(
            run("export", "--proof", NUMBER, "--out", file.toString(), "--held", held.toString()))
        .as(err.toString())
        .isZero();
    assertThat(run("key")).isZero();
    String key = out.toString().strip();
    assertThat(run("check-proof", file.toString(), "--key", key)).isZero();
    assertThat(out.toString()).contains("the tree begins with that of checkpoint 2");
    String proof = Files.readString(file);
    int aboutEnds = proof.indexOf('\n', proof.indexOf("about ")); // a title, for people
    Random random = new Random(20261122);
    for (int i = 0; i < 300; i++) {
      int at = aboutEnds + random.nextInt(proof.length() - aboutEnds - 1);
      char other = proof.charAt(at) == 'A' ? 'B' : 'A';
      String changed = proof.substring(0, at) + other + proof.substring(at + 1);
      assertThat(proven(changed, key))
          .as("seed 20261122, changed at %s: %s", at, changed)
          .isFalse();
      assertThat(proven(proof.substring(0, at), key)).as("cut at " + at).isFalse();
    }
  }

  private static boolean proven(String proof, String key) {
    try {
      CheckProof.check(proof, key, new PrintWriter(new StringWriter()));
      return true;
    } catch (CheckProof.Refused e) {
      return false;
    }
  }

  @Test
  void the_strangers_check_needs_the_platform_alone() throws IOException {
    Path sources = Path.of("src/main/java/io/tandem/ops/proof");
    for (String name : List.of("CheckProof.java", "Cbor.java")) {
      assertThat(Files.readAllLines(sources.resolve(name)))
          .filteredOn(line -> line.startsWith("import "))
          .allMatch(line -> line.startsWith("import java."));
    }
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    String[] all = new String[words.length + 1];
    all[0] = "audit";
    System.arraycopy(words, 0, all, 1, words.length);
    if (!words[0].equals("check-proof")) {
      all = java.util.Arrays.copyOf(all, all.length + 2);
      all[all.length - 2] = "--directory";
      all[all.length - 1] = settings.directory().toString();
    }
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }
}

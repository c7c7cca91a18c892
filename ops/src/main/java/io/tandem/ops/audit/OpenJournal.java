package io.tandem.ops.audit;

import io.tandem.node.agent.AgentSettings;
import io.tandem.node.boot.CannotStart;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.ReadModels;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.entity.wire.StoredSnapshots;
import io.tandem.node.job.S3Objects;
import io.tandem.persistence.archive.ArchiveNote;
import io.tandem.persistence.archive.Archiver;
import io.tandem.persistence.archive.Archives;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.FullVerification;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Rights;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.persistence.journal.keys.ReadingKeyStore;
import io.tandem.persistence.journal.keys.ShutKeyStore;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.ProofMaker;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.proof.VerifyingKey;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.ParkedEvents;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.readmodel.Rebuild;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.persistence.repair.Repair;
import io.tandem.persistence.repair.SignedSupersessions;
import io.tandem.persistence.repair.SupersessionLog;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node's journal and keys, open for reading; a node may go on writing meanwhile. */
public final class OpenJournal implements AutoCloseable {
  /** Where more is said. */
  static final String ROLES = " (guide to audit, A role that may only read)";

  private static final int CALLS_A_PAGE = 200;

  private final Database journal;
  private final @Nullable Database keys;
  private final KeyStore keyStore;
  private final EntityCodecs codecs;
  private final List<EntityKind<?, ?>> kinds;
  private final Settings settings;
  private final SigningKey signing;
  private Audit audit;

  private OpenJournal(
      Database journal,
      @Nullable Database keys,
      KeyStore keyStore,
      EntityCodecs codecs,
      List<EntityKind<?, ?>> kinds,
      Settings settings,
      SigningKey signing) {
    this.journal = journal;
    this.keys = keys;
    this.keyStore = keyStore;
    this.codecs = codecs;
    this.kinds = kinds;
    this.settings = settings;
    this.signing = signing;
    this.audit = new Audit(journal, codecs.sealed(), kinds);
  }

  /**
   * Opens what the settings of a node name.
   *
   * @throws CannotStart when there is nothing there, or it is not of this build
   */
  public static OpenJournal of(Settings settings) {
    return of(settings, true);
  }

  /**
   * The same.
   *
   * @param withKeys else the key store is not asked, and what is sealed reads as erased
   */
  static OpenJournal of(Settings settings, boolean withKeys) {
    requireThere(settings, withKeys);
    Database journal = opened(settings, Database.Contents.JOURNAL);
    Database keyDatabase = null;
    try {
      keyDatabase = withKeys ? opened(settings, Database.Contents.KEYS) : null;
      NodeSecrets secrets = NodeSecrets.toRead(settings);
      KeyStore store =
          keyDatabase == null
              ? new ShutKeyStore()
              : new ReadingKeyStore(keyDatabase, secrets.master());
      EntityCodecs codecs =
          EntityCodecs.of(
              Nouns.of(settings),
              Nouns.upcasters(),
              new AesGcmSealer(store, InstantSource.system()),
              SignedSupersessions.open(journal, secrets.signing().verifying()));
      List<EntityKind<?, ?>> kinds = new ArrayList<>();
      codecs.types().forEach(type -> kinds.add(kindOf(type)));
      return new OpenJournal(
          journal, keyDatabase, store, codecs, kinds, settings, secrets.signing());
    } catch (RuntimeException e) {
      if (keyDatabase != null) {
        keyDatabase.close();
      }
      journal.close();
      throw e;
    }
  }

  private static <S extends DomainState<S, E>, E extends DomainEvent> EntityKind<S, E> kindOf(
      EntityType<?, ?, E, S> type) {
    return new EntityKind<>(type.name(), type.eventType(), type.initial());
  }

  /**
   * An embedded database that is not there would be made by opening it, and a master key by asking
   * for it.
   */
  private static void requireThere(Settings settings, boolean withKeys) {
    Path directory = settings.directory().toAbsolutePath();
    if (settings.database().url().isEmpty()) {
      requireFile("tandem.node.directory", directory.resolve("tandem.mv.db"));
    }
    if (settings.keys().master().isEmpty()) {
      requireFile("tandem.keys.master", directory.resolve("master.key"));
    }
    if (withKeys && settings.keys().url().isEmpty()) {
      requireFile("tandem.keys.url", directory.resolve("keys.mv.db"));
    }
  }

  private static void requireFile(String key, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CannotStart(
          key
              + ": there is no "
              + file
              + "; name the node's directory with --directory or its configuration with --config",
          new NoSuchFileException(file.toString()));
    }
  }

  private static Database opened(Settings settings, Database.Contents contents) {
    boolean keys = contents == Database.Contents.KEYS;
    try {
      return Database.openUnchanged(
          (keys ? Stores.keysOf(settings) : Stores.journalOf(settings))
              .withConnections(2 * (Runtime.getRuntime().availableProcessors() + 1)),
          contents);
    } catch (JournalException e) {
      throw new CannotStart(
          (keys ? "tandem.keys.url: " : "tandem.database.url: ") + e.getMessage(), e);
    }
  }

  /**
   * Reads archives as one with it.
   *
   * @return how many are missing there
   */
  int attach(Path directory) {
    int missing = Archives.attach(journal, directory);
    audit = new Audit(journal, codecs.sealed(), kinds);
    return missing;
  }

  /**
   * Goes on where the database's role may do that.
   *
   * @throws CannotStart with the right that is missing
   */
  void require(Rights rights, String question) {
    rights
        .missing(journal)
        .ifPresent(
            missing -> {
              throw new CannotStart(
                  question
                      + " writes, and the role "
                      + journal.settings().user()
                      + " "
                      + missing
                      + "; nothing was done. Ask as the role that owns the tables, such as the"
                      + " node's"
                      + ROLES,
                  new IllegalStateException(missing));
            });
  }

  /** Moves calls that are over to files. */
  Archiver archiver() {
    return new Archiver(
        journal,
        kinds.stream().filter(kind -> kind.type().equals("call")).findFirst().orElseThrow(),
        codecs.sealed(),
        signing);
  }

  /** Whether it names archives that are not attached. */
  boolean lacksArchives() {
    return Archives.count(journal) > journal.archives().size();
  }

  /** The archives it names. */
  List<ArchiveNote> archives() {
    return Archives.named(journal, publicKey());
  }

  /** The questions that can be asked. */
  public Audit audit() {
    return audit;
  }

  /**
   * Calls from a number, the newest first; those of a person who was erased are not found.
   *
   * @param number in E.164 form, with or without the plus
   */
  void callsOf(String number, Consumer<JournalReader.Listed> each) {
    CallIndex.Filter filter =
        new CallIndex.Filter(null, null, null)
            .by(
                new ErasureLog(journal)
                    .caller(NodeSecrets.toRead(settings).blinder().person(number)));
    CallIndex calls = new CallIndex(journal);
    CallIndexRow last = null;
    for (List<CallIndexRow> page = calls.page(filter, null, CALLS_A_PAGE);
        !page.isEmpty();
        page = calls.page(filter, last, CALLS_A_PAGE)) {
      for (CallIndexRow call : page) {
        long events = 0;
        for (var rows = reader().entity("call", call.callId()); rows.hasNext(); events++) {
          var unused = rows.next();
        }
        each.accept(new JournalReader.Listed("call", call.callId(), events));
      }
      last = page.getLast();
    }
  }

  /** SIP messages of calls, as edges saw them: no history, and kept for some days. */
  public SipTraces signalling() {
    return new SipTraces(journal);
  }

  /** Its events as streams. */
  public JournalReader reader() {
    return new JournalReader(journal);
  }

  /** Its read models, to be tried again or compared; a running node goes on meanwhile. */
  Projector projector() {
    return ReadModels.projector(journal, codecs, (row, why) -> {});
  }

  /** Makes its read models anew, beside those that are read. */
  Rebuild rebuild() {
    return new Rebuild(journal, ReadModels.beside(journal, codecs, (row, why) -> {}));
  }

  /** Compares its read models with its events. */
  Reconciliation reconciliation() {
    return new Reconciliation(journal, codecs.sealed(), projector());
  }

  /** What its read models go on without. */
  ParkedEvents parked() {
    return new ParkedEvents(journal);
  }

  /** Its events in the order in which none is missed. */
  public JournalFeed feed() {
    return new JournalFeed(journal);
  }

  /** What its node judges agents by. */
  public AgentSettings agents() {
    return Nouns.agents(settings);
  }

  /** The codec of its events; shows records with personal values masked. */
  public EventCodec codec() {
    return codecs.sealed();
  }

  /** Everything that can be checked of it. */
  FullVerification verification() {
    FullVerification verification =
        new FullVerification(journal, codecs.sealed(), kinds, new StoredSnapshots(codecs))
            .withOfficers(settings.privacy().officers())
            .asOf(InstantSource.system().instant());
    return keyStore instanceof ReadingKeyStore reading
        ? verification.withKeys(reading)
        : verification;
  }

  /** Makes what cannot be read readable, beside the journal. */
  Repair repair() {
    Map<String, EntityKind<?, ?>> byType = new HashMap<>();
    kinds.forEach(kind -> byType.put(kind.type(), kind));
    return new Repair(journal, codecs.sealed(), byType, new StoredSnapshots(codecs));
  }

  /** What is read in the place of what. */
  SupersessionLog supersessions() {
    return new SupersessionLog(journal, publicKey());
  }

  /** What is signed with. */
  SigningKey signing() {
    return signing;
  }

  /** Cuts slices with their proofs. */
  ProofMaker proofs() {
    return new ProofMaker(journal, publicKey());
  }

  /** How many events there are, about: for a bar that fills. */
  long events() {
    return verification().events();
  }

  /** How many events of one type of entity there are, in the database itself. */
  long events(String entityType) {
    return reader().count(entityType);
  }

  /** The public half of what this configuration signs with. */
  VerifyingKey publicKey() {
    return signing.verifying();
  }

  /** The places outside the database that are configured. */
  List<Anchor> anchors() {
    return settings.proofs().anchors().stream()
        .map(words -> Anchors.of(words, settings.directory(), S3Objects.FROM_ENVIRONMENT))
        .toList();
  }

  @Override
  public void close() {
    if (keys != null) {
      keys.close();
    }
    journal.close();
  }
}

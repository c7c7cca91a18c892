package io.tandem.node.intercept;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.keys.DataKey;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.persistence.privacy.Interception;
import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.SealedReader;
import io.tandem.protocol.media.record.SealedStore;
import io.tandem.protocol.media.record.StereoRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of orders to listen in, a folder an order, apart from recordings of tenants: each
 * sealed with AES-256-GCM under a key of the case's, whose name is part of the file's. An erasure
 * of a person, or retention, does not reach them. Waits for disk and keys: never on a loop.
 */
public final class CaseStore {
  private static final String SEALED = ".sealed";

  private final Path directory;
  private final KeyStore keys;
  private final InstantSource clock;

  /**
   * @param directory of the node
   */
  public CaseStore(Path directory, KeyStore keys, InstantSource clock) {
    this.directory = directory.resolve("cases").toAbsolutePath().normalize();
    this.keys = keys;
    this.clock = clock;
  }

  /** Takes what a file holds. */
  @FunctionalInterface
  public interface Reader {
    /**
     * One file.
     *
     * @param name without its key's
     * @param octets read piece by piece; closed by who calls this
     */
    void read(String name, SealedReader octets) throws IOException;
  }

  /**
   * Begins the recording of a call, stereo: left what the caller says, right what it hears.
   *
   * @throws IOException when the disk or the keys refuse
   */
  Recording record(Interception order, String callId, int rateHz) throws IOException {
    DataKey key = key(order);
    return StereoRecording.sealed(file(order, callId + ".wav", key), rateHz, key.key());
  }

  /**
   * Files facts of a call.
   *
   * @param part tells them from others of that call
   */
  void file(Interception order, String callId, String part, byte[] facts) throws IOException {
    DataKey key = key(order);
    SealedStore.seal(file(order, callId + "." + part + ".json", key), key.key(), facts);
  }

  private DataKey key(Interception order) throws IOException {
    String month = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString();
    try {
      return keys.keyFor("case:" + order.caseId(), DataClass.CONTENT, month);
    } catch (JournalException e) {
      throw new IOException("no key of the case: " + e.fault(), e);
    }
  }

  private Path file(Interception order, String name, DataKey key) throws IOException {
    Path folder = folder(order.request());
    Files.createDirectories(folder);
    return folder.resolve(name + "." + key.id() + SEALED);
  }

  private Path folder(long request) {
    return directory.resolve("request-" + request);
  }

  /** All that is here of an order, opened one after the other, by name. */
  public void open(long request, Reader reader) throws IOException {
    Path folder = folder(request);
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(each -> each.toString().endsWith(SEALED)).sorted().toList();
    }
    for (Path file : files) {
      String sealed = file.getFileName().toString();
      String name = sealed.substring(0, sealed.length() - SEALED.length());
      int dot = name.lastIndexOf('.');
      DataKey key =
          keys.find(KeyId.parse(name.substring(dot + 1)))
              .orElseThrow(() -> new IOException("the key of " + sealed + " was destroyed"));
      try (SealedReader octets = SealedReader.open(file, key.key())) {
        reader.read(name.substring(0, dot), octets);
      }
    }
  }
}

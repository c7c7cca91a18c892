package io.tandem.ops.privacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.boot.VoiceParts;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.intercept.CaseStore;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.RecordingPlace;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.privacy.Disclosure;
import io.tandem.persistence.privacy.Interception;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.protocol.media.record.SealedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is given out in a case (CMP-7): every call of the request with its events, numbers in the
 * clear as far as their keys are there, and its recording.
 */
final class GivenOut implements AutoCloseable {
  private static final int PAGE = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CallIndex calls;
  private final JournalReader journal;
  private final EntityCodecs codecs;
  private final RecordingShelf recordings;
  private final CaseStore cases;

  GivenOut(Settings settings, NodeSecrets secrets, Stores stores) {
    this.calls = new CallIndex(stores.journal());
    this.journal = new JournalReader(stores.journal());
    this.codecs =
        EntityCodecs.of(
            Nouns.of(settings),
            Nouns.upcasters(),
            new AesGcmSealer(stores.keys(), InstantSource.system()),
            io.tandem.persistence.repair.SignedSupersessions.open(
                stores.journal(), secrets.signing().verifying()));
    this.cases = new CaseStore(settings.directory(), stores.keys(), InstantSource.system());
    this.recordings = VoiceParts.recordings(settings, stores.keys(), InstantSource.system(), false);
  }

  /**
   * What was made.
   *
   * @param sha256 of the file, as hexadecimal digits
   */
  record Made(String sha256, long calls) {}

  /** Writes the zip of a request; a file that is there is not overwritten. */
  Made write(Disclosure request, Path file) throws IOException {
    MessageDigest digest = sha256();
    long[] count = new long[1];
    try (OutputStream out =
            new DigestOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), digest);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ObjectNode about =
          JSON.createObjectNode()
              .put("case", request.caseId())
              .put("request", request.number())
              .put("about", request.about())
              .put("requestedBy", request.by())
              .put("requestedAt", request.at().toString());
      entry(zip, "about.json", JSON.writeValueAsBytes(about));
      if (Interception.of(request).isPresent()) {
        cases.open(
            request.number(),
            (name, octets) -> {
              entry(zip, name, octets);
              count[0] += name.endsWith(".began.json") ? 1 : 0;
            });
      } else {
        for (CallIndexRow row : rows(request)) {
          call(zip, row);
          count[0]++;
        }
      }
    }
    return new Made(HexFormat.of().formatHex(digest.digest()), count[0]);
  }

  private List<CallIndexRow> rows(Disclosure request) {
    String[] words = request.about().split(" ");
    Instant from = Instant.parse(words[1]);
    Instant to = Instant.parse(words[2]);
    List<CallIndexRow> all = new java.util.ArrayList<>();
    if (words[0].startsWith("person:")) {
      pages(
          all, last -> calls.ofCaller(words[0], from, to, last == null ? "" : last.callId(), PAGE));
      return all;
    }
    String id = words[0].substring(words[0].indexOf(':') + 1);
    CallIndex.Filter filter =
        words[0].startsWith("account:")
            ? new CallIndex.Filter(id, null, null)
            : new CallIndex.Filter(null, id, null);
    pages(
        all,
        last ->
            calls.page(
                filter,
                new CallIndex.Span(from, to),
                last == null ? null : new CallIndex.Position(last.startedAt(), last.callId()),
                PAGE));
    return all;
  }

  @FunctionalInterface
  private interface Pages {
    List<CallIndexRow> after(@Nullable CallIndexRow last);
  }

  private static void pages(List<CallIndexRow> all, Pages pages) {
    for (List<CallIndexRow> page = pages.after(null);
        !page.isEmpty();
        page = pages.after(page.getLast())) {
      all.addAll(page);
    }
  }

  private void call(ZipOutputStream zip, CallIndexRow row) throws IOException {
    StringBuilder lines = new StringBuilder();
    RecordingPlace place = null;
    Iterator<JournalRow> events = journal.entity("call", row.callId());
    while (events.hasNext()) {
      Envelope envelope = events.next().envelope();
      Record event = codecs.sealed().read(envelope, Record.class).orElse(null);
      if (event == null) {
        continue;
      }
      ObjectNode line =
          JSON.createObjectNode()
              .put("sequence", envelope.sequence())
              .put("event", envelope.header().event().toString())
              .put("at", envelope.header().at().toString())
              .put("actor", envelope.header().actor())
              .put("hash", envelope.hash().toString());
      line.set("content", JSON.readTree(codecs.clear().storedToJson(codecs.clear().encode(event))));
      lines.append(line).append('\n');
      if (event instanceof CallEvent.RecordingDecided decided && decided.place() != null) {
        place = decided.place();
      }
    }
    entry(zip, row.callId() + ".jsonl", lines.toString().getBytes(StandardCharsets.UTF_8));
    if (place != null) {
      recording(zip, row.callId(), recordings.read(place));
    }
  }

  private static void recording(ZipOutputStream zip, String callId, RecordingShelf.Reading found)
      throws IOException {
    if (found instanceof RecordingShelf.Reading.Read read) {
      boolean opus = read.format() == RecordingShelf.Format.OPUS;
      try (read) {
        entry(zip, callId + (opus ? ".ogg" : ".wav"), read.sound());
      }
    } else {
      entry(zip, callId + ".recording.txt", found.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Up to its end, or where it is not authentic any more, which stands beside it then. */
  private static void entry(ZipOutputStream zip, String name, InputStream octets)
      throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    String broken = "";
    try {
      octets.transferTo(zip);
    } catch (SealedReader.Forged forged) {
      broken = String.valueOf(forged.getMessage());
    }
    zip.closeEntry();
    if (!broken.isEmpty()) {
      entry(zip, name + ".broken.txt", broken.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }

  @Override
  public void close() {
    recordings.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

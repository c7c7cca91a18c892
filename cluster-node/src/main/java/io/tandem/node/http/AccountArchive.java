package io.tandem.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.journal.TimedId;
import io.tandem.protocol.media.record.SealedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An account's whole data as a zip of JSON and sound (PRV-3): what every operation that reads would
 * show to the account itself, all pages of it, so that nothing is in it that is another's.
 */
public final class AccountArchive {
  private static final String PAGE = "200";

  private final Map<String, Operation> operations = new LinkedHashMap<>();

  /**
   * @param operations the whole API
   */
  public AccountArchive(List<Operation> operations) {
    operations.forEach(each -> this.operations.put(each.id(), each));
  }

  /** Writes one. */
  public void write(String accountId, Instant at, Path file) throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))) {
      new Writing(zip, accountId).all(at);
    }
  }

  private final class Writing {
    private final ZipOutputStream zip;
    private final String accountId;
    private final Caller caller;
    private final ObjectNode counts = Reception.MAPPER.createObjectNode();
    private final ObjectNode missing = Reception.MAPPER.createObjectNode();

    Writing(ZipOutputStream zip, String accountId) {
      this.zip = zip;
      this.accountId = accountId;
      this.caller = new Caller.Tenant(accountId, "export", Set.of("read"));
    }

    void all(Instant at) throws IOException {
      Map<String, String> own = Map.of("accountId", accountId);
      entry("account.json", ask("readAccount", own, Map.of()).body());
      each("tokens", "listTokens", own, token -> {});
      entry("wallet.json", ask("readWallet", own, Map.of()).body());
      each("movements", "listMovements", own, movement -> {});
      each(
          "agents",
          "listAgents",
          Map.of(),
          agent ->
              each(
                  "agents/" + agent + "/cooldowns",
                  "listCooldowns",
                  Map.of("agentId", agent),
                  cooldown -> {}));
      each("campaigns", "listCampaigns", Map.of(), campaign -> {});
      each("numbers", "listNumbers", Map.of(), number -> {});
      each("endpoints", "listEndpoints", Map.of(), endpoint -> {});
      each(
          "webhooks",
          "listWebhooks",
          Map.of(),
          webhook ->
              each(
                  "webhooks/" + webhook + "/deliveries",
                  "listDeliveries",
                  Map.of("webhookId", webhook),
                  delivery -> {}));
      each(
          "disputes",
          "listDisputes",
          Map.of(),
          dispute ->
              entry(
                  "disputes/" + dispute + ".json",
                  ask("readDispute", Map.of("disputeId", dispute), Map.of()).body()));
      each("calls", "listCalls", Map.of(), this::call);
      ObjectNode about =
          Reception.MAPPER
              .createObjectNode()
              .put("accountId", accountId)
              .put("at", at.toString())
              .put("form", 1);
      about.set("counts", counts);
      about.set("missing", missing);
      entry("about.json", about);
    }

    private void call(String callId) throws IOException {
      Map<String, String> which = Map.of("callId", callId);
      Optional<Answer> call = asked("calls/" + callId + ".json", "readCall", which);
      if (call.isEmpty()) {
        return; // its history is in an archive; its record is in the list
      }
      entry("calls/" + callId + ".json", call.get().body());
      JsonNode recording = call.get().body().path("recording");
      if (recording.isObject()) {
        Optional<Answer> sound =
            asked("calls/" + callId + ", its recording", "readRecording", which);
        if (sound.isPresent()
            && sound.get().body() instanceof POJONode pojo
            && pojo.getPojo() instanceof Answer.Octets octets) {
          boolean opus = sound.get().contentType().contains("ogg");
          sound("calls/" + callId, opus ? ".ogg" : ".wav", octets.from());
        }
      }
    }

    /** Up to its end, or where it is not authentic any more. */
    private void sound(String call, String ending, InputStream from) throws IOException {
      zip.putNextEntry(new ZipEntry(call + ending));
      try (from) {
        from.transferTo(zip);
      } catch (SealedReader.Forged forged) {
        missing.put(call + ", the end of its recording", "NOT_AUTHENTIC");
      }
      zip.closeEntry();
    }

    /** All pages of a list, an object a line; then something for each that has an id. */
    private void each(String name, String operation, Map<String, String> path, IoConsumer then)
        throws IOException {
      List<String> ids = new java.util.ArrayList<>();
      zip.putNextEntry(new ZipEntry(name + ".jsonl"));
      long count = 0;
      Map<String, List<String>> query = Map.of("limit", List.of(PAGE));
      while (!query.isEmpty()) {
        JsonNode page = ask(operation, path, query).body();
        for (JsonNode item : page.path("items")) {
          count++;
          zip.write(Reception.MAPPER.writeValueAsBytes(item));
          zip.write('\n');
          if (item.hasNonNull("id")) {
            ids.add(item.get("id").asText());
          }
        }
        query =
            page.hasNonNull("next")
                ? Map.of("limit", List.of(PAGE), "cursor", List.of(page.get("next").asText()))
                : Map.of();
      }
      zip.closeEntry();
      if (!name.contains("/")) {
        counts.put(name, count);
      }
      for (String id : ids) {
        then.accept(id);
      }
    }

    private Optional<Answer> asked(String name, String operation, Map<String, String> path) {
      try {
        return Optional.of(ask(operation, path, Map.of()));
      } catch (Refusal refusal) {
        missing.put(name, refusal.problem().type().name());
        return Optional.empty();
      }
    }

    private Answer ask(
        String operation, Map<String, String> path, Map<String, List<String>> query) {
      Operation asked = operations.get(operation);
      if (asked == null || asked.mutates()) {
        throw new IllegalStateException("there is no reading operation " + operation);
      }
      QueryText text = new QueryText(takesPages(asked) ? query : Map.of());
      return asked
          .handler()
          .read(new ApiRequest(caller, path, text, Fields.none()))
          .run(new Origin(TimedId.next("read"), "http/export", caller.actor()));
    }

    private boolean takesPages(Operation operation) {
      return operation.id().startsWith("list");
    }

    private void entry(String name, JsonNode body) throws IOException {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(Reception.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(body));
      zip.closeEntry();
    }
  }

  /** Does something with an id. */
  @FunctionalInterface
  private interface IoConsumer {
    void accept(String id) throws IOException;
  }
}

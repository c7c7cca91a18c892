package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.http.ApiClient;
import io.tandem.node.system.HttpMarket;
import io.tandem.node.system.Market;
import io.tandem.node.system.Receiver;
import io.tandem.node.system.Telephones;
import io.tandem.node.system.VirtualEdge;
import io.tandem.ops.Main;
import io.tandem.persistence.archive.Archiver;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two persons leave traces wherever a node leaves any, are erased, and nothing is left of them in
 * any file of the node, while everything that can be proven and summed still is.
 */
class ErasedPersonTest {
  private static final String AGENTS_NAME = "Ottilie \"Otti\" Kwiatkowski";
  private static final String AGENTS_NUMBER = "+15557654321";
  private static final String CALLERS_WORDS = "she said she is Wilhelmina";
  private static final int AGENT_SNAPSHOT_EVERY = 500;

  /** As they stand in JSON and without their marks, too. */
  private static final List<String> TRACES =
      List.of(
          Market.CALLER.substring(1),
          Market.CALLER.substring(2),
          AGENTS_NUMBER.substring(1),
          AGENTS_NUMBER.substring(2),
          "Ottilie",
          "Kwiatkowski",
          "Wilhelmina");

  /**
   * What two persons have left on a node.
   *
   * @param abroad an agent in another network, whose number is known
   * @param link to all data of the buyer
   */
  private record Left(
      HttpMarket.Tenant buyer, String callId, String agent, String abroad, String link) {}

  @TempDir Path directory;

  private final VirtualEdge edge = new VirtualEdge();
  private final Receiver receiver = new Receiver();
  private final StringWriter said = new StringWriter();
  private Path config;
  private Settings settings;
  private HttpMarket market;
  private ApiClient operator;

  @BeforeEach
  void start() throws IOException {
    Map<String, Object> keys =
        Map.of(
            "tandem.node.directory",
            directory.resolve("node").toString(),
            "tandem.archive.directory",
            archives().toString(),
            "tandem.sip.port",
            0,
            "tandem.rtp.ports",
            "33500-33599",
            "tandem.http.port",
            0,
            "tandem.webhooks.allowed-addresses",
            List.of("127.0.0.1"),
            "tandem.http.operator-token",
            HttpMarket.OPERATOR);
    config =
        Files.writeString(
            directory.resolve("node.conf"),
            ConfigFactory.parseMap(keys).root().render(ConfigRenderOptions.concise()));
    settings = Settings.load(config.toFile());
    market = HttpMarket.on(Node.start(settings, NodeParts.REAL.withEdgeClock(edge::on)));
    operator = market.operator();
  }

  private Path archives() {
    return directory.resolve("archives");
  }

  @AfterEach
  void stop() {
    receiver.close();
    market.close();
  }

  @Test
  @Tag("rule:PRV-2")
  @Tag("rule:PRV-3")
  @Tag("rule:AUD-2")
  void no_byte_of_an_erased_caller_and_agent_is_left_and_everything_still_proves_and_sums_up()
      throws Exception {
    Left left = whatTheyLeave();
    theyAreToldOf(left);
    erase("phone", "+" + Market.CALLER);
    erase("agent", left.agent());
    erase("agent", left.abroad());
    nobodyIsToldOfThemAnyMore(left);
    market.close();
    assertThat(tandem("audit", "verify")).as(said.toString()).isZero();
    assertThat(tandem("audit", "trial-balance")).as(said.toString()).isZero();
    sign();
    archive();
    assertThat(tandem("audit", "verify", "--archive", archives().toString()))
        .as(said.toString())
        .isZero();
    assertThat(tandem("audit", "trial-balance", "--archive", archives().toString()))
        .as(said.toString())
        .isZero();
    assertThat(tandem("audit", "rebuild", "--archive", archives().toString()))
        .as(said.toString())
        .isZero();
    nothingIsLeft();
  }

  private Left whatTheyLeave() throws Exception {
    HttpMarket.Tenant publisher = market.tenant("Publisher");
    HttpMarket.Tenant buyer = market.tenant("Buyer");
    market.vertical();
    String campaign = market.campaign(publisher);
    publisher
        .client()
        .call(
            "changeCampaignTerms",
            Map.of("campaignId", campaign),
            HttpMarket.campaignTerms("{\"recording\":\"AFTER_NOTICE\",\"notice\":\"Recorded.\"}"))
        .ok();
    String agent = market.agent(buyer, "seat-7", AGENTS_NAME.replace("\"", "\\\""));
    String abroad = agentAbroad(buyer);
    for (HttpMarket.Tenant each : List.of(publisher, buyer)) {
      each.client()
          .call(
              "createWebhook",
              Map.of(),
              "{\"url\":\"%s\",\"events\":[\"*\"]}".formatted(receiver.url()))
          .ok();
    }
    market.deposit(buyer, "100.00");
    market.awaitCallable(agent, buyer);
    Market.await("the other one is known", () -> market.online(abroad));
    Market.await("the notice is known", () -> market.records(campaign));

    String callId = recordedCall(buyer);
    snapshot(agent);
    dispute(callId, buyer);
    String link = export(buyer);
    Market.await("webhooks were told", () -> told("call.ended") && told("dispute.filed"));
    return new Left(buyer, callId, agent, abroad, link);
  }

  private void theyAreToldOf(Left left) {
    Path proof = directory.resolve("node/call.proof");
    sign();
    assertThat(
            tandem(
                "audit", "export", "--proof", "call/" + left.callId(), "--out", proof.toString()))
        .as(said.toString())
        .isZero();
    assertThat(operator.call("readCall", Map.of("callId", left.callId())).ok().toString())
        .as("they are there before")
        .contains("0123");
    assertThat(
            left.buyer()
                .client()
                .call("readAgent", Map.of("agentId", left.agent()))
                .ok()
                .toString())
        .contains("Ottilie");
    assertThat(operator.call("readAgent", Map.of("agentId", left.abroad())).ok().toString())
        .contains(AGENTS_NUMBER);
    assertThat(tandem("audit", "replay", "call/" + left.callId(), "--json")).isZero();
    assertThat(said.toString()).as("it was offered to both").contains(left.agent(), left.abroad());
  }

  private void nobodyIsToldOfThemAnyMore(Left left) {
    assertThat(
            left.buyer().client().call("readRecording", Map.of("callId", left.callId())).status())
        .as("its sound is gone")
        .isEqualTo(404);
    assertThat(operator.as(null).send("GET", left.link(), null, null, "application/json").status())
        .as("what an account took along is gone")
        .isEqualTo(404);
    assertThat(operator.call("listAgents").ok().toString())
        .contains(left.agent())
        .doesNotContain("Ott");
  }

  /** An agent in another network, who may be called next. */
  private String agentAbroad(HttpMarket.Tenant owner) {
    String id =
        operator
            .call(
                "createAgent",
                Map.of(),
                "{\"accountId\":\"%s\",\"name\":\"Ottilie\",\"endpoint\":\"%s\",\"terms\":%s}"
                    .formatted(owner.accountId(), AGENTS_NUMBER, HttpMarket.agentTerms()))
            .ok()
            .path("id")
            .asText();
    Map<String, String> one = Map.of("agentId", id);
    owner
        .client()
        .call(
            "fileLicence",
            one,
            "{\"state\":\"NY\",\"verticalId\":\"health\",\"number\":\"L-1\",\"expires\":\"2099-01-01\"}")
        .ok();
    owner.client().call("goOnline", one).ok();
    return id;
  }

  private String recordedCall(HttpMarket.Tenant buyer) throws Exception {
    try (Telephones phones = new Telephones(market.node().edge().orElseThrow().sipAddress())) {
      phones.phone("seat-7");
      UaCall call = phones.call();
      assertThat(call.answered().get(10, TimeUnit.SECONDS)).isTrue();
      String callId = Telephones.callId(phones.awaitRung(1));
      Market.await("it is recorded", () -> recording(callId).equals("RUNNING"));
      edge.advance(90_000);
      Market.await(
          "the charge is booked",
          () ->
              buyer
                  .client()
                  .call("readWallet", Map.of("accountId", buyer.accountId()))
                  .ok()
                  .at("/balance/amount")
                  .asText()
                  .equals("75.00"));
      call.hangUp();
      call.ended().get(10, TimeUnit.SECONDS);
      Market.await("the recording is whole", () -> recording(callId).equals("DONE"));
      assertThat(buyer.client().call("readRecording", Map.of("callId", callId)).status())
          .isEqualTo(200);
      Market.await(
          "the record is listed",
          () -> buyer.client().call("listCalls").ok().path("items").size() == 1);
      return callId;
    }
  }

  private String recording(String callId) {
    return operator
        .call("readCall", Map.of("callId", callId))
        .body()
        .at("/recording/state")
        .asText();
  }

  /** So many events that the agent's state is stored once. */
  private void snapshot(String agent) {
    CompletableFuture<?>[] rounds = new CompletableFuture<?>[AGENT_SNAPSHOT_EVERY];
    for (int i = 0; i < rounds.length; i++) {
      rounds[i] =
          market
              .node()
              .gateway()
              .attest(
                  new EntityKey("agent", agent),
                  i % 2 == 0 ? new AgentCommand.GoOffline("a round") : new AgentCommand.GoOnline(),
                  new Origin(TimedId.next("cmd"), "test", "operator"))
              .toCompletableFuture();
    }
    CompletableFuture.allOf(rounds).join();
    Market.await(
        "its state is stored",
        () ->
            market
                    .node()
                    .stores()
                    .journal()
                    .run(
                        c ->
                            Sql.number(
                                c,
                                "select count(*) from \"snapshot\" where \"persistence_id\" ="
                                    + " 'agent|"
                                    + agent
                                    + "'"))
                > 0);
  }

  private void dispute(String callId, HttpMarket.Tenant buyer) {
    buyer
        .client()
        .call(
            "fileDispute",
            Map.of(),
            "{\"callId\":\"%s\",\"reason\":\"FRAUD\",\"statement\":\"%s\"}"
                .formatted(callId, CALLERS_WORDS))
        .ok();
  }

  private String export(HttpMarket.Tenant buyer) {
    Map<String, String> of = Map.of("accountId", buyer.accountId());
    String id = buyer.client().call("beginExport", of).ok().path("id").asText();
    Map<String, String> one = Map.of("accountId", buyer.accountId(), "exportId", id);
    Market.await(
        "the export is ready",
        () -> buyer.client().call("readExport", one).ok().path("state").asText().equals("READY"));
    return buyer.client().call("readExport", one).ok().path("link").asText();
  }

  private boolean told(String type) {
    return receiver.told().stream().anyMatch(t -> t.body().path("type").asText().equals(type));
  }

  private void erase(String whom, String value) {
    JsonNode erased =
        operator
            .call(
                "erasePerson",
                Map.of(),
                "{\"%s\":\"%s\",\"reason\":\"request 2026-117\"}".formatted(whom, value))
            .ok();
    assertThat(erased.path("outcomes").findValuesAsText("verdict")).containsOnly("ERASED");
    assertThat(erased.path("outcomes").findValuesAsText("keys")).anyMatch(n -> !n.equals("0"));
  }

  /** Moves the call to a file, sooner than the command would. */
  private void archive() {
    try (Stores stores = stores()) {
      int settled = stores.journal().update("delete from due_index"); // if it has not by itself
      assertThat(settled).isNotNegative();
      EntityType<?, ?, ?, ?> calls =
          Nouns.of(settings).stream()
              .filter(n -> n.name().equals("call"))
              .findFirst()
              .orElseThrow();
      Instant now = Instant.now();
      Archiver archiver =
          new Archiver(
              stores.journal(),
              kind(calls),
              EntityCodecs.of(
                      Nouns.of(settings),
                      Nouns.upcasters(),
                      new AesGcmSealer(stores.keys(), InstantSource.system()))
                  .sealed(),
              NodeSecrets.of(settings).signing());
      assertThat(archiver.archive(archives(), now, now, done -> {})).isPresent();
    }
  }

  private static <E extends DomainEvent, S extends DomainState<S, E>> EntityKind<S, E> kind(
      EntityType<?, ?, E, S> noun) {
    return new EntityKind<>(noun.name(), noun.eventType(), noun.initial());
  }

  private void sign() {
    try (Stores stores = stores()) {
      CheckpointMaker maker =
          new CheckpointMaker(
              stores.journal(), NodeSecrets.of(settings).signing(), InstantSource.system());
      var unused = maker.make();
      int unusedToo = maker.anchor(Anchors.of("file:checkpoints.anchor", settings.directory()));
    }
  }

  private Stores stores() {
    return Stores.open(settings, NodeSecrets.of(settings), "auditor", InstantSource.system());
  }

  private int tandem(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    said.getBuffer().setLength(0);
    PrintWriter both = new PrintWriter(said, true);
    return Main.run(both, both, all.toArray(String[]::new));
  }

  private void nothingIsLeft() throws Exception {
    Traces traces = new Traces(TRACES);
    try (Stores stores = stores()) {
      for (Database each : List.of(stores.journal(), stores.keyDatabase())) {
        assertThat(traces.inTablesOf(each)).isEmpty();
      }
    }
    Traces.compact(Stores.journalOf(settings));
    Traces.compact(Stores.keysOf(settings));
    assertThat(traces.inFilesOf(directory)).isEmpty();
    assertThat(Traces.files(directory).stream().map(file -> file.getFileName().toString()))
        .as("journal, keys, recording, proof and archive are there")
        .hasSizeGreaterThan(4)
        .anyMatch(name -> name.endsWith(".wav.sealed"))
        .contains("call.proof");
  }
}

package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentSettings;
import io.tandem.node.system.Market;
import io.tandem.node.system.Telephones;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallState;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIPp as two phones of an account: one talks to the other and brings it its caller. */
class SippTransferTest {
  private static final int PATIENCE_SECONDS = 30;

  @TempDir Path directory;

  @Test
  @NeedsPeer("sipp")
  @Tag("rule:TEL-11")
  void an_agent_talks_to_a_colleague_and_hands_its_caller_on_into_that_talk() throws Exception {
    try (PeerNode node = PeerNode.start(directory, 30_600);
        Sipp sipp = new Sipp(directory, node.node().edge().orElseThrow().sipAddress(), 41_200);
        Telephones callers = new Telephones(node.node().edge().orElseThrow().sipAddress())) {
      node.market().agent("anna", 100);
      node.market().onlyMd5("anna");
      node.market().colleague("bert", "anna");
      node.market().onlyMd5("bert");
      int annas = Sipp.freePort();
      int berts = Sipp.freePort();
      Path heard = directory.resolve("bert-heard");
      Process bert = sipp.colleague(berts, 2, heard);
      Process anna = sipp.consulting(annas, "bert", berts);
      sipp.register("bert", Market.password("bert"), berts);
      sipp.register("anna", Market.password("anna"), annas);

      UaCall caller = callers.call();
      assertThat(Telephones.within(caller.answered())).isTrue();
      sipp.expectSuccess("the agent's phone", anna, PATIENCE_SECONDS);

      Market.await(
          "the caller is shown its new partner",
          () -> caller.heard().stream().anyMatch(request -> request.is(SipRequest.INVITE)));
      assertThat(caller.state()).isEqualTo(UaCall.State.ANSWERED);
      caller.hangUp();
      sipp.expectSuccess("the colleague's phone", bert, PATIENCE_SECONDS);
      String callId = node.market().callIds().getFirst();
      assertThat(node.market().awaitPhase(callId, CallState.Ended.class).bridged()).isNotNull();
      WhatIf.Outcome again =
          WhatIf.of(
                  new JournalReader(node.node().stores().journal()),
                  node.node().codecs().sealed(),
                  AgentSettings.DEFAULT)
              .run();
      assertThat(again.calls()).isEqualTo(1);
      assertThat(again.differing()).as("a call handed on comes out the same").isZero();
      assertThat(again.isBooked() && again.leftOut().isEmpty()).isTrue();
      namesTheTalk(Files.readString(heard, StandardCharsets.ISO_8859_1));
    }
  }

  /** RFC 3891: Call-ID and tags of the talk, the target's first, as the second INVITE says. */
  private static void namesTheTalk(String messages) {
    List<String> invites =
        List.of(messages.split("(?=INVITE sip:)")).stream()
            .filter(text -> text.startsWith("INVITE sip:"))
            .toList();
    String talk = invites.getFirst();
    String from = talk.replaceFirst("(?s).*?\\nFrom: [^\\r]*;tag=([^\\r;]+).*", "$1");
    String id = talk.replaceFirst("(?s).*?\\nCall-ID: ([^\\r]+).*", "$1");
    String to = talk.replaceFirst("(?s).*?\\nTo: [^\\r]*;tag=([^\\r;]+).*", "$1");
    assertThat(id).startsWith("talk///");
    assertThat(invites.getLast())
        .contains("Require: replaces")
        .contains("Replaces: " + id + ";to-tag=" + to + ";from-tag=" + from);
  }
}

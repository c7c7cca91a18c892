package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A phone with a lamp for a colleague's. */
class WatchingOverSipTest {
  @TempDir Path directory;

  @Test
  @Tag("rule:TEL-11")
  void a_lamp_shows_that_a_colleague_rings_and_talks_and_nothing_to_other_accounts() {
    try (Exchange exchange = Exchange.open(directory);
        Lamp lamp = new Lamp("bert", exchange.node().edge().orElseThrow().sipAddress())) {
      exchange.market().agent("anna", 100);
      exchange.market().agent("carl", 100);
      exchange.market().colleague("bert", "anna");
      exchange.phones().phone("anna", exchange.phones().ringing());

      assertThat(lamp.subscribe("nobody-asked", "anna", "presence"))
          .startsWith("SIP/2.0 489")
          .contains("Allow-Events: dialog, message-summary");
      assertThat(lamp.subscribe("strange", "carl", "dialog")).startsWith("SIP/2.0 404");
      assertThat(lamp.subscribe("lamp", "anna", "dialog"))
          .startsWith("SIP/2.0 200")
          .contains("Expires: 600");
      assertThat(lamp.notification("version=\"0\"")).doesNotContain("<state>");

      UaCall caller = exchange.phones().call();
      UaCall atPhone = exchange.phones().awaitRung(1);
      assertThat(lamp.notification("<state>early</state>")).contains("entity=\"sip:anna@");
      exchange.phones().answer(atPhone);
      assertThat(Telephones.within(caller.answered())).isTrue();
      assertThat(lamp.notification("<state>confirmed</state>")).doesNotContain(Market.CALLER);
      exchange.hangUp(caller, Telephones.callId(atPhone));
      assertThat(lamp.notification("dialog-info")).doesNotContain("<state>");

      assertThat(lamp.subscribe("mail", "bert", "message-summary")).startsWith("SIP/2.0 200");
      assertThat(lamp.notification("Messages-Waiting: no")).contains("Voice-Message: 0/0");

      for (int watched = 3; watched <= 500; watched++) {
        assertThat(lamp.subscribe("more" + watched, "bert", "message-summary"))
            .startsWith("SIP/2.0 200");
      }
      assertThat(lamp.subscribe("one-too-many", "bert", "message-summary"))
          .startsWith("SIP/2.0 503");
    }
  }

  /** Who has handed its caller on is free; who is rung for it rings, and talks once it has it. */
  @Test
  @Tag("rule:TEL-11")
  void a_lamp_goes_out_when_its_phone_hands_the_caller_on_and_lights_where_the_caller_is() {
    try (Exchange exchange = Exchange.open(directory);
        Lamp lamp = new Lamp("bert", exchange.node().edge().orElseThrow().sipAddress())) {
      exchange.market().agent("anna", 100);
      exchange.market().colleague("bert", "anna");
      exchange.market().colleague("dora", "anna");
      exchange.phones().phone("anna");
      exchange.phones().phone("dora", exchange.phones().ringing());
      Exchange.Connected call = exchange.connect();
      assertThat(lamp.subscribe("of-anna", "anna", "dialog")).startsWith("SIP/2.0 200");
      lamp.notification("sip:anna@", "<state>confirmed</state>");
      assertThat(lamp.subscribe("of-dora", "dora", "dialog")).startsWith("SIP/2.0 200");
      assertThat(lamp.notification("sip:dora@", "dialog-info")).doesNotContain("<state>");

      assertThat(Telephones.within(call.agent().refer("<sip:dora@127.0.0.1>")).status())
          .isEqualTo(202);
      UaCall dora = exchange.phones().awaitRung(2);
      lamp.notification("sip:dora@", "<state>early</state>");
      exchange.phones().answer(dora);
      lamp.notification("sip:dora@", "<state>confirmed</state>");
      assertThat(lamp.notification("sip:anna@", "dialog-info")).doesNotContain("<state>");

      exchange.hangUp(call.caller(), call.callId());
      assertThat(lamp.notification("sip:dora@", "dialog-info")).doesNotContain("<state>");
    }
  }

  @Test
  @Tag("rule:TEL-11")
  void a_lamp_that_rings_for_a_transfer_goes_out_when_nobody_answers() {
    try (Exchange exchange = Exchange.open(directory);
        Lamp lamp = new Lamp("bert", exchange.node().edge().orElseThrow().sipAddress())) {
      exchange.market().agent("anna", 100);
      exchange.market().colleague("bert", "anna");
      exchange.market().colleague("dora", "anna");
      exchange.phones().phone("anna");
      exchange.phones().phone("dora", exchange.phones().ringing());
      Exchange.Connected call = exchange.connect();
      assertThat(lamp.subscribe("of-dora", "dora", "dialog")).startsWith("SIP/2.0 200");
      assertThat(lamp.notification("sip:dora@", "dialog-info")).doesNotContain("<state>");
      assertThat(Telephones.within(call.agent().refer("<sip:dora@127.0.0.1>")).status())
          .isEqualTo(202);
      var unused = exchange.phones().awaitRung(2);
      lamp.notification("sip:dora@", "<state>early</state>");
      exchange.edge().advance(25_000);
      assertThat(lamp.notification("sip:dora@", "dialog-info")).doesNotContain("<state>");
      exchange.hangUp(call.caller(), call.callId());
    }
  }
}

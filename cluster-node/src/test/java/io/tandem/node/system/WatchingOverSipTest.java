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
    }
  }
}

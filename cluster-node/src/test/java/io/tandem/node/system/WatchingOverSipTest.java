package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.auth.DigestSession;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A phone with a lamp for a colleague's. */
class WatchingOverSipTest {
  @TempDir Path directory;

  private final DigestSession bert =
      new DigestSession("bert", Market.password("bert"), () -> "cnonce");
  private int cseq;

  @Test
  @Tag("rule:TEL-11")
  void a_lamp_shows_that_a_colleague_rings_and_talks_and_nothing_to_other_accounts() {
    try (Exchange exchange = Exchange.open(directory);
        RawSip phone = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      exchange.market().agent("anna", 100);
      exchange.market().agent("carl", 100);
      exchange.market().colleague("bert", "anna");
      exchange.phones().phone("anna", exchange.phones().ringing());

      assertThat(subscribe(phone, "nobody-asked", "anna", "presence"))
          .startsWith("SIP/2.0 489")
          .contains("Allow-Events: dialog, message-summary");
      assertThat(subscribe(phone, "strange", "carl", "dialog")).startsWith("SIP/2.0 404");
      assertThat(subscribe(phone, "lamp", "anna", "dialog"))
          .startsWith("SIP/2.0 200")
          .contains("Expires: 600");
      assertThat(notification(phone, "version=\"0\"")).doesNotContain("<state>");

      UaCall caller = exchange.phones().call();
      UaCall atPhone = exchange.phones().awaitRung(1);
      assertThat(notification(phone, "<state>early</state>")).contains("entity=\"sip:anna@");
      exchange.phones().answer(atPhone);
      assertThat(Telephones.within(caller.answered())).isTrue();
      assertThat(notification(phone, "<state>confirmed</state>")).doesNotContain(Market.CALLER);
      exchange.hangUp(caller, Telephones.callId(atPhone));
      assertThat(notification(phone, "dialog-info")).doesNotContain("<state>");

      assertThat(subscribe(phone, "mail", "bert", "message-summary")).startsWith("SIP/2.0 200");
      assertThat(notification(phone, "Messages-Waiting: no")).contains("Voice-Message: 0/0");
    }
  }

  /** Subscribes with the credentials that the challenge asks for. */
  private String subscribe(RawSip phone, String callId, String whom, String event) {
    String uri = "sip:" + whom + "@127.0.0.1";
    while (true) {
      String branch = callId + ++cseq;
      String answer =
          bert.answer("SUBSCRIBE", uri).map(value -> "Authorization: " + value).orElse("X-None: 1");
      phone.send(
          "",
          "SUBSCRIBE " + uri + " SIP/2.0",
          phone.via(branch),
          "Max-Forwards: 70",
          answer,
          "From: <sip:bert@127.0.0.1>;tag=w",
          "To: <" + uri + ">",
          "Contact: <sip:bert@127.0.0.1:" + phone.port() + ">",
          "Event: " + event,
          "Expires: 600",
          "Call-ID: " + callId,
          "CSeq: " + cseq + " SUBSCRIBE");
      String said =
          phone.await(text -> text.startsWith("SIP/2.0 ") && text.contains("bK" + branch));
      if (!said.startsWith("SIP/2.0 401")) {
        return said;
      }
      List<String> challenges =
          said.lines()
              .filter(line -> line.startsWith("WWW-Authenticate: "))
              .map(line -> line.substring("WWW-Authenticate: ".length()))
              .toList();
      assertThat(bert.challenged(challenges, false)).isTrue();
    }
  }

  /** The next NOTIFY with this in it, which is answered. */
  private static String notification(RawSip phone, String part) {
    String notify = phone.await(text -> text.startsWith("NOTIFY ") && text.contains(part));
    String head =
        String.join(
            "\r\n",
            notify.lines().filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*")).toList());
    phone.send("", "SIP/2.0 200 OK\r\n" + head);
    return notify;
  }
}

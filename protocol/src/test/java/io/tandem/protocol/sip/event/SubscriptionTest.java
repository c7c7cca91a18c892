package io.tandem.protocol.sip.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;

/** RFC 6665 at the notifier, RFC 4235, RFC 3842. */
class SubscriptionTest {
  private static final SipRequest SUBSCRIBE =
      SipRequest.builder("SUBSCRIBE", SipUri.of("sip:anna@192.0.2.9"))
          .from(NameAddress.of(SipUri.of("sip:bert@192.0.2.9")).withTag("b"))
          .to(NameAddress.of(SipUri.of("sip:anna@192.0.2.9")))
          .callId("sub")
          .cseq(7)
          .contact(NameAddress.of(SipUri.of("sip:bert@192.0.2.2:5070")))
          .header("Event", "Dialog;id=4;sla")
          .build();

  @Test
  void notifications_count_their_documents_and_tell_what_is_left() {
    Subscription fresh = subscription(10_000);
    Subscription.Notification first = fresh.notifying(2_500);
    SipRequest notify = first.request().build();
    assertThat(notify.uri().toString()).isEqualTo("sip:bert@192.0.2.2:5070");
    assertThat(notify.header("Event")).isEqualTo("dialog;id=4");
    assertThat(notify.header("Subscription-State")).isEqualTo("active;expires=7");
    assertThat(notify.cseq().toString()).isEqualTo("1 NOTIFY");
    assertThat(first.next().version()).isEqualTo(1);

    SipRequest last = first.next().notifying(10_000).request().build();
    assertThat(last.header("Subscription-State")).isEqualTo("terminated;reason=timeout");
    assertThat(last.cseq().toString()).isEqualTo("2 NOTIFY");
  }

  @Test
  void a_refresh_keeps_the_count() {
    Subscription told = subscription(10_000).notifying(0).next();
    Subscription refreshed = told.refreshed(told.dialog(), 90_000);
    assertThat(refreshed.isOver(10_000)).isFalse();
    assertThat(refreshed.version()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"-, 3600", "0, 0", "60, 60", "99999, 3600", "x, 3600"})
  void as_much_is_granted_as_is_asked_and_no_more_than_the_most(
      @Nullable String asked, long granted) {
    SipRequest subscribe = asked == null ? SUBSCRIBE : SUBSCRIBE.with("Expires", asked);
    assertThat(Subscription.granted(subscribe)).isEqualTo(granted);
  }

  @Test
  void the_package_is_named_in_any_case() {
    assertThat(Subscription.Asked.of(SUBSCRIBE)).contains(new Subscription.Asked("dialog", "4"));
    assertThat(Subscription.Asked.of(SUBSCRIBE.without("Event"))).isEmpty();
    assertThat(Subscription.Asked.of(SUBSCRIBE.with("Event", "message-summary")))
        .contains(new Subscription.Asked("message-summary", ""));
  }

  @Test
  void a_document_of_calls_is_xml_of_the_rfcs_namespace() throws Exception {
    DialogReport info =
        new DialogReport(
            3,
            "sip:a&b@x",
            List.of(
                new DialogReport.Call("c1", true, DialogReport.State.EARLY),
                new DialogReport.Call("<c2>", false, DialogReport.State.CONFIRMED)));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document parsed = factory.newDocumentBuilder().parse(new ByteArrayInputStream(info.body()));
    var root = parsed.getDocumentElement();
    assertThat(root.getNamespaceURI()).isEqualTo("urn:ietf:params:xml:ns:dialog-info");
    assertThat(root.getAttribute("version")).isEqualTo("3");
    assertThat(root.getAttribute("entity")).isEqualTo("sip:a&b@x");
    var dialogs = parsed.getElementsByTagName("dialog");
    assertThat(dialogs.getLength()).isEqualTo(2);
    assertThat(dialogs.item(0).getTextContent().strip()).isEqualTo("early");
    assertThat(dialogs.item(1).getAttributes().getNamedItem("id").getNodeValue()).isEqualTo("<c2>");
  }

  @Test
  void a_mailbox_tells_new_and_old() {
    assertThat(new String(new MessageSummary("sip:a@x", 2, 8).body(), StandardCharsets.UTF_8))
        .isEqualTo("Messages-Waiting: yes\r\nMessage-Account: sip:a@x\r\nVoice-Message: 2/8\r\n");
    assertThat(new String(new MessageSummary("sip:a@x", 0, 8).body(), StandardCharsets.UTF_8))
        .startsWith("Messages-Waiting: no\r\n");
  }

  private static Subscription subscription(long endsAtMs) {
    Dialog dialog = Dialog.uas(SUBSCRIBE, "n", false).orElseThrow().confirm();
    return new Subscription(dialog, "dialog", "4", endsAtMs, 0);
  }
}

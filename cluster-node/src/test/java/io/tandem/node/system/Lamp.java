package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.auth.DigestSession;
import java.net.InetSocketAddress;
import java.util.List;

/** A phone that watches others, written by hand: it subscribes and reads what it is told. */
final class Lamp implements AutoCloseable {
  private final String name;
  private final RawSip phone;
  private final DigestSession credentials;
  private int cseq;

  /** Somebody's, at a node. */
  Lamp(String name, InetSocketAddress node) {
    this.name = name;
    this.phone = new RawSip(node);
    this.credentials = new DigestSession(name, Market.password(name), () -> "cnonce");
  }

  /** Subscribes with the credentials that the challenge asks for; gives the final response. */
  String subscribe(String callId, String whom, String event) {
    String uri = "sip:" + whom + "@127.0.0.1";
    while (true) {
      String branch = callId + ++cseq;
      String answer =
          credentials
              .answer("SUBSCRIBE", uri)
              .map(value -> "Authorization: " + value)
              .orElse("X-None: 1");
      phone.send(
          "",
          "SUBSCRIBE " + uri + " SIP/2.0",
          phone.via(branch),
          "Max-Forwards: 70",
          answer,
          "From: <sip:" + name + "@127.0.0.1>;tag=w",
          "To: <" + uri + ">",
          "Contact: <sip:" + name + "@127.0.0.1:" + phone.port() + ">",
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
      assertThat(credentials.challenged(challenges, false)).isTrue();
    }
  }

  /** The next NOTIFY with all of this in it, which is answered. */
  String notification(String... parts) {
    String notify =
        phone.await(
            text -> text.startsWith("NOTIFY ") && List.of(parts).stream().allMatch(text::contains));
    acknowledge(notify);
    return notify;
  }

  /** The next NOTIFY, of whatever it tells, until one tells of no call; each is answered. */
  void awaitDark() {
    String notify;
    do {
      notify = notification("dialog-info");
    } while (notify.contains("<state>"));
  }

  private void acknowledge(String notify) {
    String head =
        String.join(
            "\r\n",
            notify.lines().filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*")).toList());
    phone.send("", "SIP/2.0 200 OK\r\n" + head);
  }

  @Override
  public void close() {
    phone.close();
  }
}

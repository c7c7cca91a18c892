package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.auth.DigestSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The registrations of RFC 4475 that are to succeed, with the credentials that a 401 asks for: what
 * the binding is then.
 */
class TortureRegistrationsTest {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\n(?:Content-Length|l) *: *(\\d+)");

  @TempDir Path directory;

  private Exchange exchange;

  @BeforeEach
  void start() {
    exchange = Exchange.open(directory);
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  /** Section 3.3.12: without brackets a parameter is the header's, in this answer and later. */
  @Test
  void a_parameter_without_brackets_is_no_parameter_of_the_contacts_uri() throws IOException {
    exchange.market().endpoint("watson", List.of("SHA-256"));
    assertThat(bindings("cparam01", "watson"))
        .singleElement()
        .asString()
        .contains("<sip:+19725552222@gw1.example.net>");
  }

  /** Section 3.3.13: within brackets it is the URI's. */
  @Test
  void a_parameter_in_brackets_stays_with_the_contacts_uri() throws IOException {
    exchange.market().endpoint("watson", List.of("SHA-256"));
    assertThat(bindings("cparam02", "watson"))
        .singleElement()
        .asString()
        .contains("<sip:+19725552222@gw1.example.net;unknownparam>");
  }

  /** Section 3.3.14. */
  @Test
  void an_escaped_route_stays_with_the_contacts_uri() throws IOException {
    exchange.market().endpoint("user", List.of("SHA-256"));
    assertThat(bindings("regescrt", "user"))
        .singleElement()
        .asString()
        .contains("<sip:user@example.com?Route=%3Csip:sip.example.com%3E>");
  }

  /** Registers with that message, then asks what is registered. */
  private List<String> bindings(String name, String user) throws IOException {
    String message = new String(TortureMessages.rfc4475(name), StandardCharsets.UTF_8);
    DigestSession digest = new DigestSession(user, Market.password(user), () -> "cnonce");
    InetSocketAddress node = exchange.node().edge().orElseThrow().sipAddress();
    try (Socket socket = new Socket(node.getAddress(), node.getPort())) {
      socket.setSoTimeout(20_000);
      String challenge = exchanged(socket, message);
      assertThat(challenge).startsWith("SIP/2.0 401");
      List<String> offered =
          challenge
              .lines()
              .filter(line -> line.startsWith("WWW-Authenticate: "))
              .map(line -> line.substring("WWW-Authenticate: ".length()))
              .toList();
      assertThat(digest.challenged(offered, false)).isTrue();
      String registered = exchanged(socket, authorized(message, digest, 1));
      assertThat(registered).startsWith("SIP/2.0 200");
      String asking = message.replaceAll("(?mi)^(Contact|m|l|Content-Length) *:.*\r\n", "");
      String bare = asking.replaceFirst("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n");
      String fetched = exchanged(socket, authorized(bare, digest, 2));
      assertThat(contacts(fetched)).as(registered).isEqualTo(contacts(registered));
      return contacts(fetched);
    }
  }

  private static List<String> contacts(String response) {
    assertThat(response).startsWith("SIP/2.0 200");
    return response
        .lines()
        .filter(line -> line.startsWith("Contact: "))
        .map(line -> line.replaceFirst(";expires=\\d+", ""))
        .toList();
  }

  /** The same once more: a transaction of its own, one CSeq later each time. */
  private static String authorized(String message, DigestSession digest, int times) {
    String uri = message.split(" ", 3)[1];
    String answer = digest.answer("REGISTER", uri).orElseThrow();
    String later = message;
    for (int i = 0; i < times; i++) {
      later =
          Pattern.compile("(?m)^CSeq *: *(\\d+)")
              .matcher(later)
              .replaceFirst(m -> "CSeq: " + (Long.parseLong(m.group(1)) + 1));
    }
    return later
        .replaceFirst("branch=z9hG4bK", "branch=z9hG4bKtimes" + times)
        .replaceFirst("\r\n", Matcher.quoteReplacement("\r\nAuthorization: " + answer + "\r\n"));
  }

  private static String exchanged(Socket socket, String message) throws IOException {
    socket.getOutputStream().write(message.getBytes(StandardCharsets.UTF_8));
    StringBuilder read = new StringBuilder();
    byte[] buffer = new byte[65_536];
    while (!isWhole(read.toString())) {
      int count = socket.getInputStream().read(buffer);
      assertThat(count).as("closed after %s", read).isPositive();
      read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }
    return read.toString();
  }

  private static boolean isWhole(String text) {
    int end = text.indexOf("\r\n\r\n");
    var length = LENGTH.matcher(text);
    return end >= 0
        && length.find()
        && text.length() >= end + 4 + Integer.parseInt(length.group(1));
  }
}

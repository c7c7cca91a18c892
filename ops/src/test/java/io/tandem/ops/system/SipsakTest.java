package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.system.Market;
import io.tandem.ops.house.NeedsPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sipsak, with which SIP servers are poked: pings, registers, and sends what is broken. */
@NeedsPeer("sipsak")
class SipsakTest {
  @TempDir Path directory;

  private PeerNode node;

  @BeforeEach
  void start() {
    node = PeerNode.start(directory, 30_500);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private PeerNode.Run sipsak(String user, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("sipsak", "-s", "sip:" + user + "@127.0.0.1:" + node.port()));
    command.addAll(List.of(options));
    return node.run(command);
  }

  @Test
  @Tag("rule:TEL-1")
  void a_phone_registers_with_its_password_and_not_with_another_and_both_transports_answer()
      throws Exception {
    for (String transport : List.of("udp", "tcp")) {
      PeerNode.Run ping = sipsak("node", "-E", transport, "-v");
      assertThat(ping.exit()).as(ping.said()).isZero();
      assertThat(ping.said()).contains("200 OK");
    }
    node.market().endpoint("anna", List.of("MD5"));
    String contact = "sip:anna@127.0.0.1:5099";
    PeerNode.Run right = register(contact, Market.password("anna"));
    assertThat(right.exit()).as(right.said()).isZero();
    assertThat(right.said()).contains("SIP/2.0 401", "SIP/2.0 200", "<" + contact + ">");
    PeerNode.Run wrong = register(contact, "guessed");
    assertThat(wrong.exit()).as(wrong.said()).isNotZero();
    assertThat(wrong.said()).contains("SIP/2.0 403").doesNotContain("SIP/2.0 200");
  }

  /** Told its name, for it takes "anna@" for it. */
  private PeerNode.Run register(String contact, String password) throws Exception {
    return sipsak("anna", "-U", "-C", contact, "-x", "600", "-u", "anna", "-a", password, "-vvv");
  }

  /** Each round it breaks a request in one more place, until it was never answered for a while. */
  @Test
  void requests_that_it_breaks_at_random_do_not_bring_the_node_down() throws Exception {
    PeerNode.Run broken = sipsak("node", "-R", "-t", "120", "-v");
    System.out.println(broken.said().lines().reduce("", (before, line) -> line));
    PeerNode.Run ping = sipsak("node", "-v");
    assertThat(ping.exit()).as(ping.said()).isZero();
  }
}

package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.node.boot.CannotStart;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.Settings;
import io.tandem.node.boot.Stores;
import io.tandem.persistence.database.Database;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node says to what is wrong, on the wire and where it is started. */
class BadInputTest {
  @TempDir Path directory;

  @Test
  void a_malformed_message_gets_a_400_where_an_answer_is_due_and_the_node_lives() {
    try (Node node = Node.start(Exchange.settings(directory));
        RawSip somebody = new RawSip(node.edge().orElseThrow().sipAddress())) {
      somebody.send(
          "",
          "INVITE sip:18005550100@127.0.0.1 SIP/2.0",
          somebody.via("bad1"),
          "Max-Forwards: 70",
          "From: <sip:a@127.0.0.1>;tag=a",
          "To: <sip:18005550100@127.0.0.1>",
          "Call-ID: bad1",
          "CSeq: many INVITE");
      assertThat(somebody.awaitFinal()).startsWith("SIP/2.0 400 ").contains("bad1");
      somebody.send(
          "",
          "INVITE sip:18005550100@127.0.0.1 SIP/2.0",
          somebody.via("bad2"),
          "From: <sip:a@127.0.0.1>;tag=a",
          "Call-ID: bad2",
          "CSeq: 1 INVITE");
      assertThat(somebody.awaitFinal()).startsWith("SIP/2.0 400 ").contains("bad2");

      SplittableRandom random = new SplittableRandom(7);
      for (int i = 0; i < 500; i++) {
        byte[] noise = new byte[random.nextInt(1, 1_200)];
        random.nextBytes(noise);
        somebody.sendBytes(noise);
        somebody.sendBytes(
            ("INVITE sip:x SIP/2.0\r\nVia: \r\n" + "\0".repeat(i % 40) + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
      }
      assertThat(somebody.isAlive("after-noise")).isTrue();
    }
  }

  @Test
  void a_number_that_nobody_has_gets_a_404_and_an_offer_without_voice_a_488() {
    try (Exchange exchange = Exchange.open(directory);
        RawSip somebody = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      for (String[] each :
          new String[][] {{"19995550000", "404"}, {Market.NUMBER, "488"}, {"nobody", "404"}}) {
        somebody.send(
            String.join(
                "\r\n",
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=-",
                "c=IN IP4 127.0.0.1",
                "t=0 0",
                "m=video 9000 RTP/AVP 96",
                ""),
            "INVITE sip:" + each[0] + "@127.0.0.1 SIP/2.0",
            somebody.via("n" + each[0]),
            "Max-Forwards: 70",
            "From: <sip:12125550123@127.0.0.1>;tag=a",
            "To: <sip:" + each[0] + "@127.0.0.1>",
            "Contact: <sip:12125550123@127.0.0.1:" + somebody.port() + ">",
            "Call-ID: n" + each[0],
            "CSeq: 1 INVITE",
            "Content-Type: application/sdp");
        assertThat(
                somebody.await(
                    t -> t.contains("Call-ID: n" + each[0]) && !t.startsWith("SIP/2.0 1")))
            .startsWith("SIP/2.0 " + each[1]);
      }
      assertThat(exchange.market().callIds()).isEmpty();
    }
  }

  @Test
  void a_busy_sip_port_stops_the_start_and_is_named() throws Exception {
    try (DatagramSocket busy = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Settings settings = Exchange.settings(directory, "tandem.sip.port = " + busy.getLocalPort());
      assertThatExceptionOfType(CannotStart.class)
          .isThrownBy(() -> Node.start(settings))
          .withMessageContaining("tandem.sip")
          .withMessageContaining(Integer.toString(busy.getLocalPort()));
    }
  }

  @Test
  void a_busy_cluster_port_stops_the_start_and_is_named() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Settings settings =
          Exchange.settings(directory, "tandem.cluster.port = " + busy.getLocalPort());
      assertThatExceptionOfType(CannotStart.class)
          .isThrownBy(() -> Node.start(settings))
          .withMessageContaining("tandem.cluster")
          .withMessageContaining(Integer.toString(busy.getLocalPort()));
    }
  }

  @Test
  void a_database_of_a_newer_schema_stops_the_start_and_is_left_alone() {
    Settings settings = Exchange.settings(directory);
    try (Database database = Database.open(Stores.journalOf(settings), Database.Contents.JOURNAL)) {
      var unused =
          database.update(
              """
              insert into "flyway_schema_history" ("installed_rank", "version", "description", "type", "script",
                "checksum", "installed_by", "execution_time", "success")
              values (99, '99', 'from the future', 'SQL', 'V99__future.sql', 0, 'test', 0, true)\
              """);
    }
    assertThatExceptionOfType(CannotStart.class)
        .isThrownBy(() -> Node.start(settings))
        .withMessageContaining("tandem.database.url")
        .withMessageContaining("99")
        .withMessageContaining("newer build");
  }
}

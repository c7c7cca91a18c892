package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.node.http.ApiClient;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one call leaves behind: on the page of metrics, with Homer, and in its ladder. */
class ObservedOverSipTest {
  private static final int QUIET_MILLIS = 500;

  @TempDir Path directory;

  @Test
  @Tag("rule:PRV-4")
  void a_call_is_counted_measured_copied_to_homer_and_kept_as_a_ladder_and_nobody_is_named()
      throws Exception {
    try (DatagramSocket homer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Exchange exchange =
            Exchange.open(
                Exchange.settings(
                    directory,
                    "tandem.node.roles = [edge, control, api]",
                    "tandem.http.port = 0",
                    "tandem.http.operator-token = \"" + HttpMarket.OPERATOR + "\"",
                    "tandem.sip.hep.collector = \"127.0.0.1:" + homer.getLocalPort() + "\""),
                UnaryOperator.identity(),
                Market.oneByOne())) {
      exchange.market().agent("anna", 100);
      exchange.phones().phone("anna");
      Exchange.Connected call = exchange.connect();
      exchange.hangUp(call.caller(), call.callId());

      assertThat(exchange.node().meters().scrape().lines())
          .anyMatch(line -> measures(line, "tandem_sip_requests_total", "in", "INVITE"))
          .anyMatch(line -> measures(line, "tandem_sip_responses_total", "out", "200"))
          // RFC 6076: session request delay, duration of a session, success ratios
          .anyMatch(line -> line.startsWith("tandem_sip_srd_seconds_count{"))
          .anyMatch(line -> line.startsWith("tandem_sip_sdt_seconds_count{"))
          .anyMatch(line -> line.startsWith("tandem_sip_ser_percent{") && line.endsWith(" 100.0"));

      List<String> copies = copies(homer);
      assertThat(copies).allMatch(copy -> copy.startsWith("HEP3"));
      assertThat(copies)
          .filteredOn(copy -> copy.contains(call.callId()))
          .anyMatch(copy -> copy.contains("INVITE "))
          .anyMatch(copy -> copy.contains("BYE "))
          .noneMatch(copy -> copy.contains(Market.CALLER));

      ApiClient operator =
          ApiClient.of(exchange.node().http().orElseThrow().address(), HttpMarket.OPERATOR);
      Market.await("its ladder is stored", 30, () -> !ladder(operator, call.callId()).isEmpty());
      JsonNode ladder = ladder(operator, call.callId());
      assertThat(ladder.findValuesAsText("leg")).contains("caller", "phone");
      assertThat(ladder.findValuesAsText("message"))
          .anyMatch(message -> message.startsWith("INVITE "))
          .anyMatch(message -> message.startsWith("200 "))
          .anyMatch(message -> message.startsWith("BYE "))
          .noneMatch(message -> message.contains(Market.CALLER));
    }
  }

  private static boolean measures(String line, String name, String direction, String what) {
    return line.startsWith(name)
        && line.contains("direction=\"" + direction + "\"")
        && line.contains("\"" + what + "\"");
  }

  private static JsonNode ladder(ApiClient operator, String callId) {
    return operator.call("listMessages", Map.of("callId", callId)).ok().path("items");
  }

  /** What has come so far, as text: its binary head in Latin-1. */
  private static List<String> copies(DatagramSocket homer) throws Exception {
    List<String> copies = new ArrayList<>();
    homer.setSoTimeout(QUIET_MILLIS);
    byte[] buffer = new byte[65_536];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        homer.receive(packet);
      } catch (SocketTimeoutException quiet) {
        return copies;
      }
      copies.add(new String(buffer, 0, packet.getLength(), StandardCharsets.ISO_8859_1));
    }
  }
}

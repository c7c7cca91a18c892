package io.tandem.ops.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a node says once it is ready.
 *
 * @param tcpToo whether TCP has the same port: where any free one was taken it has its own
 * @param sip where SIP is answered, null without the edge role
 * @param http base of the HTTP interface, null without the api role
 * @param cluster its address for other nodes
 * @param rtp first and last port of media
 * @param millis since the JVM began
 */
record Greeting(
    String name,
    boolean tcpToo,
    @Nullable InetSocketAddress sip,
    @Nullable String http,
    String cluster,
    String rtp,
    Path directory,
    boolean ownToken,
    long millis) {

  static Greeting of(Node node, Settings settings) {
    return new Greeting(
        settings.name(),
        settings.sip().port() != 0,
        node.edge().map(edge -> edge.sipAddress()).orElse(null),
        node.http().map(http -> url(http.address())).orElse(null),
        node.clusterAddress(),
        settings.rtp().firstPort() + "-" + settings.rtp().lastPort(),
        settings.directory(),
        settings.http().operatorToken().isEmpty(),
        Node.sinceJvmStartMillis());
  }

  private static String url(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** One line for programs; what this node does not have is left out. */
  String json() {
    ObjectNode line = new ObjectMapper().createObjectNode().put("event", "ready").put("node", name);
    if (sip != null) {
      line.put("sipHost", sip.getAddress().getHostAddress()).put("sipPort", sip.getPort());
    }
    if (http != null) {
      line.put("http", http);
    }
    return line.put("cluster", cluster).put("rtp", rtp).put("millis", millis).toString();
  }

  /** For people: the addresses, and what to try next. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("Tandem node ")
        .append(name)
        .append(" is ready after ")
        .append(millis)
        .append(" ms.\n");
    if (sip != null) {
      text.append("  SIP      ")
          .append(sip.getAddress().getHostAddress())
          .append(':')
          .append(sip.getPort())
          .append(tcpToo ? " (UDP, TCP)\n" : " (UDP)\n");
      text.append("  RTP      ports ").append(rtp).append('\n');
    }
    text.append("  cluster  ").append(cluster).append('\n');
    if (http != null) {
      text.append("  HTTP     ").append(http).append('\n');
      text.append("Try next:\n");
      text.append("  curl ").append(http).append("/health/ready\n");
      String token =
          ownToken ? "$(cat " + directory.resolve("operator.token") + ")" : "$OPERATOR_TOKEN";
      text.append("  curl -H \"Authorization: Bearer ")
          .append(token)
          .append("\" ")
          .append(http)
          .append("/v1/accounts\n");
      text.append("  curl ").append(http).append("/openapi.json\n");
    }
    return text.append("Ctrl-C stops it.").toString();
  }
}

package io.tandem.ops.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node as {@code tandem run} starts it, with what only a test asks for: Akka's configuration over
 * the shipped one ({@code akka.conf} beside the node's own file, for a journal that fails where it
 * is told to), and stalls opened by lines on its standard input.
 */
public final class SystemNode {
  private static final long PATIENCE_SECONDS = 40;

  private SystemNode() {}

  /** Runs until SIGTERM or until its parent is gone. */
  public static void main(String[] args) throws Exception {
    File file = new File(args[0]);
    File akka = new File(file.getParentFile(), "akka.conf");
    Config over = akka.exists() ? ConfigFactory.parseFile(akka) : ConfigFactory.empty();
    Node node = Node.start(Settings.load(file), NodeParts.REAL.withAkka(over));
    Runtime.getRuntime().addShutdownHook(new Thread(node::close));
    InetSocketAddress sip = node.edge().orElseThrow().sipAddress();
    ObjectMapper json = new ObjectMapper();
    System.out.println(
        json.createObjectNode()
            .put("event", "ready")
            .put("sipHost", sip.getAddress().getHostAddress())
            .put("sipPort", sip.getPort())
            .put("cluster", node.clusterAddress())
            .put("millis", Node.sinceJvmStartMillis()));
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = obey(node, json.readTree(line));
      } catch (Exception | AssertionError e) {
        answer = "failed: " + e;
      }
      System.out.println(json.createObjectNode().put("answer", answer));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String obey(Node node, JsonNode order) {
    String what = order.get("do").asText();
    String name = order.get("name").asText();
    if (what.equals("open")) {
      Stall stall =
          new Stall(
              name,
              order.get("number").asText(),
              order.get("timerMillis").asLong(),
              order.get("units").asLong());
      stall.open(node);
      return "ok";
    }
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Stall.isKnown(node, name)) {
      if (System.nanoTime() > until) {
        return "failed: " + name + " is not known here";
      }
      LockSupport.parkNanos(5_000_000);
    }
    return "ok";
  }
}

package io.tandem.ops.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.Settings;
import io.tandem.ops.Scratch;
import io.tandem.ops.run.Excuse;
import io.tandem.ops.run.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code tandem demo}: a node in a temporary directory, a billed call through it, and the proof.
 */
@Command(
    name = "demo",
    description = "Places a real billed call through a node of its own and shows what happened.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 everything held, 1 something did not (and which), 2 the node could not start."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int TIMER_SECONDS_MIN = 30;
  private static final int TIMER_SECONDS_MAX = 300;

  @Option(names = "--once", description = "Ends after the call instead of keeping the node up.")
  private boolean once;

  @Option(
      names = "--json",
      description = "Prints the outcome as one JSON object on standard output.")
  private boolean json;

  @Option(
      names = "--timer",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "The qualifying timer, 30 to 300 s (QT-1). Default: ${DEFAULT-VALUE}.")
  private int timerSeconds;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (timerSeconds < TIMER_SECONDS_MIN || timerSeconds > TIMER_SECONDS_MAX) {
      throw new ParameterException(
          spec.commandLine(),
          "--timer: found " + timerSeconds + ", allowed: 30 to 300 seconds (rule QT-1)");
    }
    quiet();
    StopSignals signals = once ? null : StopSignals.listen();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter told = json ? spec.commandLine().getErr() : out;
    Path directory = Files.createTempDirectory("tandem-demo");
    try {
      Settings settings = settings(directory);
      told.println("Starting a node on an embedded database in " + directory + " …");
      told.flush();
      try (Node node = Node.start(settings)) {
        Demo demo = new Demo(node, settings, told);
        Demo.Outcome outcome = demo.play(timerSeconds * 1000L);
        if (json) {
          out.println(outcome.json());
        }
        out.flush();
        if (signals != null) {
          told.println(demo.whatToTry(outcome));
          told.flush();
          signals.await();
        }
        return outcome.holds() ? 0 : 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (RuntimeException e) {
      return Excuse.tell(e, spec.commandLine().getErr());
    } finally {
      Scratch.clear(directory);
    }
  }

  /** What a node logs is for operators; a person who watches the demo wants warnings at most. */
  private static void quiet() {
    if (System.getProperty("tandem-log") == null) {
      System.setProperty("tandem-log", "WARN");
    }
  }

  private static Settings settings(Path directory) {
    Config over =
        ConfigFactory.parseMap(
            Map.of(
                "tandem.node.name", "demo",
                "tandem.node.directory", directory.toString(),
                "tandem.sip.port", freeElse(5060),
                "tandem.http.port", freeElse(8080)));
    return Settings.of(over);
  }

  /** The well-known port where it is free, else any. */
  private static int freeElse(int port) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket tcp = new ServerSocket(port, 1, loopback);
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, port))) {
      return tcp.isBound() && udp.isBound() ? port : 0;
    } catch (IOException taken) {
      return 0;
    }
  }
}

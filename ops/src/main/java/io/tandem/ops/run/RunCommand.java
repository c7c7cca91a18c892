package io.tandem.ops.run;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.Settings;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tandem run}: starts a node, says where it is and what to try, and stops it cleanly on
 * SIGTERM or Ctrl-C.
 */
@Command(
    name = "run",
    description = "Starts a node and keeps it running until it is told to stop (SIGTERM, Ctrl-C).",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 stopped as asked, 2 cannot start (the message says which key, what was found, what is allowed).",
      "A key can also be given to the JVM: TANDEM_JAVA_OPTS=-Dtandem.sip.port=5070 ./tandem run"
    })
public final class RunCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "HOCON or JSON over the defaults.")
  private @Nullable File config;

  @Option(
      names = "--check",
      description = "Reads the configuration, says whether it is right, and starts nothing.")
  private boolean check;

  @Option(names = "--keys", description = "Prints every key with its default and what it means.")
  private boolean keys;

  @Option(
      names = "--json",
      description = "Prints one line of JSON on standard output once the node is ready.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (keys) {
      out.print(reference());
      out.flush();
      return 0;
    }
    try {
      Settings settings =
          config == null ? Settings.of(ConfigFactory.empty()) : Settings.load(config);
      if (check) {
        out.println(
            "The configuration is right: node "
                + settings.name()
                + ", roles "
                + settings.roles()
                + ".");
        return 0;
      }
      StopSignals signals = StopSignals.listen();
      try (Node node = Node.start(settings)) {
        Greeting greeting = Greeting.of(node, settings);
        out.println(json ? greeting.json() : greeting.text());
        out.flush();
        signals.await();
      }
      return 0;
    } catch (RuntimeException e) {
      return Excuse.tell(e, spec.commandLine().getErr());
    }
  }

  private static String reference() throws IOException {
    try (InputStream in = Settings.class.getResourceAsStream("/tandem.conf")) {
      return new String(
          Objects.requireNonNull(in, "tandem.conf").readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

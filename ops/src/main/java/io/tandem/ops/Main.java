package io.tandem.ops;

import io.tandem.ops.audit.AuditCommand;
import io.tandem.ops.bench.BenchCommand;
import io.tandem.ops.bench.call.WarmCommand;
import io.tandem.ops.demo.DemoCommand;
import io.tandem.ops.house.RulesCommand;
import io.tandem.ops.privacy.PrivacyCommand;
import io.tandem.ops.run.RunCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code tandem} command. Exit codes: 0 done, 1 the command failed or found something wrong, 2
 * the command line was wrong.
 */
@Command(
    name = "tandem",
    description = "A call-control cluster that bills, journals and proves every call.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      HelpCommand.class,
      Version.class,
      RunCommand.class,
      DemoCommand.class,
      AuditCommand.class,
      PrivacyCommand.class,
      BenchCommand.class,
      WarmCommand.class,
      RulesCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, args));
  }

  /**
   * Runs one command in this JVM.
   *
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours()))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Colours only for a person at a terminal who did not ask for none. */
  private static Ansi colours() {
    var console = System.console();
    boolean person = console != null && console.isTerminal();
    return person && System.getenv("NO_COLOR") == null ? Ansi.ON : Ansi.OFF;
  }
}

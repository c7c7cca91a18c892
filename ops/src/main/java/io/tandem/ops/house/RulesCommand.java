package io.tandem.ops.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tandem rules}: writes {@code docs/rules.md} anew. Exit code 1 when the sources claim what
 * cannot be true.
 */
@Command(
    name = "rules",
    description = "Writes docs/rules.md anew from the rule catalogue and the tests tagged for it.",
    mixinStandardHelpOptions = true)
public final class RulesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "the source tree (default: where the launcher stands)",
      defaultValue = "${sys:tandem-home:-.}")
  private Path root = Path.of(".");

  @Override
  public Integer call() throws IOException {
    var page = RulesPage.of(root);
    Files.writeString(root.resolve("docs/rules.md"), page.render());
    var untruths = page.untruths();
    untruths.forEach(spec.commandLine().getErr()::println);
    return untruths.isEmpty() ? 0 : 1;
  }
}

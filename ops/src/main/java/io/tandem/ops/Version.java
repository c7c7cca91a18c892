package io.tandem.ops;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tandem version}: the version of Tandem, and of the JDK and the system it runs on. */
@Command(name = "version", description = "Shows the version of Tandem and of the JDK it runs on.")
public final class Version implements IVersionProvider, Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    for (String line : getVersion()) {
      spec.commandLine().getOut().println(line);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Tandem " + tandem(),
      "JDK " + System.getProperty("java.vendor") + " " + Runtime.version(),
      System.getProperty("os.name") + " " + System.getProperty("os.arch")
    };
  }

  /** The project's version, written into the resource by the build. */
  public static String tandem() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/tandem-version.properties")) {
      properties.load(Objects.requireNonNull(in, "tandem-version.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}

package io.tandem.ops.system;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A softphone that nobody here wrote, calling a number with a tone for a voice. */
final class BaresipCaller implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Path log;
  private final Process process;

  /**
   * Begins the call.
   *
   * @param seconds until it hangs up and ends, from its start on
   */
  BaresipCaller(Path folder, InetSocketAddress node, String number, int seconds)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config"),
        """
        sip_listen 127.0.0.1:0
        module_path /usr/lib/baresip/modules
        module account.so
        module g711.so
        module ausine.so
        module aufile.so
        module menu.so
        audio_source ausine,440
        audio_player aufile,%s
        audio_alert aufile,%s
        """
            .formatted(folder.resolve("heard.wav"), folder.resolve("alert.wav")));
    Files.writeString(
        folder.resolve("accounts"), "<sip:" + Stall.CALLER + "@" + HOST + ">;regint=0\n");
    Files.writeString(folder.resolve("contacts"), "");
    log = folder.resolve("baresip.log");
    process =
        new ProcessBuilder(
                "baresip",
                "-4",
                "-f",
                folder.toString(),
                "-t",
                Integer.toString(seconds),
                "-e",
                "/dial sip:" + number + "@" + HOST + ":" + node.getPort())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  /** Waits until it has hung up and ended. */
  void awaitEnd(int seconds) throws Exception {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("baresip did not end\n" + Files.readString(log));
    }
  }

  /** What it said. */
  String said() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

package io.tandem.ops.system;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.AudioFile;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.playout.ToneDetector.Tone;
import io.tandem.protocol.media.playout.ToneSource;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * baresip, a telephone nobody here wrote: speaks a tone from a file, encrypts as it is told, and
 * leaves what it heard in a file.
 */
final class Baresip implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int WAV_HEADER_OCTETS = 44;
  private static final int JUDGED_SAMPLES = 8_000;

  private final Path folder;
  private final Process process;

  private Baresip(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * A phone that calls a number at once.
   *
   * @param encryption as baresip names it: {@code srtp}, {@code srtp-mand}, {@code dtls_srtp}
   */
  static Baresip calling(
      Path folder, InetSocketAddress node, String number, String encryption, double hertz)
      throws IOException {
    String account =
        "<sip:%s@%s:%d>;regint=0;mediaenc=%s"
            .formatted(Stall.CALLER, HOST, node.getPort(), encryption);
    String dial = "/dial sip:%s@%s:%d".formatted(number, HOST, node.getPort());
    return start(folder, account, hertz, List.of("-e", dial));
  }

  /** A phone that registers and answers every call at once. */
  static Baresip answering(
      Path folder, InetSocketAddress node, Stall stall, String encryption, double hertz)
      throws IOException {
    String account =
        "<sip:%s@%s:%d>;auth_user=%s;auth_pass=%s;regint=60;answermode=auto;mediaenc=%s"
            .formatted(
                stall.name(),
                HOST,
                node.getPort(),
                stall.name(),
                Stall.password(stall.name()),
                encryption);
    return start(folder, account, hertz, List.of());
  }

  private static Baresip start(Path folder, String account, double hertz, List<String> options)
      throws IOException {
    Files.createDirectories(folder.resolve("heard"));
    Path tone = folder.resolve("tone.wav");
    byte[] minute = new ToneSource(G711.ULAW, hertz, 0.5).octets(Duration.ofMinutes(1));
    AudioFile.writeWav(tone, G711.ULAW.decode(minute));
    Files.writeString(folder.resolve("accounts"), account + "\n");
    Files.writeString(
        folder.resolve("config"),
        """
        sip_listen %s:%d
        audio_player aubridge,nobody
        audio_source aufile,%s
        audio_alert aubridge,nobody
        rtp_ports %s
        rtcp_mux yes
        rtp_timeout 0
        snd_path %s
        module_path /usr/lib/baresip/modules
        module g711.so
        module aufile.so
        module aubridge.so
        module sndfile.so
        module srtp.so
        module_tmp uuid.so
        module_tmp account.so
        module_app menu.so
        """
            .formatted(HOST, freePort(), tone, "43000-43099", folder.resolve("heard")));
    List<String> command = new ArrayList<>(List.of("baresip", "-4", "-f", folder.toString()));
    command.addAll(options);
    return new Baresip(
        folder,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("baresip.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start());
  }

  /** What it has said of itself so far. */
  String log() throws IOException {
    Path log = folder.resolve("baresip.log");
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }

  /** What it heard in the middle of its call. */
  Tone heard() throws IOException {
    short[] samples = samples().orElseThrow(() -> new AssertionError("baresip heard nothing"));
    int from = Math.max(0, samples.length / 2 - JUDGED_SAMPLES / 2);
    int to = Math.min(samples.length, from + JUDGED_SAMPLES);
    return ToneDetector.detect(Arrays.copyOfRange(samples, from, to));
  }

  /** How much it has heard so far; baresip writes as it hears. */
  long heardOctets() {
    try {
      return recording().map(file -> file.toFile().length()).orElse(0L);
    } catch (IOException gone) {
      return 0;
    }
  }

  private Optional<short[]> samples() throws IOException {
    Optional<Path> file = recording();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    ByteBuffer octets =
        ByteBuffer.wrap(Files.readAllBytes(file.get())).order(ByteOrder.LITTLE_ENDIAN);
    if (octets.capacity() <= WAV_HEADER_OCTETS) {
      return Optional.empty();
    }
    short[] samples = new short[(octets.capacity() - WAV_HEADER_OCTETS) / 2];
    octets.position(WAV_HEADER_OCTETS).asShortBuffer().get(samples);
    return Optional.of(samples);
  }

  private Optional<Path> recording() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("heard"))) {
      return files.filter(file -> file.toString().endsWith("dec.wav")).findFirst();
    }
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  /** Hangs up and ends. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}

package io.tandem.ops.system;

import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.playout.ToneDetector.Tone;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * baresip, a telephone nobody here wrote: speaks a tone from a file, encrypts as it is told, and
 * leaves what it heard in a file.
 */
final class Baresip implements AutoCloseable {
  /** No {@code mediaenc}: media in clear. */
  static final String CLEAR = "";

  private static final String HOST = "127.0.0.1";
  private static final int WAV_HEADER_OCTETS = 44;
  private static final int TONE_SECONDS = 60;
  private static final double AMPLITUDE = 0.4;

  /** What one speaks; its files have the rate and the channels of that. */
  enum Speech {
    PCMU("PCMU/8000/1", 8_000, 1),
    G722("G722/16000/1", 16_000, 1),
    OPUS("opus/48000/2", 48_000, 2);

    private final String codec;
    private final int rateHz;
    private final int channels;

    Speech(String codec, int rateHz, int channels) {
      this.codec = codec;
      this.rateHz = rateHz;
      this.channels = channels;
    }
  }

  private final Path folder;
  private final Speech speech;
  private final InetSocketAddress address;
  private final InetSocketAddress control;
  private final Process process;
  private Path forgotten;
  private long forgottenOctets;

  private Baresip(
      Path folder,
      Speech speech,
      InetSocketAddress address,
      InetSocketAddress control,
      Process process) {
    this.folder = folder;
    this.forgotten = folder;
    this.speech = speech;
    this.address = address;
    this.control = control;
    this.process = process;
  }

  /**
   * A phone that calls a number at once.
   *
   * @param encryption as baresip names it: {@code srtp}, {@code srtp-mand}, or {@link #CLEAR}
   */
  static Baresip calling(
      Path folder, InetSocketAddress node, String number, String encryption, double hertz)
      throws IOException {
    return calling(folder, Speech.PCMU, node, number, encryption, hertz);
  }

  /** The same in another codec. */
  static Baresip calling(
      Path folder,
      Speech speech,
      InetSocketAddress node,
      String number,
      String encryption,
      double hertz)
      throws IOException {
    return start(folder, speech, caller(node, encryption), hertz, dial(node, number));
  }

  /**
   * The same in clear, and it hangs up and ends by itself.
   *
   * @param seconds from its start on
   */
  static Baresip callingFor(int seconds, Path folder, InetSocketAddress node, String number)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("-t", Integer.toString(seconds)));
    options.addAll(dial(node, number));
    return start(folder, Speech.PCMU, caller(node, CLEAR), 440, options);
  }

  /** A phone that registers and answers every call at once. */
  static Baresip answering(
      Path folder, InetSocketAddress node, Stall stall, String encryption, double hertz)
      throws IOException {
    return answering(folder, Speech.PCMU, node, stall, encryption, hertz);
  }

  /** The same in another codec. */
  static Baresip answering(
      Path folder,
      Speech speech,
      InetSocketAddress node,
      Stall stall,
      String encryption,
      double hertz)
      throws IOException {
    String account =
        "<sip:%s@%s:%d>;auth_user=%s;auth_pass=%s;regint=60;answermode=auto"
            .formatted(
                stall.name(), HOST, node.getPort(), stall.name(), Stall.password(stall.name()));
    return start(folder, speech, account + encrypting(encryption), hertz, List.of());
  }

  /**
   * A phone that registers over TLS and answers every call at once; its log has its SIP messages,
   * without which it would keep the rest to itself until it ends.
   *
   * @param authority whom it trusts, PEM
   */
  static Baresip overTls(Path folder, InetSocketAddress node, String name, Path authority)
      throws IOException {
    String account =
        "<sip:%s@%s:%d;transport=tls>;auth_user=%s;auth_pass=%s;regint=60;answermode=auto"
            .formatted(name, HOST, node.getPort(), name, Stall.password(name));
    return start(
        folder, Speech.PCMU, account, 440, "sip_cafile %s\n".formatted(authority), List.of("-s"));
  }

  /** A phone that nobody registers: it answers whoever calls its {@link #address}. */
  static Baresip alone(Path folder, Speech speech, String encryption, double hertz)
      throws IOException {
    String account = "<sip:phone@%s>;regint=0;answermode=auto".formatted(HOST);
    return start(folder, speech, account + encrypting(encryption), hertz, List.of());
  }

  private static String caller(InetSocketAddress node, String encryption) {
    return "<sip:%s@%s:%d>;regint=0".formatted(Stall.CALLER, HOST, node.getPort())
        + encrypting(encryption);
  }

  private static String encrypting(String encryption) {
    return encryption.isEmpty() ? "" : ";mediaenc=" + encryption;
  }

  private static List<String> dial(InetSocketAddress node, String number) {
    return List.of("-e", "/dial sip:%s@%s:%d".formatted(number, HOST, node.getPort()));
  }

  private static Baresip start(
      Path folder, Speech speech, String account, double hertz, List<String> options)
      throws IOException {
    return start(folder, speech, account, hertz, "", options);
  }

  private static Baresip start(
      Path folder, Speech speech, String account, double hertz, String more, List<String> options)
      throws IOException {
    Files.createDirectories(folder.resolve("heard"));
    Path tone = folder.resolve("tone.wav");
    writeTone(tone, speech, hertz);
    Files.writeString(folder.resolve("accounts"), account + ";audio_codecs=" + speech.codec + "\n");
    Files.writeString(folder.resolve("contacts"), "");
    InetSocketAddress address = new InetSocketAddress(HOST, freePort());
    InetSocketAddress control = new InetSocketAddress(HOST, freeTcpPort());
    Files.writeString(
        folder.resolve("config"), config(address, control, tone, folder.resolve("heard")) + more);
    List<String> command = new ArrayList<>(List.of("baresip", "-4", "-f", folder.toString()));
    command.addAll(options);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("baresip.log").toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    return new Baresip(folder, speech, address, control, process);
  }

  private static String config(
      InetSocketAddress address, InetSocketAddress control, Path tone, Path heard) {
    return """
    net_interface %s
    sip_listen %s:%d
    ctrl_tcp_listen %s:%d
    audio_player aubridge,nobody
    audio_source aufile,%s
    audio_alert aubridge,nobody
    rtp_ports 43000-43199
    rtcp_mux yes
    rtp_timeout 0
    snd_path %s
    module_path /usr/lib/baresip/modules
    module g711.so
    module g722.so
    module opus.so
    module aufile.so
    module aubridge.so
    module sndfile.so
    module srtp.so
    module_tmp uuid.so
    module_tmp account.so
    module_app menu.so
    module_app ctrl_tcp.so
    """
        .formatted(HOST, HOST, address.getPort(), HOST, control.getPort(), tone, heard);
  }

  private static void writeTone(Path file, Speech speech, double hertz) throws IOException {
    int frames = TONE_SECONDS * speech.rateHz;
    ByteBuffer pcm =
        ByteBuffer.allocate(2 * speech.channels * frames).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames; i++) {
      double phase = 2 * Math.PI * hertz * i / speech.rateHz;
      for (int channel = 0; channel < speech.channels; channel++) {
        pcm.putShort((short) Math.round(AMPLITUDE * Short.MAX_VALUE * Math.sin(phase)));
      }
    }
    AudioFormat format = new AudioFormat(speech.rateHz, 16, speech.channels, true, false);
    try (AudioInputStream in =
        new AudioInputStream(new ByteArrayInputStream(pcm.array()), format, frames)) {
      AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }

  /** Puts its call on hold, by a re-INVITE. */
  void hold() throws IOException {
    command("hold");
  }

  /** Takes its call back from hold. */
  void resume() throws IOException {
    command("resume");
  }

  /** Hands the other side on (REFER). */
  void transfer(String uri) throws IOException {
    command("transfer", uri);
  }

  /** A command as its module ctrl_tcp takes it: JSON in a netstring. */
  private void command(String name) throws IOException {
    command(name, "");
  }

  private void command(String name, String params) throws IOException {
    String json = "{\"command\":\"" + name + "\",\"params\":\"" + params + "\"}";
    try (Socket socket = new Socket()) {
      socket.connect(control, 2_000);
      socket.setSoTimeout(2_000);
      socket
          .getOutputStream()
          .write((json.length() + ":" + json + ",").getBytes(StandardCharsets.US_ASCII));
      if (socket.getInputStream().read() < 0) {
        throw new IOException("baresip does not answer " + name);
      }
    }
  }

  /** Where its SIP is. */
  InetSocketAddress address() {
    return address;
  }

  /** Whether it has said so far that it waits for calls. */
  boolean isReady() {
    return log().contains("baresip is ready");
  }

  /** What it has said of itself so far. */
  String log() {
    Path log = folder.resolve("baresip.log");
    try {
      return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Whether the last second it heard is this tone. */
  boolean hears(int hertz) {
    return heard().is(hertz, 5);
  }

  /** Whether the last second it heard is silence, or nearly. */
  boolean hearsNothing() {
    short[] samples = lastSecond();
    return samples.length > 0 && ToneDetector.detect(samples).levelDbfs() < -60;
  }

  /** What the last second it heard is; silence while there is less. */
  Tone heard() {
    Tone tone = ToneDetector.detect(lastSecond());
    // The detector counts 8000 samples a second.
    return new Tone(tone.frequencyHz() * speech.rateHz / 8000.0, tone.share(), tone.levelDbfs());
  }

  /** What it has heard so far counts no more. Its file ends with the first re-INVITE. */
  void forget() throws IOException {
    forgotten = recording().orElse(folder);
    forgottenOctets = Files.size(forgotten);
  }

  private short[] lastSecond() {
    int octets = 2 * speech.channels * speech.rateHz;
    try {
      Optional<Path> file = recording();
      byte[] all = file.isEmpty() ? new byte[0] : Files.readAllBytes(file.get());
      int frames = (all.length - WAV_HEADER_OCTETS) / (2 * speech.channels);
      long from = file.filter(forgotten::equals).isPresent() ? forgottenOctets : WAV_HEADER_OCTETS;
      if (all.length - from < octets) {
        return new short[0];
      }
      int end = WAV_HEADER_OCTETS + frames * 2 * speech.channels;
      ByteBuffer pcm =
          ByteBuffer.wrap(Arrays.copyOfRange(all, end - octets, end))
              .order(ByteOrder.LITTLE_ENDIAN);
      short[] samples = new short[speech.rateHz];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = pcm.getShort(2 * speech.channels * i);
      }
      return samples;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** The newest file: it begins another one when its media is described anew. */
  private Optional<Path> recording() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("heard"))) {
      return files
          .filter(file -> file.toString().endsWith("dec.wav"))
          .max(Comparator.naturalOrder());
    }
  }

  private static int freeTcpPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it has ended by itself. */
  void awaitEnd(int seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("baresip did not end\n" + log());
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

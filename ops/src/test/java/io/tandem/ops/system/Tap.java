package io.tandem.ops.system;

import io.tandem.protocol.media.capture.CapturedDatagram;
import io.tandem.protocol.media.capture.PcapReader;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.playout.ToneDetector.Tone;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/** A capture of the voice around a node, by a program nobody here wrote. */
final class Tap implements AutoCloseable {
  private static final int JUDGED_OCTETS = 8_000;

  private final Path file;
  private final int firstPort;
  private final int lastPort;
  private final Process process;

  /** Captures whatever the node's media ports send or receive on loopback. */
  Tap(Path folder, int firstPort, int lastPort) throws IOException {
    this.file = folder.resolve("voice.pcap");
    this.firstPort = firstPort;
    this.lastPort = lastPort;
    String filter = "udp portrange " + firstPort + "-" + lastPort;
    this.process =
        new ProcessBuilder(
                "tshark", "-q", "-i", "lo", "-f", filter, "-F", "pcap", "-w", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("tshark.log").toFile())
            .start();
    Books.await("tshark captures", 15, () -> file.toFile().length() > 0);
  }

  /** Ends the capture and gives what each phone's port sent to the node, as a tone. */
  Map<Integer, Tone> spoken() throws IOException {
    return tones(d -> isNode(d.destination().getPort()) ? d.source().getPort() : 0);
  }

  /** What each phone's port was sent by the node, as a tone. */
  Map<Integer, Tone> heard() throws IOException {
    return tones(d -> isNode(d.source().getPort()) ? d.destination().getPort() : 0);
  }

  private boolean isNode(int port) {
    return port >= firstPort && port <= lastPort;
  }

  private Map<Integer, Tone> tones(ToIntFunction<CapturedDatagram> phone) throws IOException {
    close();
    Map<Integer, ByteArrayOutputStream> voices = new TreeMap<>();
    for (CapturedDatagram datagram : PcapReader.read(file)) {
      int port = phone.applyAsInt(datagram);
      if (port != 0) {
        datagram
            .voice(G711.ULAW.payloadType())
            .ifPresent(
                octets ->
                    voices
                        .computeIfAbsent(port, p -> new ByteArrayOutputStream())
                        .writeBytes(octets));
      }
    }
    Map<Integer, Tone> tones = new TreeMap<>();
    voices.forEach((port, octets) -> tones.put(port, tone(octets.toByteArray())));
    return tones;
  }

  /** A second from the middle: both sides speak, nothing begins or ends. */
  private static Tone tone(byte[] octets) {
    int from = Math.max(0, octets.length / 2 - JUDGED_OCTETS / 2);
    int to = Math.min(octets.length, from + JUDGED_OCTETS);
    return ToneDetector.detect(G711.ULAW.decode(java.util.Arrays.copyOfRange(octets, from, to)));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}

package io.tandem.ops.bench.rtp;

import io.tandem.ops.bench.rtp.process.PhoneSockets;
import io.tandem.protocol.media.relay.Side;
import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * rtpengine in userspace mode on loopback, told of its calls by the ng protocol as a SIP proxy
 * would.
 */
final class Rtpengine implements Relaying {
  private static final String PROGRAM = "rtpengine";
  private static final int REPLY_MILLIS_MAX = 500;
  private static final int TRIES = 10;
  private static final int END_SECONDS_MAX = 5;
  private static final Pattern MEDIA_PORT = Pattern.compile("m=audio (\\d+)");

  private final Process process;
  private final DatagramSocket socket;
  private final int port;
  private final List<String> ports = new ArrayList<>();
  private int cookie;

  private Rtpengine(Process process, DatagramSocket socket, int port) {
    this.process = process;
    this.socket = socket;
    this.port = port;
  }

  static boolean installed() {
    String path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(File.pathSeparator))
        .anyMatch(directory -> new File(directory, PROGRAM).canExecute());
  }

  static Rtpengine start(int calls, Placement placement) throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(REPLY_MILLIS_MAX);
    int port;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                Placement.command(
                    placement.contender(),
                    List.of(
                        PROGRAM,
                        "--config-file=none",
                        "--foreground",
                        "--log-stderr",
                        "--log-level=3",
                        "--table=-1",
                        "--interface=127.0.0.1",
                        "--listen-ng=127.0.0.1:" + port,
                        "--port-min=20000",
                        "--port-max=31999",
                        "--num-threads=2",
                        "--scheduling=rr",
                        "--priority=1",
                        "--timeout=120",
                        "--silent-timeout=300",
                        "--delete-delay=0",
                        "--dtls-passive")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Rtpengine started = new Rtpengine(process, socket, port);
    try {
      started.ask(Map.of("command", "ping"));
      for (int call = 0; call < calls; call++) {
        started.ports.add(started.connect(call));
      }
      return started;
    } catch (IOException refused) {
      started.close();
      throw refused;
    }
  }

  private String connect(int call) throws IOException {
    PhoneSockets phones = new PhoneSockets(FIRST_PHONE_PORT);
    String callId = "bench-" + call;
    Map<String, Object> offer =
        Map.of(
            "command",
            "offer",
            "call-id",
            callId,
            "from-tag",
            "a",
            "ICE",
            "remove",
            "replace",
            List.of("origin", "session-connection"),
            "rtcp-mux",
            List.of("demux"),
            "sdp",
            sdp(phones.phone(Side.A, call).getPort()));
    int forB = mediaPort(ask(offer));
    Map<String, Object> answer =
        Map.of(
            "command", "answer",
            "call-id", callId,
            "from-tag", "a",
            "to-tag", "b",
            "ICE", "remove",
            "replace", List.of("origin", "session-connection"),
            "sdp", sdp(phones.phone(Side.B, call).getPort()));
    // What B is shown is where A's media comes out, so B sends there; and the other way round.
    return mediaPort(ask(answer)) + " " + forB;
  }

  private static String sdp(int port) {
    return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + "m=audio "
        + port
        + " RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n";
  }

  private static int mediaPort(Map<?, ?> reply) throws IOException {
    Matcher media = MEDIA_PORT.matcher(String.valueOf(reply.get("sdp")));
    if (!media.find()) {
      throw new IOException("rtpengine answered without a media port: " + reply);
    }
    return Integer.parseInt(media.group(1));
  }

  private Map<?, ?> ask(Map<String, ?> question) throws IOException {
    String mark = ++cookie + " ";
    byte[] datagram = (mark + Bencode.write(question)).getBytes(StandardCharsets.ISO_8859_1);
    byte[] room = new byte[65_535];
    for (int i = 0; i < TRIES && process.isAlive(); i++) {
      try {
        socket.send(
            new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
        DatagramPacket reply = new DatagramPacket(room, room.length);
        socket.receive(reply);
        String text = new String(room, 0, reply.getLength(), StandardCharsets.ISO_8859_1);
        if (text.startsWith(mark)) {
          return checked(Bencode.dictionary(text.substring(mark.length())));
        }
      } catch (SocketTimeoutException late) {
        continue; // it may still be starting
      }
    }
    throw new IOException("rtpengine does not answer");
  }

  private static Map<?, ?> checked(Map<?, ?> reply) throws IOException {
    Object result = reply.get("result");
    if ("ok".equals(result) || "pong".equals(result)) {
      return reply;
    }
    throw new IOException("rtpengine refused: " + reply);
  }

  @Override
  public List<String> ports() {
    return ports;
  }

  @Override
  public Process process() {
    return process;
  }

  @Override
  public Optional<Long> allocatedOctets() {
    return Optional.empty();
  }

  @Override
  public void close() {
    socket.close();
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

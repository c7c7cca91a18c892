package io.tandem.node.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Somebody who writes SIP by hand, with all the mistakes one can make. */
final class RawSip implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 15_000;
  private static final int ASKED_MAX = 200;

  /** Voice in G.711 at a port where nobody listens. */
  static final String SDP =
      String.join(
          "\r\n",
          "v=0",
          "o=- 1 1 IN IP4 127.0.0.1",
          "s=-",
          "c=IN IP4 127.0.0.1",
          "t=0 0",
          "m=audio 9000 RTP/AVP 0",
          "a=rtpmap:0 PCMU/8000",
          "");

  private final DatagramSocket socket;
  private final InetSocketAddress node;
  private final String host;

  RawSip(InetSocketAddress node) {
    this(node, "127.0.0.1");
  }

  /** The same at another address of this machine. */
  RawSip(InetSocketAddress node, String host) {
    this.node = node;
    this.host = host;
    try {
      socket = new DatagramSocket(0, InetAddress.getByName(host));
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new AssertionError("no socket", e);
    }
  }

  /** Our Via, with a branch of its own. */
  String via(String branch) {
    return "Via: SIP/2.0/UDP " + host + ":" + socket.getLocalPort() + ";branch=z9hG4bK" + branch;
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Sends lines as a message with a body, which may be empty; gives its length. */
  int send(String body, String... lines) {
    String head = String.join("\r\n", lines) + "\r\n";
    String length = "Content-Length: " + body.length() + "\r\n\r\n";
    byte[] bytes = (head + length + body).getBytes(StandardCharsets.UTF_8);
    sendBytes(bytes);
    return bytes.length;
  }

  /** Answers a request it heard. */
  void reply(String request, String status, String tag, String... more) {
    List<String> lines = new ArrayList<>(List.of("SIP/2.0 " + status));
    request
        .lines()
        .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*"))
        .map(line -> line.startsWith("To:") && !tag.isEmpty() ? line + ";tag=" + tag : line)
        .forEach(lines::add);
    lines.addAll(List.of(more));
    send("", lines.toArray(String[]::new));
  }

  /** Sends whatever it is. */
  void sendBytes(byte[] bytes) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, node));
    } catch (IOException e) {
      throw new AssertionError("not sent", e);
    }
  }

  /** The first message that is as asked; others are passed over. */
  String await(Predicate<String> wanted) {
    byte[] buffer = new byte[65_536];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
        if (wanted.test(text)) {
          return text;
        }
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the node said nothing of the kind", e);
    } catch (IOException e) {
      throw new AssertionError("not received", e);
    }
  }

  /** All that comes in that time. */
  List<String> hear(int millis) {
    List<String> heard = new ArrayList<>();
    byte[] buffer = new byte[65_536];
    long until = System.nanoTime() + millis * 1_000_000L;
    try {
      for (long left = millis; left > 0; left = (until - System.nanoTime()) / 1_000_000) {
        socket.setSoTimeout((int) left);
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        heard.add(new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8));
      }
      return heard;
    } catch (SocketTimeoutException over) {
      return heard;
    } catch (IOException e) {
      throw new AssertionError("not received", e);
    } finally {
      patient();
    }
  }

  private void patient() {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new AssertionError("the socket is gone", e);
    }
  }

  /** The first final response. */
  String awaitFinal() {
    return await(text -> text.startsWith("SIP/2.0 ") && !text.startsWith("SIP/2.0 1"));
  }

  /** Whether the node still answers; one that is too busy just now is asked again. */
  boolean isAlive(String branch) {
    for (int i = 0; i < ASKED_MAX; i++) {
      String answer = options(branch + i);
      if (!answer.startsWith("SIP/2.0 503 ")) {
        return answer.startsWith("SIP/2.0 200 ");
      }
    }
    return false;
  }

  private String options(String branch) {
    send(
        "",
        "OPTIONS sip:node@127.0.0.1 SIP/2.0",
        via(branch),
        "Max-Forwards: 70",
        "From: <sip:probe@127.0.0.1>;tag=p",
        "To: <sip:node@127.0.0.1>",
        "Call-ID: " + branch,
        "CSeq: 1 OPTIONS");
    return await(text -> text.contains("Call-ID: " + branch + "\r"));
  }

  @Override
  public void close() {
    socket.close();
  }
}

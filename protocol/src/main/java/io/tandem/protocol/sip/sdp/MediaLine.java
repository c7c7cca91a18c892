package io.tandem.protocol.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An {@code m=} line's value (RFC 8866 5.14).
 *
 * @param kind audio, video, application …
 * @param port 0 to 65535; 0 is a rejected or ended stream (RFC 3264 6, 8.2)
 * @param portCount 1 unless {@code port/count} is written
 * @param protocol RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVPF …
 * @param formats payload types for RTP protocols, at least one
 */
public record MediaLine(
    String kind, int port, int portCount, String protocol, List<String> formats) {

  public MediaLine {
    formats = List.copyOf(formats);
  }

  static Optional<MediaLine> parse(String value) {
    List<String> words = words(value.strip());
    if (words.size() < 4) {
      return Optional.empty();
    }
    String[] ports = words.get(1).split("/", -1);
    int port = number(ports[0], 65_535);
    int count = ports.length == 1 ? 1 : number(ports[1], 1_000);
    if (ports.length > 2 || port < 0 || count < 1) {
      return Optional.empty();
    }
    return Optional.of(
        new MediaLine(words.get(0), port, count, words.get(2), words.subList(3, words.size())));
  }

  /** What stands between blanks, of which some descriptions have several. */
  private static List<String> words(String value) {
    List<String> words = new ArrayList<>(12);
    int from = 0;
    for (int i = 0; i <= value.length(); i++) {
      if (i == value.length() || value.charAt(i) == ' ') {
        if (i > from) {
          words.add(value.substring(from, i));
        }
        from = i + 1;
      }
    }
    return words;
  }

  /** Digits as a number up to {@code max}; -1 for anything else. */
  static int number(String text, int max) {
    if (text.length() > 9 || !isDigits(text)) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number > max ? -1 : number;
  }

  /** Whether there are digits, and nothing else. */
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Whether the stream is refused or ended: port 0. */
  public boolean isRejected() {
    return port == 0;
  }

  /** Whether the formats are RTP payload types. */
  public boolean isRtp() {
    return protocol.contains("RTP/");
  }

  MediaLine withPort(int newPort) {
    return new MediaLine(kind, newPort, newPort == 0 ? 1 : portCount, protocol, formats);
  }

  MediaLine withFormats(List<String> others) {
    return new MediaLine(kind, port, portCount, protocol, others);
  }

  /** The value of the line. */
  public String value() {
    String ports = portCount == 1 ? Integer.toString(port) : port + "/" + portCount;
    return kind + ' ' + ports + ' ' + protocol + ' ' + String.join(" ", formats);
  }
}

package io.tandem.protocol.sip.sdp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A session description (RFC 8866): the lines of the session and its media, all in order, known or
 * not.
 *
 * @param session the lines before the first m=
 */
public record Sdp(List<SdpLine> session, List<MediaDescription> media) {

  /** The body's type. */
  public static final String CONTENT_TYPE = "application/sdp";

  public Sdp {
    session = List.copyOf(session);
    media = List.copyOf(media);
  }

  /** The o= line. A parsed description has one; empty only for a description made without. */
  public Optional<Origin> origin() {
    return session.stream()
        .filter(line -> line.type() == 'o')
        .findFirst()
        .flatMap(line -> Origin.parse(line.value()));
  }

  /** The connection of a medium: its own, else the session's. */
  public Optional<Connection> connection(MediaDescription medium) {
    return medium.ownConnection().or(this::sessionConnection);
  }

  Optional<Connection> sessionConnection() {
    return session.stream()
        .filter(line -> line.type() == 'c')
        .findFirst()
        .flatMap(line -> Connection.parse(line.value()));
  }

  /**
   * The direction of a medium: its own, else the session's, else sendrecv (RFC 3264 5.1). A
   * connection to 0.0.0.0 takes the receiving away: the old way to hold (8.4).
   */
  public Direction direction(MediaDescription medium) {
    Direction own = medium.ownDirection();
    Direction inherited = MediaDescription.direction(session);
    Direction said = own != null ? own : inherited != null ? inherited : Direction.SENDRECV;
    boolean deaf = connection(medium).map(Connection::isHold).orElse(false);
    return Direction.of(said.sends(), said.receives() && !deaf);
  }

  /** The first audio stream over RTP that is not rejected; empty when the call has no voice. */
  public Optional<MediaDescription> audio() {
    return media.stream().filter(MediaDescription::isLiveAudio).findFirst();
  }

  /** The same with its first live audio changed; without one, the same. */
  public Sdp withAudio(UnaryOperator<MediaDescription> change) {
    MediaDescription audio = audio().orElse(null);
    if (audio == null) {
      return this;
    }
    List<MediaDescription> changed = new ArrayList<>(media);
    changed.set(media.indexOf(audio), change.apply(audio));
    return new Sdp(session, changed);
  }

  /** The direction of the first live audio; inactive without one. */
  public Direction audioDirection() {
    return audio().map(this::direction).orElse(Direction.INACTIVE);
  }

  /** Whether the describer put the other side on hold: there is audio, and it will not listen. */
  public boolean holds() {
    return audio().isPresent() && !audioDirection().receives();
  }

  /** Where the describer wants its audio; empty without live audio or an address. */
  public Optional<MediaEndpoint> audioEndpoint() {
    return audio()
        .flatMap(
            medium ->
                connection(medium)
                    .map(connection -> MediaEndpoint.of(connection.address(), medium)));
  }

  /** With another o= line, in the place of the old one or after v=. */
  public Sdp withOrigin(Origin origin) {
    List<SdpLine> lines = new ArrayList<>(session.size() + 1);
    SdpLine own = new SdpLine('o', origin.value());
    session.stream().filter(line -> line.type() != 'o').forEach(lines::add);
    lines.add(Math.min(1, lines.size()), own);
    return new Sdp(lines, media);
  }

  /** The description with CRLF line ends, as it goes into a body. */
  public String text() {
    StringBuilder out = new StringBuilder(512);
    session.forEach(line -> append(out, line));
    for (MediaDescription medium : media) {
      append(out, new SdpLine('m', medium.media().value()));
      medium.lines().forEach(line -> append(out, line));
    }
    return out.toString();
  }

  private static void append(StringBuilder out, SdpLine line) {
    out.append(line.type()).append('=').append(line.value()).append("\r\n");
  }

  /** The body. */
  public byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  /** Masked: a description may carry media keys and names the addresses of persons (PRV-4). */
  @Override
  public String toString() {
    return "Sdp[" + media.size() + " media]";
  }
}

package io.tandem.protocol.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One medium: its {@code m=} line and the lines under it, in order, known or not.
 *
 * @param lines without the m= line
 */
public record MediaDescription(MediaLine media, List<SdpLine> lines) {

  public MediaDescription {
    lines = List.copyOf(lines);
  }

  /** Whether this is audio over RTP that is not rejected. */
  public boolean isLiveAudio() {
    return media.kind().equals("audio") && media.isRtp() && !media.isRejected();
  }

  /** The first attribute of that name: empty for a flag; null without. */
  public @Nullable String attribute(String name) {
    return first(lines, name);
  }

  static @Nullable String first(List<SdpLine> lines, String name) {
    for (SdpLine line : lines) {
      String value = line.attributeValue(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** All attributes of that name. */
  public List<String> attributes(String name) {
    List<String> values = new ArrayList<>(4);
    for (SdpLine line : lines) {
      String value = line.attributeValue(name);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** This medium's own connection, if it has one. */
  Optional<Connection> ownConnection() {
    return lines.stream()
        .filter(line -> line.type() == 'c')
        .findFirst()
        .flatMap(line -> Connection.parse(line.value()));
  }

  /** This medium's own direction, or null. */
  @Nullable Direction ownDirection() {
    return direction(lines);
  }

  static @Nullable Direction direction(List<SdpLine> lines) {
    for (SdpLine line : lines) {
      Direction said = Direction.said(line);
      if (said != null) {
        return said;
      }
    }
    return null;
  }

  /** The codecs in order of preference; payload types that nobody explains are left out. */
  public List<Codec> codecs() {
    List<Codec> codecs = new ArrayList<>(8);
    List<Codec> mapped = mapped();
    for (String format : media.formats()) {
      int payloadType = MediaLine.number(format, 127);
      Codec codec = payloadType < 0 ? null : codec(payloadType, mapped);
      if (codec != null) {
        codecs.add(codec);
      }
    }
    return codecs;
  }

  /** What its rtpmaps say, in their order. */
  private List<Codec> mapped() {
    List<Codec> mapped = new ArrayList<>(8);
    for (SdpLine line : lines) {
      String rtpmap = line.attributeValue("rtpmap");
      if (rtpmap != null) {
        Codec.parse(rtpmap).ifPresent(mapped::add);
      }
    }
    return mapped;
  }

  private @Nullable Codec codec(int payloadType, List<Codec> mapped) {
    Codec found = Codec.assigned(payloadType);
    for (Codec each : mapped) {
      if (each.payloadType() == payloadType) {
        found = each;
        break;
      }
    }
    return found == null ? null : found.withFormatParams(formatParams(payloadType));
  }

  private @Nullable String formatParams(int payloadType) {
    String prefix = payloadType + " ";
    for (SdpLine line : lines) {
      String fmtp = line.attributeValue("fmtp");
      if (fmtp != null && fmtp.startsWith(prefix)) {
        return fmtp.substring(prefix.length()).strip();
      }
    }
    return null;
  }

  /** Milliseconds a packet, or -1 when it does not say. */
  public int ptimeMs() {
    String ptime = attribute("ptime");
    return ptime == null ? -1 : MediaLine.number(ptime.strip(), 10_000);
  }

  /**
   * The same medium that speaks these codecs and no others, best first; packet times go with the
   * codecs they were for.
   */
  public MediaDescription withCodecs(List<Codec> codecs) {
    List<SdpLine> kept = new ArrayList<>(lines.size() + 2 * codecs.size());
    lines.stream().filter(line -> !isOfCodecs(line)).forEach(kept::add);
    return described(List.of(), codecs, kept);
  }

  /** The same medium that also speaks these, after what it speaks already. */
  public MediaDescription plusCodecs(List<Codec> codecs) {
    return described(media.formats(), codecs, new ArrayList<>(lines));
  }

  private MediaDescription described(List<String> formats, List<Codec> codecs, List<SdpLine> onto) {
    List<String> all = new ArrayList<>(formats);
    for (Codec codec : codecs) {
      all.add(Integer.toString(codec.payloadType()));
      onto.add(SdpLine.attribute("rtpmap:" + codec.rtpmap()));
      if (codec.formatParams() != null) {
        onto.add(SdpLine.attribute("fmtp:" + codec.payloadType() + ' ' + codec.formatParams()));
      }
    }
    return new MediaDescription(media.withFormats(all), onto);
  }

  private static boolean isOfCodecs(SdpLine line) {
    return line.attributeValue("rtpmap") != null
        || line.attributeValue("fmtp") != null
        || line.attributeValue("rtcp-fb") != null
        || line.isAttribute("ptime")
        || line.isAttribute("maxptime");
  }

  /** The same medium with its own direction. */
  public MediaDescription withDirection(Direction direction) {
    List<SdpLine> kept = new ArrayList<>(lines.size() + 1);
    lines.stream().filter(line -> !Direction.isOne(line)).forEach(kept::add);
    kept.add(SdpLine.attribute(direction.token()));
    return new MediaDescription(media, kept);
  }

  /** The same medium refused: port 0, and no attributes that would ask for ports. */
  public MediaDescription rejected() {
    List<SdpLine> kept = lines.stream().filter(line -> line.isAttribute("mid")).toList();
    return new MediaDescription(media.withPort(0), kept);
  }
}

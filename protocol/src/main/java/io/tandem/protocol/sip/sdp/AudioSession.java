package io.tandem.protocol.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a phone of ours says about its one audio stream: offers, and answers to offers (RFC 3264 5
 * and 6).
 *
 * @param address where it receives, a literal
 * @param rtpPort where it receives RTP; RTCP is one above
 * @param codecs what it speaks, best first
 */
public record AudioSession(String address, int rtpPort, List<Codec> codecs) {

  public AudioSession {
    codecs = List.copyOf(codecs);
  }

  /** G.711 in both laws and telephone events. */
  public static AudioSession g711(String address, int rtpPort) {
    return new AudioSession(
        address, rtpPort, List.of(Codec.PCMU, Codec.PCMA, Codec.TELEPHONE_EVENT));
  }

  /** An offer of everything this phone speaks. Its o= line is put in by {@link OwnOrigin#issue}. */
  public Sdp offer(Direction direction) {
    return new Sdp(session(), List.of(audio("RTP/AVP", codecs, direction)));
  }

  /**
   * The answer to an offer: its first plain audio stream is taken with the codecs both speak in the
   * offer's order and under the offer's payload types, all other streams are rejected.
   *
   * @return empty when no stream can be taken: 488 Not Acceptable Here
   */
  public Optional<Sdp> answer(Sdp offer, Direction wanted) {
    List<MediaDescription> media = new ArrayList<>(offer.media().size());
    boolean taken = false;
    for (MediaDescription offered : offer.media()) {
      List<Codec> common = common(offered);
      boolean take =
          !taken
              && offered.isLiveAudio()
              && offered.media().protocol().equals("RTP/AVP")
              && common.stream().anyMatch(codec -> !codec.isTelephoneEvent());
      Direction direction = offer.direction(offered).answeredWith(wanted);
      media.add(take ? audio("RTP/AVP", common, direction) : offered.rejected());
      taken |= take;
    }
    return taken ? Optional.of(new Sdp(session(), media)) : Optional.empty();
  }

  private List<Codec> common(MediaDescription offered) {
    List<Codec> common = new ArrayList<>(codecs.size());
    for (Codec theirs : offered.codecs()) {
      for (Codec ours : codecs) {
        if (ours.sameEncoding(theirs)) {
          common.add(ours.withPayloadType(theirs.payloadType()));
        }
      }
    }
    return common;
  }

  private List<SdpLine> session() {
    Connection own = Connection.of(address);
    return List.of(
        new SdpLine('v', "0"),
        new SdpLine('o', new Origin("-", "0", "0", own.addressType(), own.address()).value()),
        new SdpLine('s', "-"),
        new SdpLine('c', own.value()),
        new SdpLine('t', "0 0"));
  }

  private MediaDescription audio(String protocol, List<Codec> spoken, Direction direction) {
    List<String> formats = new ArrayList<>(spoken.size());
    List<SdpLine> lines = new ArrayList<>(2 * spoken.size() + 2);
    for (Codec codec : spoken) {
      formats.add(Integer.toString(codec.payloadType()));
      lines.add(SdpLine.attribute("rtpmap:" + codec.rtpmap()));
      if (codec.formatParams() != null) {
        lines.add(SdpLine.attribute("fmtp:" + codec.payloadType() + ' ' + codec.formatParams()));
      }
    }
    lines.add(SdpLine.attribute("ptime:20"));
    lines.add(SdpLine.attribute(direction.token()));
    return new MediaDescription(new MediaLine("audio", rtpPort, 1, protocol, formats), lines);
  }
}

package io.tandem.node.edge.voice;

import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.MediaDescription;
import io.tandem.protocol.sip.sdp.Sdp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which codecs the two sides of a call speak (RFC 3264). A side is offered what the other one
 * speaks, and after that what we can transcode it to; what it answers decides: a codec of the other
 * side's is relayed, one of ours is transcoded. Pure.
 */
public final class CodecMatch {
  /** What we can speak in place of a side, the best that is cheap first. */
  private static final List<VoiceCodec> OURS =
      List.of(VoiceCodec.G722, VoiceCodec.PCMU, VoiceCodec.PCMA, VoiceCodec.OPUS);

  private static final int OPUS_TYPE = 111;

  /** RFC 7587 6.1: what is sent to us may bring what was lost before it; off unless asked for. */
  private static final String ERROR_CORRECTION = "useinbandfec=1";

  private static final int FIRST_DYNAMIC = 96;
  private static final int LAST_DYNAMIC = 127;

  private CodecMatch() {}

  /**
   * What was agreed.
   *
   * @param transcoded the sides speak different codecs; else packets pass as they are
   * @param offerer what the side that offered speaks, empty for a codec we cannot decode
   * @param answerer what the side that answered speaks
   * @param answer for the side that offered, before it is anchored; by the numbers of its offer
   * @param numbers of what is relayed: the answerer's payload type by the offerer's, where they are
   *     not the same
   */
  public record Agreement(
      boolean transcoded,
      Optional<LegFormat> offerer,
      Optional<LegFormat> answerer,
      Sdp answer,
      Map<Integer, Integer> numbers) {
    /**
     * How the side that offered is to be sent what the other numbers by its own answer and not, as
     * RFC 3264 6.1 has it, by the offer: where that says nothing else here.
     */
    public Map<Integer, Integer> backwards() {
      Map<Integer, Integer> back = new HashMap<>();
      numbers.forEach(
          (offered, answered) -> {
            if (!numbers.containsKey(answered)) {
              back.put(answered, offered);
            }
          });
      return back;
    }

    /**
     * What the answerer speaks itself, which is not what the offerer was answered when they are
     * transcoded, as an offer to that one: no more than the two have agreed.
     */
    public Sdp directed(Sdp answerers) {
      return answerers.withAudio(audio -> audio.withDirection(answer.audioDirection()));
    }
  }

  /** The first codec of a description that we can decode and encode, as its leg numbers it. */
  public static Optional<LegFormat> spoken(Sdp sdp) {
    List<Codec> codecs = codecs(sdp);
    return codecs.stream()
        .filter(codec -> ours(codec).isPresent())
        .findFirst()
        .map(codec -> format(codec, codecs));
  }

  /**
   * One side's offer as the other is to be asked: with our codecs behind, where we know its own.
   */
  public static Sdp widened(Sdp offer) {
    if (spoken(offer).isEmpty()) {
      return offer;
    }
    List<Codec> theirs = codecs(offer);
    List<Codec> added = new ArrayList<>(OURS.size());
    for (VoiceCodec ours : OURS) {
      Codec codec = codec(ours, free(theirs));
      if (theirs.stream().noneMatch(codec::sameEncoding)) {
        added.add(codec);
      }
    }
    return offer.withAudio(audio -> audio.plusCodecs(added));
  }

  /**
   * What an answer to a {@link #widened} offer comes to; empty when it names a codec first that
   * neither the offerer nor we speak.
   */
  public static Optional<Agreement> agree(Sdp offer, Sdp answer) {
    List<Codec> offered = codecs(offer);
    List<Codec> answered = codecs(answer);
    Codec first = answered.stream().filter(CodecMatch::isVoice).findFirst().orElse(null);
    if (first == null) {
      return Optional.of(
          new Agreement(
              false, Optional.empty(), Optional.empty(), directed(offer, answer), Map.of()));
    }
    Codec common = among(offered, first).orElse(null);
    Optional<LegFormat> answerer = ours(first).map(known -> format(first, answered));
    if (common != null) {
      return Optional.of(
          new Agreement(
              false,
              ours(common).map(known -> format(common, offered)),
              answerer,
              directed(offer, answer).withAudio(audio -> onlyOf(audio, offered)),
              numbers(offered, answered)));
    }
    Optional<LegFormat> offerer = spoken(offer);
    return offerer.isEmpty() || answerer.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Agreement(
                true,
                offerer,
                answerer,
                speaking(directed(offer, answer), offer, offerer.get()),
                Map.of()));
  }

  /**
   * RFC 3264 6.1: no more than the offer allows, for the other side may have been asked for more.
   */
  private static Sdp directed(Sdp offer, Sdp answer) {
    Direction said = answer.audioDirection();
    Direction allowed = offer.audioDirection().answeredWith(said);
    return said == allowed ? answer : answer.withAudio(audio -> audio.withDirection(allowed));
  }

  /** A description of the other side's that speaks this format of the offer, and keys. */
  public static Sdp speaking(Sdp description, Sdp offer, LegFormat format) {
    List<Codec> kept =
        codecs(offer).stream()
            .filter(
                codec ->
                    codec.payloadType() == format.payloadType()
                        || codec.payloadType() == format.telephoneEventType())
            .map(codec -> codec.payloadType() == format.payloadType() ? asOurs(codec) : codec)
            .toList();
    return description.withAudio(audio -> audio.withCodecs(kept));
  }

  /** A codec of an offer as we answer it, who speak it ourselves. */
  private static Codec asOurs(Codec offered) {
    return ours(offered).filter(known -> known == VoiceCodec.OPUS).isPresent()
        ? new Codec(
            offered.payloadType(),
            offered.name(),
            offered.clockRateHz(),
            offered.channels(),
            ERROR_CORRECTION)
        : offered;
  }

  /**
   * The answer without what only we had offered, each codec by the offerer's number, whoever
   * answers: so a transfer changes no number. As it is where it is so already.
   */
  private static MediaDescription onlyOf(MediaDescription answer, List<Codec> offered) {
    List<Codec> all = answer.codecs();
    List<Codec> kept =
        all.stream()
            .flatMap(
                codec ->
                    among(offered, codec).map(its -> numbered(codec, its.payloadType())).stream())
            .toList();
    return kept.equals(all) ? answer : answer.withCodecs(kept);
  }

  private static Codec numbered(Codec codec, int number) {
    return new Codec(
        number, codec.name(), codec.clockRateHz(), codec.channels(), codec.formatParams());
  }

  /** The same codec of an offer: of two that differ in parameters alone the one of that number. */
  private static Optional<Codec> among(List<Codec> offered, Codec codec) {
    return offered.stream()
        .filter(codec::sameEncoding)
        .min(Comparator.comparing(its -> its.payloadType() != codec.payloadType()));
  }

  private static Map<Integer, Integer> numbers(List<Codec> offered, List<Codec> answered) {
    Map<Integer, Integer> differing = new HashMap<>();
    for (Codec codec : answered) {
      among(offered, codec)
          .filter(its -> its.payloadType() != codec.payloadType())
          .ifPresent(its -> differing.put(its.payloadType(), codec.payloadType()));
    }
    return differing;
  }

  private static List<Codec> codecs(Sdp sdp) {
    return sdp.audio().map(MediaDescription::codecs).orElse(List.of());
  }

  private static boolean isVoice(Codec codec) {
    return !codec.isTelephoneEvent() && !codec.name().equalsIgnoreCase("CN");
  }

  private static Optional<VoiceCodec> ours(Codec codec) {
    return VoiceCodec.of(codec.name(), codec.clockRateHz())
        .filter(known -> codec.channels() == 1 || known == VoiceCodec.OPUS);
  }

  /** RFC 4733 2.1: events run by the clock of the voice they are among; some phones know one. */
  private static LegFormat format(Codec codec, List<Codec> among) {
    int type =
        among.stream()
            .filter(Codec::isTelephoneEvent)
            .min((a, b) -> Boolean.compare(other(a, codec), other(b, codec)))
            .map(Codec::payloadType)
            .orElse(LegFormat.NONE);
    return new LegFormat(ours(codec).orElseThrow(), codec.payloadType(), type);
  }

  private static boolean other(Codec event, Codec voice) {
    return event.clockRateHz() != voice.clockRateHz();
  }

  private static Codec codec(VoiceCodec ours, int dynamicType) {
    int type = ours.payloadType() == VoiceCodec.DYNAMIC ? dynamicType : ours.payloadType();
    int channels = ours == VoiceCodec.OPUS ? 2 : 1; // RFC 7587 7: always said to be two
    String asked = ours == VoiceCodec.OPUS ? ERROR_CORRECTION : null;
    return new Codec(type, ours.encodingName(), ours.clockRateHz(), channels, asked);
  }

  /** The same for the same offer, so that a number keeps its meaning (RFC 3264 8.3.2). */
  private static int free(List<Codec> taken) {
    int type = OPUS_TYPE;
    for (int next = FIRST_DYNAMIC; next <= LAST_DYNAMIC && isTaken(type, taken); next++) {
      type = next;
    }
    return type;
  }

  private static boolean isTaken(int type, List<Codec> taken) {
    return taken.stream().anyMatch(codec -> codec.payloadType() == type);
  }
}

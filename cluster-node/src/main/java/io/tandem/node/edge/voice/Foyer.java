package io.tandem.node.edge.voice;

import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.playout.Playlist;
import io.tandem.protocol.media.playout.Prompt;
import io.tandem.protocol.media.speech.Speech;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a caller is told before a phone rings: the campaign's greeting, and the notice of a
 * recording (TEL-7, CMP-3), as early media. None of it is connected time (QT-2): no phone rings
 * before it is over. A key ends the greeting and goes on to the notice. A caller who cannot be
 * told, because its codec is unknown or it does not listen, goes on at once; one whom no packet
 * reaches, because it has no keys yet, is behind NAT and was not heard, or may be forged, is waited
 * for a moment and goes on untold. On the edge's loop only.
 */
public final class Foyer {
  private static final Logger LOG = LoggerFactory.getLogger(Foyer.class);
  private static final String GREETED = "greeted";
  private static final String END = "end";
  private static final int LOOK_MILLIS = 20;

  /** A phone that sends early media does so a round trip after it was answered. */
  private static final int LOOKS = 1_000 / LOOK_MILLIS;

  /** ICE checks and a DTLS handshake over a bad line. */
  private static final int LOOKS_WHERE_SECURED = 4_000 / LOOK_MILLIS;

  private static final int PACKETS_PER_SECOND = 50;

  /** Packets that were given to the socket's thread and are not counted yet. */
  private static final int UNDER_WAY_PACKETS = 2;

  private static final Runnable NOBODY = () -> {};

  /** What the edge does for it. */
  public interface Doorman {
    /** Sends the caller the answer it will be given at last, so that it listens. */
    void openEarly(Sdp answer);

    /** Phones may ring now. */
    void letIn();

    /** Whether packets can be meant to reach the caller where it said that it is. */
    boolean isDescribedWithinReach();

    /** Runs something on the loop in a while, whatever has become of the call. */
    void later(long millis, Runnable next);
  }

  private enum Phase {
    WAITING,
    TELLING,
    OVER
  }

  private final CallVoice voice;
  private final CampaignVoice terms;
  private final Executor loop;
  private final Doorman doorman;
  private Sdp offer;
  private Phase phase;
  private @Nullable LegFormat format;
  private boolean greeted;
  private boolean told;
  private long neededForNotice;
  private long sentBeforeNotice;

  /** A caller with this offer. */
  public Foyer(CallVoice voice, CampaignVoice terms, Sdp offer, Executor loop, Doorman doorman) {
    this.voice = voice;
    this.terms = terms;
    this.offer = offer;
    this.loop = loop;
    this.doorman = doorman;
    this.phase = terms.announcement().isEmpty() ? Phase.OVER : Phase.WAITING;
  }

  /** Whether phones must not ring yet. */
  public boolean holdsBack() {
    return phase != Phase.OVER;
  }

  /** The caller's offer, once it was told something narrowed to what it was answered. */
  public Sdp offer() {
    return offer;
  }

  /** The answer the caller has already; empty where nothing was told. */
  public Optional<Sdp> answer() {
    return format == null ? Optional.empty() : Optional.of(answerTo(offer));
  }

  /** Whether the notice of a recording was played to its end. */
  public boolean told() {
    return told;
  }

  /** The call is stored: tells what there is to tell. */
  public void begin() {
    if (phase != Phase.WAITING) {
      return;
    }
    phase = Phase.TELLING;
    LegFormat callers = CodecMatch.spoken(offer).orElse(null);
    if (callers == null || !offer.audioDirection().receives()) {
      over();
      return;
    }
    voice.aside(
        () -> {
          Optional<Prompt> greeting = said(terms.greeting());
          Optional<Prompt> notice = terms.records() ? said(terms.notice()) : Optional.empty();
          loop.execute(() -> spoken(callers, greeting, notice));
        });
  }

  /** Not on the loop: it may take a while. */
  private Optional<Prompt> said(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    return switch (voice.sounds().texts().say(text)) {
      case Speech.Spoken.Said said -> Optional.of(said.prompt());
      case Speech.Spoken.Failed failed -> {
        LOG.warn("an announcement could not be spoken: {}", failed.reason());
        yield Optional.empty();
      }
    };
  }

  private void spoken(LegFormat callers, Optional<Prompt> greeting, Optional<Prompt> notice) {
    if (phase != Phase.TELLING) {
      return;
    }
    if (greeting.isEmpty() && notice.isEmpty()) {
      over();
      return;
    }
    format = callers;
    offer = CodecMatch.speaking(offer, offer, callers);
    doorman.openEarly(answerTo(offer));
    greeted = greeting.isEmpty();
    neededForNotice = notice.map(Foyer::needed).orElse(Long.MAX_VALUE);
    Playlist words = Playlist.tellingMarksTo(this::reached);
    Playlist begun = words.mark(GREETED);
    Playlist rest = notice.map(begun::then).orElse(begun).mark(END);
    Sound all = greeting.map(words::then).orElse(words).then(rest);
    voice.open(callers);
    int looks = voice.isCallerSecured() ? LOOKS_WHERE_SECURED : LOOKS;
    tellOnceReached(
        voice.sentToCaller(),
        looks,
        () -> voice.tell(callers, all, () -> loop.execute(() -> keyPressed(callers, rest))));
  }

  /** 95 of 100 packets of it, which a listener takes for all. */
  private static long needed(Prompt notice) {
    return (long) (notice.seconds() * PACKETS_PER_SECOND * 0.95) - UNDER_WAY_PACKETS;
  }

  /**
   * Begins once silence leaves for the caller: then it has keys and a path, and is proven or heard.
   */
  private void tellOnceReached(long sentBefore, int looks, Runnable telling) {
    if (phase != Phase.TELLING) {
      return;
    }
    boolean reached =
        voice.sentToCaller() > sentBefore
            && (voice.isCallerHeard() || doorman.isDescribedWithinReach());
    if (reached) {
      telling.run();
    } else if (looks == 0) {
      LOG.info("a caller cannot be reached before it is answered; it is told nothing");
      over();
    } else {
      doorman.later(LOOK_MILLIS, () -> tellOnceReached(sentBefore, looks - 1, telling));
    }
  }

  /** By the thread of the beat. */
  private void reached(String mark) {
    long sent = voice.sentToCaller();
    loop.execute(() -> reached(mark, sent));
  }

  private void reached(String mark, long sent) {
    if (mark.equals(GREETED)) {
      greeted = true;
      sentBeforeNotice = sent;
    } else if (phase == Phase.TELLING) {
      told = sent - sentBeforeNotice >= neededForNotice;
      over();
    }
  }

  /** A key interrupts the greeting, and never the notice, which the law asks for (CMP-3). */
  private void keyPressed(LegFormat callers, Sound rest) {
    if (phase == Phase.TELLING && !greeted) {
      greeted = true;
      voice.tell(callers, rest, NOBODY);
    }
  }

  private void over() {
    phase = Phase.OVER;
    doorman.letIn();
  }

  /** A phone rings: a caller whose media is open hears that from us. */
  public void rings() {
    LegFormat callers = format;
    if (callers != null) {
      voice.tell(callers, voice.sounds().ringback(), NOBODY);
    }
  }

  /** The caller has gone. */
  public void close() {
    phase = Phase.OVER;
  }

  private static Sdp answerTo(Sdp offer) {
    Direction direction = offer.audioDirection().answeredWith(Direction.SENDRECV);
    return offer.withAudio(audio -> audio.withDirection(direction));
  }
}

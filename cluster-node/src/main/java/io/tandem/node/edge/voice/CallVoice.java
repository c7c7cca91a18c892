package io.tandem.node.edge.voice;

import io.tandem.node.recording.RecordingShelf;
import io.tandem.persistence.call.MediaFacts;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.RecordingTee;
import io.tandem.protocol.media.record.ResampledRecording;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.media.voice.VoiceRoom;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The voice of one call: relayed for as long as nobody needs its sound, in a room while somebody
 * does, because the caller is told something, the sides speak different codecs, one of them hears
 * music on hold, or the call is recorded. What is wanted is written down here; {@link #arrange}
 * brings legs to and from the room. On the edge's loop only.
 */
public final class CallVoice implements AutoCloseable {
  private static final int USUAL_CLOCK_HZ = 8000;

  private final VoiceDesk desk;
  private final Relay relay;
  private final Map<Side, LegFormat> formats = new EnumMap<>(Side.class);
  private final Map<Side, Direction> directions = new EnumMap<>(Side.class);
  private final Map<Side, RoomLeg> inRoom = new EnumMap<>(Side.class);
  private final Map<Side, Sound> music = new EnumMap<>(Side.class);
  private boolean transcoded;
  private boolean connected;
  private boolean closed;
  private @Nullable VoiceRoom room;
  private @Nullable Recording recording;
  private int recordedHz;
  private final Map<Long, Intercepted> intercepted = new TreeMap<>();

  /** Recordings that hear nothing now, because a side speaks what we cannot decode. */
  private final Map<Recording, Long> deafSinceNanos = new HashMap<>();

  private boolean agentAudible;
  private long audibleSinceNanos;
  private Silences silences = Silences.NONE;

  /** A recording of a case's, and its rate. */
  private record Intercepted(Recording to, int rateHz) {}

  CallVoice(VoiceDesk desk, Relay relay) {
    this.desk = desk;
    this.relay = relay;
    for (Side side : Side.values()) {
      directions.put(side, Direction.SENDRECV);
    }
  }

  // ---- before the answer

  /** The caller alone, before anybody answers: its media opens, with silence. */
  void open(LegFormat callers) {
    formats.put(Side.A, callers);
    if (!closed && !inRoom.containsKey(Side.A)) {
      inRoom.put(Side.A, RoomLeg.enter(desk, opened(), relay, Side.A, callers));
    }
  }

  /** Packets of voice that left for the caller so far; any thread. */
  long sentToCaller() {
    return relay.leg(Side.A).statistics().rtpOut().packets();
  }

  /** Whether packets of the caller's own have come. */
  boolean isCallerHeard() {
    return relay.leg(Side.A).source().isPresent();
  }

  /** Whether keys, or a path, have to be found with the caller before it can be sent anything. */
  boolean isCallerSecured() {
    return relay.leg(Side.A).isSecured();
  }

  /**
   * The caller alone, before anybody answers: it hears this in place of anything else. A caller
   * whose phone knows no telephone events is listened to for the tones of keys.
   *
   * @param onKey for every key, by another thread; must not wait
   */
  void tell(LegFormat callers, Sound sound, Runnable onKey) {
    open(callers);
    RoomLeg caller = inRoom.get(Side.A);
    if (caller != null) {
      caller.leg().onKeys(key -> onKey.run());
      caller.leg().hearKeysInBand(callers.telephoneEventType() == LegFormat.NONE);
      caller.member().play(sound, false);
    }
  }

  /** What can be played. */
  VoiceDesk.Sounds sounds() {
    return desk.sounds();
  }

  // ---- what was agreed

  /** What an offer by a side and its answer came to: codecs, and who hears whom. */
  public void agreed(
      Side offerer,
      CodecMatch.Agreement agreement,
      Direction offererNow,
      Direction answererNow,
      boolean mayHold) {
    transcoded = agreement.transcoded();
    number(offerer, agreement);
    speaks(offerer, agreement.offerer());
    speaks(offerer.opposite(), agreement.answerer());
    directs(offerer, offererNow);
    directs(offerer.opposite(), answererNow);
    audible();
    for (Side side : Side.values()) {
      boolean left = mayHold && isLeftAlone(side);
      desk.sounds()
          .holdMusic()
          .filter(any -> left)
          .ifPresentOrElse(sound -> music.put(side, sound), () -> music.remove(side));
    }
    inRoom.values().forEach(RoomLeg::quiet);
    arrange();
  }

  /** What is relayed reaches each side by the payload types it has said (RFC 3264 6.1). */
  public void number(Side offerer, CodecMatch.Agreement agreement) {
    relay.leg(offerer.opposite()).payloadTypes(agreement.numbers());
    relay.leg(offerer).payloadTypes(agreement.backwards());
  }

  /**
   * An offer of one side's as the other is asked: with our codecs behind, unless too much is
   * transcoded already; where there is music on hold, who is to do nothing is to listen.
   */
  public Sdp asked(Sdp offer) {
    Sdp widened = transcoded || !isOverloaded() ? CodecMatch.widened(offer) : offer;
    return offer.audioDirection() == Direction.INACTIVE && desk.sounds().holdMusic().isPresent()
        ? widened.withAudio(audio -> audio.withDirection(Direction.SENDONLY))
        : widened;
  }

  /** It would listen, and the other side does not: that one has put it on hold. */
  private boolean isLeftAlone(Side side) {
    return direction(side).receives() && !direction(side.opposite()).receives();
  }

  private void speaks(Side side, Optional<LegFormat> format) {
    format.ifPresentOrElse(known -> formats.put(side, known), () -> formats.remove(side));
  }

  private void directs(Side side, Direction direction) {
    directions.put(side, direction);
    relay
        .leg(side)
        .flow(
            switch (direction) {
              case SENDRECV -> RelayLeg.Flow.SEND_RECEIVE;
              case SENDONLY -> RelayLeg.Flow.SEND_ONLY;
              case RECVONLY -> RelayLeg.Flow.RECEIVE_ONLY;
              case INACTIVE -> RelayLeg.Flow.INACTIVE;
            });
  }

  private Direction direction(Side side) {
    return Objects.requireNonNull(directions.get(side));
  }

  // ---- who is heard

  private void audible() {
    boolean now = direction(Side.A).receives() && direction(Side.B).sends();
    if (now && !agentAudible) {
      audibleSinceNanos = desk.now();
    }
    agentAudible = now;
  }

  /**
   * Looks who is heard now; to be called once a second, and at each turn of a connected call.
   *
   * @param beforeTimer whether the qualifying timer has not been reached (COOL-2)
   */
  public void listen(boolean beforeTimer) {
    connected = true;
    long now = desk.now();
    boolean counts = beforeTimer && agentAudible;
    long mayBeHeardMillis = counts ? TimeUnit.NANOSECONDS.toMillis(now - audibleSinceNanos) : 0;
    silences = silences.with(relay.hearing(now), mayBeHeardMillis);
  }

  /** How the voice was so far. */
  public MediaFacts facts() {
    return silences.facts(relay.statistics());
  }

  // ---- the recording

  /** The rate the caller's side is recorded at; empty when its sound cannot be had. */
  Optional<Integer> recordableHz() {
    return hasAllFormats()
        ? Optional.ofNullable(formats.get(Side.A)).map(format -> format.codec().sampleRateHz())
        : Optional.empty();
  }

  /** Whether the voices of this node come late already. */
  boolean isOverloaded() {
    return desk.isOverloaded();
  }

  /** Where recordings of this node go; waits for disk and keys, see {@link #aside}. */
  RecordingShelf shelf() {
    return desk.recordings();
  }

  /** Runs what has to wait for a disk or for speech, not on the loop. */
  void aside(Runnable work) {
    desk.blocking().execute(work);
  }

  /**
   * Records the call from now on: left what the caller says, right what it hears.
   *
   * @param rateHz of the recording, whatever the caller speaks later
   */
  void record(Recording to, int rateHz) {
    recording = to;
    recordedHz = rateHz;
    arrange();
  }

  /**
   * Records the call for a case too (CMP-7), whatever its campaign wants, and whatever is paused.
   *
   * @param order the number of the order
   */
  void intercept(long order, Recording to, int rateHz) {
    intercepted.put(order, new Intercepted(to, rateHz));
    arrange();
  }

  /** That is over. */
  void interceptNoMore(long order) {
    Intercepted ended = intercepted.remove(order);
    if (ended != null) {
      hearsAgain(ended.to());
      arrange();
    }
  }

  /** Keeps nothing of what comes, or goes on. */
  void pauseRecording(boolean paused) {
    Recording running = recording;
    if (running != null && paused) {
      running.pause();
    } else if (running != null) {
      running.resume();
    }
  }

  // ---- to and from the room

  private boolean needsRoom() {
    return transcoded || !music.isEmpty() || recording != null || !intercepted.isEmpty();
  }

  private boolean hasAllFormats() {
    return formats.size() == Side.values().length;
  }

  private VoiceRoom opened() {
    VoiceRoom at = room;
    if (at == null) {
      at = VoiceRoom.call();
      room = at;
      desk.open(at);
    }
    return at;
  }

  /** Sides whose codec we do not know can only be relayed. */
  private void arrange() {
    if (closed) {
      return;
    }
    if (!needsRoom() || !hasAllFormats()) {
      leaveRoom();
      recordings().forEach(each -> deafSinceNanos.putIfAbsent(each, desk.now()));
      return;
    }
    for (Side side : Side.values()) {
      RoomLeg leg = inRoom.get(side);
      LegFormat format = formats.get(side);
      if (format != null && (leg == null || !leg.format().equals(format))) {
        if (leg != null) {
          leg.leave();
        }
        inRoom.put(side, RoomLeg.enter(desk, opened(), relay, side, format));
      }
    }
    inRoom.forEach(this::listen);
    recordings().forEach(this::hearsAgain);
  }

  private List<Recording> recordings() {
    List<Recording> all = new ArrayList<>();
    Recording own = recording;
    if (own != null) {
      all.add(own);
    }
    intercepted.values().forEach(each -> all.add(each.to()));
    return all;
  }

  /** What it did not hear is no silence: it is told how much of the call passed. */
  private void hearsAgain(Recording deaf) {
    Long since = deafSinceNanos.remove(deaf);
    if (since != null) {
      deaf.missed(TimeUnit.NANOSECONDS.toMillis(desk.now() - since));
    }
  }

  private void listen(Side side, RoomLeg leg) {
    leg.member().sendTo(direction(side).receives());
    leg.hold(music.get(side));
    RoomLeg other = inRoom.get(side.opposite());
    leg.leg().hearKeysInBand(false); // its tones reach the other side with its voice
    leg.leg().onKeys(key -> pass(key, other));
    if (side == Side.A) {
      record(leg);
    }
  }

  private void record(RoomLeg leg) {
    int rateHz = leg.format().codec().sampleRateHz();
    List<Recording> all = new ArrayList<>();
    Recording own = recording;
    if (own != null) {
      all.add(at(own, rateHz, recordedHz));
    }
    intercepted.values().forEach(each -> all.add(at(each.to(), rateHz, each.rateHz())));
    if (all.isEmpty()) {
      leg.member().stopRecording();
    } else {
      leg.member().record(all.size() == 1 ? all.getFirst() : new RecordingTee(all));
    }
  }

  private static Recording at(Recording to, int fromHz, int toHz) {
    return fromHz == toHz ? to : new ResampledRecording(to, fromHz, toHz);
  }

  private int clockRateHz(Side side) {
    LegFormat format = formats.get(side);
    return format == null ? USUAL_CLOCK_HZ : format.codec().clockRateHz();
  }

  private static void pass(char key, @Nullable RoomLeg to) {
    if (to != null) {
      int unused = to.leg().press(String.valueOf(key));
    }
  }

  private void leaveRoom() {
    VoiceRoom left = room;
    if (left != null) {
      room = null;
      desk.close(left);
      inRoom.values().forEach(RoomLeg::leave);
      inRoom.clear();
      left.close();
    }
  }

  /** The call is over; ending its recording is left to who began it. */
  @Override
  public void close() {
    if (!closed && connected) {
      desk.meters().ended(relay.statistics(), this::clockRateHz);
    }
    closed = true;
    leaveRoom();
    recordings().forEach(this::hearsAgain);
  }
}

package io.tandem.protocol.media.voice;

import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceEncoder;
import io.tandem.protocol.media.mix.Mixer;
import io.tandem.protocol.media.mix.Sound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Legs that hear each other: a call of two that needs more than relaying (other codecs, a prompt,
 * music on hold, a recording), or a conference of hundreds (TEL-8). One {@link #beat} in 20 ms
 * takes what came, mixes, and sends. What listeners hear is encoded once a codec; who speaks, is
 * played to or is on hold gets an encoding of its own.
 *
 * <p>Commands come from any thread and wait for a beat that is under way at most.
 */
public final class VoiceRoom implements AutoCloseable {
  /** Voices that are heard at once in a conference. */
  public static final int MAX_HEARD = 8;

  private final Mixer mixer;
  private final boolean gainControlled;
  private final int maxMembers;
  private final List<Member> members = new ArrayList<>();
  private final @Nullable OneForAll[] shared = new OneForAll[VoiceCodec.values().length];
  private boolean closed;

  /** What all listeners of one codec get. */
  private static final class OneForAll {
    final VoiceEncoder encoder;
    final byte[] payload;
    int octets;
    boolean fresh;

    OneForAll(VoiceCodec codec) {
      encoder = codec.newEncoder();
      payload = new byte[codec.maxOctetsPer20Ms()];
    }
  }

  private VoiceRoom(int maxMembers, int maxHeard, boolean gainControlled) {
    this.maxMembers = maxMembers;
    this.mixer = new Mixer(maxHeard);
    this.gainControlled = gainControlled;
  }

  /** A call: its few parties are all heard, at the loudness they have. */
  public static VoiceRoom call() {
    return new VoiceRoom(4, 4, false);
  }

  /** A conference: the loudest are heard, at about the same loudness. */
  public static VoiceRoom conference(int maxMembers) {
    return new VoiceRoom(maxMembers, MAX_HEARD, true);
  }

  /** A leg joins; empty when the room is full or closed. */
  public synchronized Optional<Member> join(VoiceLeg leg, long nowNanos) {
    if (closed || members.size() >= maxMembers) {
      return Optional.empty();
    }
    int rate = leg.format().codec().sampleRateHz();
    Member member = new Member(this, leg, mixer.join(rate, gainControlled, nowNanos));
    members.add(member);
    return Optional.of(member);
  }

  /** A leg leaves; it is not closed. Again: nothing. */
  public synchronized void leave(Member member) {
    if (members.remove(member)) {
      mixer.leave(member.seat());
      member.stopRecording();
    }
  }

  /** Legs that are in. */
  public synchronized int size() {
    return members.size();
  }

  /** Plays something to everybody, with the voices. */
  public synchronized void announce(Sound sound) {
    mixer.announce(sound);
  }

  /** Mutes or unmutes all but one, if one is given. */
  public synchronized void muteAll(boolean on, @Nullable Member but) {
    for (Member member : members) {
      if (!member.equals(but)) {
        member.seat().mute(on);
      }
    }
  }

  /** Who speaks loudest now. */
  public synchronized Optional<Member> activeSpeaker() {
    return members.stream().filter(m -> m.seat().equals(mixer.activeSpeaker())).findFirst();
  }

  /** The next 20 ms: everything that is to be heard and sent in them. */
  public synchronized void beat(long nowNanos) {
    for (int i = 0; i < members.size(); i++) {
      members.get(i).listen(nowNanos);
    }
    mixer.pass();
    for (OneForAll one : shared) {
      if (one != null) {
        one.fresh = false;
      }
    }
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      member.record();
      send(member);
    }
  }

  private void send(Member member) {
    VoiceLeg leg = member.leg();
    if (!member.isSentTo()) {
      leg.sendNothing();
    } else if (members.size() > 2 && member.seat().isShared()) {
      OneForAll one = sharedBy(leg.format().codec(), member.seat().output());
      leg.sendEncoded(one.payload, one.octets);
    } else {
      leg.send(member.seat().output());
    }
  }

  private OneForAll sharedBy(VoiceCodec codec, short[] samples) {
    OneForAll one = shared[codec.ordinal()];
    if (one == null) {
      one = new OneForAll(codec);
      shared[codec.ordinal()] = one;
    }
    if (!one.fresh) {
      one.octets = one.encoder.encode(samples, 0, codec.samplesPer20Ms(), one.payload, 0);
      one.fresh = true;
    }
    return one;
  }

  /** Everybody leaves; the legs are not closed. */
  @Override
  public synchronized void close() {
    closed = true;
    List.copyOf(members).forEach(this::leave);
    for (OneForAll one : shared) {
      if (one != null) {
        one.encoder.close();
      }
    }
  }
}

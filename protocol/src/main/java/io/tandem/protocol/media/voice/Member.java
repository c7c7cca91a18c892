package io.tandem.protocol.media.voice;

import io.tandem.protocol.media.mix.Seat;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.record.Recording;
import org.jspecify.annotations.Nullable;

/** A leg in a {@link VoiceRoom}, and what can be done to it. Commands come from any thread. */
public final class Member {
  private final VoiceRoom room;
  private final VoiceLeg leg;
  private final Seat seat;
  private boolean sentTo = true;
  private boolean keyStopsSound;
  private @Nullable Recording recording;

  Member(VoiceRoom room, VoiceLeg leg, Seat seat) {
    this.room = room;
    this.leg = leg;
    this.seat = seat;
  }

  /** Its leg. */
  public VoiceLeg leg() {
    return leg;
  }

  /**
   * Plays something to this party in place of the room; what was being played ends.
   *
   * @param bargeIn whether {@link #keyPressed} ends it
   */
  public void play(Sound sound, boolean bargeIn) {
    synchronized (room) {
      seat.play(sound, true);
      keyStopsSound = bargeIn;
    }
  }

  /** Plays something to this party over what it hears: a warning tone, a whisper. */
  public void playOver(Sound sound) {
    synchronized (room) {
      seat.play(sound, false);
      keyStopsSound = false;
    }
  }

  /** Ends what is played to it. */
  public void stopSound() {
    synchronized (room) {
      seat.stop();
    }
  }

  /** The party pressed a key: a sound that lets itself be interrupted ends. */
  public void keyPressed() {
    synchronized (room) {
      if (keyStopsSound) {
        seat.stop();
      }
    }
  }

  /** Whether something is being played to it. */
  public boolean isPlaying() {
    synchronized (room) {
      return seat.isPlaying();
    }
  }

  /** Puts it on hold with music (TEL-11): it neither hears the room nor is heard. */
  public void hold(Sound music) {
    synchronized (room) {
      seat.hold(true);
      seat.play(music, true);
      keyStopsSound = false;
    }
  }

  /** Takes it back from hold. */
  public void resume() {
    synchronized (room) {
      seat.hold(false);
      seat.stop();
    }
  }

  /** Mutes or unmutes it. */
  public void mute(boolean on) {
    synchronized (room) {
      seat.mute(on);
    }
  }

  /** Whether packets are sent to it: not when its SDP says sendonly or inactive. */
  public void sendTo(boolean on) {
    synchronized (room) {
      sentTo = on;
    }
  }

  /** Whether it speaks now, by its energy. */
  public boolean isSpeaking() {
    synchronized (room) {
      return seat.isSpeaking();
    }
  }

  /** Monotonic time of its last speech, or of its joining: dead air counts from there (COOL-2). */
  public long lastSpeechNanos() {
    synchronized (room) {
      return seat.lastSpeechNanos();
    }
  }

  /**
   * Records what it says on the left and what it hears on the right (TEL-14). The recording's rate
   * is that of the leg's codec; closing it is left to who opened it.
   */
  public void record(Recording to) {
    synchronized (room) {
      recording = to;
    }
  }

  /** Records no more; the recording is not closed. */
  public void stopRecording() {
    synchronized (room) {
      recording = null;
    }
  }

  // By the room's beat, with its lock.

  void listen(long nowNanos) {
    if (leg.receive(seat.input(), nowNanos)) {
      seat.speak(nowNanos);
    }
  }

  void record() {
    Recording to = recording;
    if (to != null) {
      to.write(seat.input(), seat.output(), seat.rateHz() / 50);
    }
  }

  boolean isSentTo() {
    return sentTo;
  }

  Seat seat() {
    return seat;
  }
}

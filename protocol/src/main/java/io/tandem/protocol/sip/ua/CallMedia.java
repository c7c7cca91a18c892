package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;

/** The sound of one call, as signalling sees it. Called on the loop: must not block. */
public interface CallMedia {

  /**
   * Where this call receives and what it speaks; asked once, before the call is offered or
   * answered.
   */
  AudioSession session();

  /** An offer of ours; sound that is encrypted puts its keys in. */
  default Sdp offer(Direction direction) {
    return session().offer(direction);
  }

  /**
   * The far side described itself: the answer, a new offer, or early media. May come several times.
   */
  void described(Sdp remote);

  /** The call is over: nothing more will be received. Called once. */
  void ended();

  /** Signalling without sound: names a port and listens to nothing. */
  static CallMedia none(String address, int rtpPort) {
    AudioSession session = AudioSession.g711(address, rtpPort);
    return new CallMedia() {
      @Override
      public AudioSession session() {
        return session;
      }

      @Override
      public void described(Sdp remote) {
        // no sound
      }

      @Override
      public void ended() {
        // no sound
      }
    };
  }
}

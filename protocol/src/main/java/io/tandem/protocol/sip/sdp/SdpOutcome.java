package io.tandem.protocol.sip.sdp;

import java.util.Optional;

/** What became of reading a description. */
public sealed interface SdpOutcome {

  /** It is one. */
  record Good(Sdp sdp) implements SdpOutcome {}

  /**
   * It is not one.
   *
   * @param line number of the offending line, from 1; 0 when the whole body is
   * @param why what is wrong, in words that may be sent in a Warning header; never quotes the body
   */
  record Bad(int line, String why) implements SdpOutcome {}

  /** The description when it is one. */
  default Optional<Sdp> good() {
    return this instanceof Good(Sdp sdp) ? Optional.of(sdp) : Optional.empty();
  }
}

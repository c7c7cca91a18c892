package io.tandem.protocol.media.relay;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an RTP packet comes from the party of the leg: symmetric RTP (RFC 4961), guarded
 * against strangers. Pure: time and addresses come in, a verdict goes out. The policy:
 *
 * <ol>
 *   <li>Before an offer or answer named the party, every packet is <em>early</em> and dropped.
 *   <li>The first packet of an admissible source ({@link RemoteParty.Learning}) latches the leg; we
 *       send back to where it came from.
 *   <li>The negotiated address displaces a learned source at any time, and a trusted host displaces
 *       a first speaker while the latch settles. Everybody else is a stranger: counted and dropped.
 *   <li>A new offer or answer with another address opens the latch for the new address; the former
 *       source is heard on until the new one speaks, for a grace period at most.
 *   <li>A proven move needs no signalling: the latched source has been silent for a while, and two
 *       packets in a row from one new source go on with its SSRC and its sequence numbers. Who did
 *       not hear the stream must guess 32 bits of SSRC; who did, as everybody on its path and the
 *       other party of the call, to whom they are passed on, can forge them. So a mover has no
 *       better standing than its address gives it, and the negotiated address takes its leg back as
 *       from any learned source. What is left is a party that is itself silent at another address
 *       than the negotiated one: there SRTP is the answer.
 * </ol>
 */
final class SourceLatch {
  /** What is to be done with the packet. */
  enum Verdict {
    /** From the latched source. */
    ACCEPTED,
    /** From a source that has just been latched; accepted. */
    LATCHED,
    /** Nobody is expected yet; dropped. */
    EARLY,
    /** From somebody else; dropped. */
    STRANGER
  }

  /** A move may skip this many sequence numbers, 20 s at 50 packets a second. */
  private static final int MAX_MOVE_GAP_PACKETS = 1000;

  private final Patience patience;

  private @Nullable RemoteParty party;
  private @Nullable InetSocketAddress source;
  private int rank;
  private long settledAtNanos;
  private boolean renegotiating;
  private boolean addressKnown;
  private boolean onlyWhereLatched;
  private long graceEndsAtNanos;

  private int ssrc;
  private int lastSequence;
  private long lastNanos;

  private @Nullable InetSocketAddress candidate;
  private int candidateSequence;

  /**
   * The periods of the policy, in nanoseconds.
   *
   * @param learning a first speaker can be learned for so long after the negotiation or the bridge
   * @param settling a trusted host displaces a first speaker for so long
   * @param grace the former source is heard for so long after a new negotiation
   * @param silence the latched source must have been silent for so long before a move is believed
   */
  record Patience(long learning, long settling, long grace, long silence) {
    static final Patience DEFAULT =
        new Patience(10_000_000_000L, 2_000_000_000L, 2_000_000_000L, 500_000_000L);
  }

  SourceLatch(Patience patience) {
    this.patience = patience;
  }

  /** An offer or answer named the party; the same address again changes nothing. */
  void expect(RemoteParty next, long nowNanos) {
    RemoteParty former = party;
    party = next;
    addressKnown = next.isAddressKnown();
    if (source == null) {
      return;
    }
    if (former != null && former.rtp().equals(next.rtp())) {
      return;
    }
    if (source.equals(next.rtp())) {
      rank = RemoteParty.RANK_NEGOTIATED;
      renegotiating = false;
      return;
    }
    renegotiating = true;
    graceEndsAtNanos = nowNanos + patience.grace();
    rank = RemoteParty.RANK_NONE;
    candidate = null;
  }

  /** Whether a description alone is no reason to send anything there. */
  void sendOnlyWhereLatched(boolean on) {
    onlyWhereLatched = on;
  }

  /** The party has gone; nobody is expected until {@link #expect}. */
  void vacate() {
    party = null;
    source = null;
    candidate = null;
    renegotiating = false;
  }

  /**
   * The whole judgement of a packet that goes on as the last one did, which nearly all do: true
   * when it is from the latched source and nothing is being negotiated. False says nothing yet.
   */
  boolean goesOn(InetSocketAddress from, int packetSsrc, int sequence, long nowNanos) {
    if (renegotiating || !isSource(from)) {
      return false;
    }
    remember(packetSsrc, sequence, nowNanos);
    return true;
  }

  /**
   * Judges one valid packet and remembers what a later proof of a move needs.
   *
   * @param learningOpen whether a first speaker may be learned now
   */
  Verdict judge(
      InetSocketAddress from, int packetSsrc, int sequence, long nowNanos, boolean learningOpen) {
    RemoteParty expected = party;
    if (expected == null) {
      return Verdict.EARLY;
    }
    if (renegotiating && nowNanos - graceEndsAtNanos >= 0) {
      renegotiating = false;
      source = null;
    }
    if (isSource(from)) {
      remember(packetSsrc, sequence, nowNanos);
      return Verdict.ACCEPTED;
    }
    int fit = expected.rank(from, learningOpen);
    if (admits(fit, nowNanos)) {
      latch(from, fit, packetSsrc, sequence, nowNanos);
      return Verdict.LATCHED;
    }
    if (movedTo(from, packetSsrc, sequence, nowNanos)) {
      latch(from, Math.max(RemoteParty.RANK_FIRST_SPEAKER, fit), packetSsrc, sequence, nowNanos);
      return Verdict.LATCHED;
    }
    return Verdict.STRANGER;
  }

  /** A wire that knows a source gives the same object again: no need to look into it. */
  @SuppressWarnings("ReferenceEquality")
  boolean isSource(InetSocketAddress from) {
    return from == source || from.equals(source);
  }

  /**
   * Whether {@link #judge} could take a packet from there, were it authentic: what is not even
   * conceivable is not worth decrypting. Changes nothing.
   */
  boolean conceivable(InetSocketAddress from, int packetSsrc, long nowNanos, boolean learningOpen) {
    RemoteParty expected = party;
    if (expected == null) {
      return false;
    }
    return from.equals(source)
        || expected.rank(from, learningOpen) > RemoteParty.RANK_NONE
        || (source != null && packetSsrc == ssrc && nowNanos - lastNanos >= patience.silence());
  }

  /** Whether the party could be at that address, or is. Changes nothing. */
  boolean couldBe(InetSocketAddress from, boolean learningOpen) {
    RemoteParty expected = party;
    return expected != null
        && (from.equals(source) || expected.rank(from, learningOpen) > RemoteParty.RANK_NONE);
  }

  private boolean admits(int fit, long nowNanos) {
    if (source == null || renegotiating) {
      return fit > RemoteParty.RANK_NONE;
    }
    boolean settling = nowNanos - settledAtNanos < 0;
    return fit > rank && (settling || fit == RemoteParty.RANK_NEGOTIATED);
  }

  private void latch(InetSocketAddress from, int fit, int packetSsrc, int sequence, long nowNanos) {
    source = from;
    rank = fit;
    settledAtNanos = nowNanos + patience.settling();
    renegotiating = false;
    candidate = null;
    ssrc = packetSsrc;
    lastSequence = sequence;
    lastNanos = nowNanos;
  }

  private void remember(int packetSsrc, int sequence, long nowNanos) {
    ssrc = packetSsrc;
    lastSequence = sequence;
    lastNanos = nowNanos;
  }

  private boolean movedTo(InetSocketAddress from, int packetSsrc, int sequence, long nowNanos) {
    int gap = ahead(sequence, lastSequence);
    boolean continues =
        source != null
            && packetSsrc == ssrc
            && gap > 0
            && gap <= MAX_MOVE_GAP_PACKETS
            && nowNanos - lastNanos >= patience.silence();
    if (!continues) {
      return false;
    }
    boolean secondInARow = from.equals(candidate) && ahead(sequence, candidateSequence) == 1;
    candidate = from;
    candidateSequence = sequence;
    return secondInARow;
  }

  /** Distance on the circle of 16-bit sequence numbers, negative when behind. */
  private static int ahead(int sequence, int than) {
    return (short) (sequence - than);
  }

  /** The latched source, null while there is none. */
  @Nullable InetSocketAddress source() {
    return source;
  }

  /**
   * Where to send: back to the latched source (RFC 4961), before that to the negotiated address;
   * null when neither can be reached. After a new negotiation to the new address (RFC 3264 §8.3.1):
   * at once where the party is known to be there, else once the grace is over, for a phone may be
   * heard from the address its NAT gave it. Null also before a source is latched where only such
   * ones may be sent to.
   */
  @Nullable InetSocketAddress destination(long nowNanos) {
    InetSocketAddress latched = source;
    if (latched != null && !(renegotiating && (addressKnown || nowNanos - graceEndsAtNanos >= 0))) {
      return latched;
    }
    RemoteParty expected = party;
    if (expected == null) {
      return null;
    }
    return mayDescribe(expected.rtp()) ? expected.rtp() : null;
  }

  /** Whether packets may go to an address that the party's description names. */
  boolean mayDescribe(InetSocketAddress address) {
    RemoteParty expected = party;
    InetSocketAddress latched = source;
    return expected != null
        && RemoteParty.sendable(address)
        && (!onlyWhereLatched
            || expected.proven()
            || (latched != null && latched.getAddress().equals(address.getAddress())));
  }
}

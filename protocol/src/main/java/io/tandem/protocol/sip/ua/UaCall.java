package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.OwnOrigin;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpParser;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of a line, from INVITE to BYE. What decides on an incoming one ({@link #ring}, {@link
 * #answer}, {@link #refuse}) is called on the loop, as a handler is; all else from any thread.
 */
public final class UaCall {

  private static final SdpParser SDP = new SdpParser();

  /** Where a call stands. */
  public enum State {
    /** The INVITE is on its way, or has just come. */
    CALLING,
    /** A 101 to 199 was sent or received. */
    RINGING,
    /** A 2xx was sent or received. */
    ANSWERED,
    ENDED
  }

  private final UaLine line;
  private final String localTag;
  private final Target fallback;
  private final Setup setup;
  private final CallTimes times;
  private final CompletableFuture<Boolean> ringing = new CompletableFuture<>();
  private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
  private final CompletableFuture<CallEnd> ended = new CompletableFuture<>();
  private final List<SipRequest> heard = new CopyOnWriteArrayList<>();
  private final Established established = new Established(this);
  private volatile State state = State.CALLING;
  private volatile @Nullable Dialog dialog;
  private @Nullable CallMedia media;
  private OwnOrigin origin;
  private boolean byeWanted;
  private boolean byeSent;

  /** How the call comes to be: by our INVITE or by theirs. */
  sealed interface Setup permits OutgoingInvite, IncomingInvite {

    /** The INVITE as it was last sent or received. */
    SipRequest invite();

    /** This side wants no more of it, before it was answered. */
    void giveUp();

    /** Whether our 2xx still waits for its ACK, and the BYE with it. */
    boolean awaitsAck();
  }

  private UaCall(
      UaLine line, Target fallback, @Nullable CallMedia media, Function<UaCall, Setup> setup) {
    this.line = line;
    this.localTag = line.agent().tokens().next();
    this.fallback = fallback;
    this.media = media;
    this.times = new CallTimes(line.agent().loop());
    String own = line.agent().wire().via(fallback, "origin").host();
    this.origin = OwnOrigin.fresh("tandem", localTag.hashCode() & 0x7fff_ffffL, own);
    this.setup = setup.apply(this);
  }

  static UaCall outgoing(UaLine line, SipUri to, CallMedia media, List<HeaderField> headers) {
    return new UaCall(
        line, line.identity().proxy(), media, call -> new OutgoingInvite(call, to, headers));
  }

  static UaCall incoming(UaLine line, ServerTransactionId id, SipRequest invite, Flow flow) {
    return new UaCall(line, flow, null, call -> new IncomingInvite(call, id, invite));
  }

  // ---- what can be asked

  /** Whose call it is. */
  public UaLine line() {
    return line;
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /**
   * The INVITE as it was last sent or received; its headers are what tests look at. On the loop.
   */
  public SipRequest invite() {
    return setup.invite();
  }

  /** The dialog; null before there is one. */
  public @Nullable Dialog dialog() {
    return dialog;
  }

  /** When what happened. */
  public CallTimes times() {
    return times;
  }

  /** Completes with true when it rings, with false when it was answered or ended without. */
  public CompletableFuture<Boolean> ringing() {
    return ringing;
  }

  /** Completes with true when it is answered and acknowledged, with false when it ended before. */
  public CompletableFuture<Boolean> answered() {
    return answered;
  }

  /** Completes when it is over. */
  public CompletableFuture<CallEnd> ended() {
    return ended;
  }

  // ---- what can be done

  /** Sends 180 for an incoming call. */
  public void ring() {
    if (setup instanceof IncomingInvite incoming) {
      incoming.ring();
    }
  }

  /**
   * Sends 183 with an answer for an incoming call: early media, reliably where the caller supports
   * that (RFC 3262). Answer with the same media.
   */
  public void progress(CallMedia early) {
    if (setup instanceof IncomingInvite incoming) {
      incoming.progress(early);
    }
  }

  /**
   * Answers an incoming call.
   *
   * @return false when it is over already, or its offer has no codec of ours and was refused with
   *     488
   */
  public boolean answer(CallMedia answering) {
    return setup instanceof IncomingInvite incoming && incoming.answer(answering);
  }

  /** Refuses an incoming call with that status: 486 busy, 603 decline. */
  public void refuse(int status) {
    if (setup instanceof IncomingInvite incoming) {
      incoming.refuse(status);
    }
  }

  /** The same with a Reason (RFC 3326). */
  public void refuse(int status, String reason) {
    if (setup instanceof IncomingInvite incoming) {
      incoming.refuse(status, reason);
    }
  }

  /** Refuses it with 302 and names somebody else. */
  public void redirect(String contact) {
    if (setup instanceof IncomingInvite incoming) {
      incoming.redirect(contact);
    }
  }

  /** Ends it, whatever its state: CANCEL, 603 or BYE. {@link #ended} tells when it is over. */
  public void hangUp() {
    line.agent().onLoop(this::hangUpNow);
  }

  /** Puts the other side on hold: re-INVITE with sendonly. */
  public CompletableFuture<UaAnswer> hold() {
    return reinvite(Direction.SENDONLY);
  }

  /** Takes the other side back: re-INVITE with sendrecv. */
  public CompletableFuture<UaAnswer> resume() {
    return reinvite(Direction.SENDRECV);
  }

  private CompletableFuture<UaAnswer> reinvite(Direction direction) {
    CompletableFuture<UaAnswer> outcome = new CompletableFuture<>();
    line.agent().onLoop(() -> established.reinvite(direction, outcome));
    return outcome;
  }

  /** Sends a request within the dialog: INFO, NOTIFY … */
  public CompletableFuture<UaAnswer> request(String method, String contentType, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return within(() -> speak(method).body(contentType, bytes).build());
  }

  /** Hands the other side on (RFC 3515); {@link #heard} tells how it goes. */
  public CompletableFuture<UaAnswer> refer(String referTo) {
    return within(
        () ->
            speak(SipRequest.REFER)
                .contact(line.contact(fallback))
                .header(HeaderName.REFER_TO, referTo)
                .build());
  }

  private CompletableFuture<UaAnswer> within(Supplier<SipRequest> attempts) {
    CompletableFuture<UaAnswer> outcome = new CompletableFuture<>();
    line.agent()
        .onLoop(
            () -> {
              if (state != State.ANSWERED) {
                outcome.complete(new UaAnswer(481, null));
              } else {
                exchange(attempts, outcome::complete);
              }
            });
    return outcome;
  }

  /** What the other side has sent within the dialog so far, ACKs aside. */
  public List<SipRequest> heard() {
    return heard;
  }

  private void hangUpNow() {
    switch (state) {
      case CALLING, RINGING -> setup.giveUp();
      case ANSWERED -> bye(CallEnd.Cause.HUNG_UP_HERE, 200);
      case ENDED -> {}
    }
  }

  // ---- for setup and dialog; all on the loop

  void start() {
    if (setup instanceof OutgoingInvite outgoing) {
      outgoing.start();
    }
  }

  /**
   * Ends an answered call with one BYE, which waits for an ACK that is due (15); over when it is
   * answered or not.
   */
  void bye(CallEnd.Cause cause, int status) {
    byeWanted = true;
    if (byeSent || state == State.ENDED || setup.awaitsAck()) {
      return;
    }
    byeSent = true;
    exchange(() -> speak(SipRequest.BYE).build(), answer -> end(new CallEnd(cause, status, true)));
  }

  void exchange(Supplier<SipRequest> attempts, Consumer<UaAnswer> done) {
    new Exchange(line, target(), attempts, done).start();
  }

  /** The next request of this dialog. */
  SipRequest.Builder speak(String method) {
    Dialog.Spoken spoken = knownDialog().request(method);
    dialog = spoken.next();
    return spoken.request().header(HeaderName.USER_AGENT, UserAgent.NAME);
  }

  void receive(ServerTransactionId id, SipRequest request) {
    heard.add(request);
    established.receive(id, request);
  }

  /** The first ACK of a 2xx of ours. */
  void acknowledged(SipRequest ack) {
    established.acknowledged(ack);
    if (setup instanceof IncomingInvite incoming && incoming.awaitsAck()) {
      incoming.acknowledged(ack);
      if (byeWanted) {
        bye(CallEnd.Cause.HUNG_UP_HERE, 200);
      }
    }
  }

  void cancelledByCaller() {
    if (setup instanceof IncomingInvite incoming) {
      incoming.cancelled();
    }
  }

  Setup setup() {
    return setup;
  }

  String localTag() {
    return localTag;
  }

  Dialog knownDialog() {
    return Objects.requireNonNull(dialog, "no dialog yet");
  }

  /** The dialog as it is from now on. */
  void dialog(Dialog next) {
    Dialog before = dialog;
    if (before == null || !before.id().equals(next.id())) {
      line.agent().forget(before == null ? null : before.id());
      line.agent().know(next.id(), this);
    }
    dialog = next;
  }

  /**
   * Where requests of this dialog go: by its route when that is an address, else where the call
   * came from.
   */
  Target target() {
    Dialog known = dialog;
    Optional<Destination> byRoute =
        known == null ? Optional.empty() : Destination.of(known.nextHop());
    return byRoute.isPresent() ? byRoute.get() : fallback;
  }

  Target fallback() {
    return fallback;
  }

  void media(CallMedia answering) {
    media = answering;
  }

  @Nullable CallMedia media() {
    return media;
  }

  /** The description with our o= line, its version counted. */
  Sdp issue(Sdp sdp) {
    OwnOrigin.Issued issued = origin.issue(sdp);
    origin = issued.origin();
    return issued.sdp();
  }

  /** The description a message carries; empty without one, or with a broken one. */
  static Optional<Sdp> sdpOf(SipMessage message) {
    return message.hasBody(Sdp.CONTENT_TYPE) ? SDP.parse(message.body()).good() : Optional.empty();
  }

  void described(Sdp remote) {
    CallMedia known = media;
    if (known != null) {
      known.described(remote);
    }
  }

  void rang() {
    if (state == State.CALLING) {
      state = State.RINGING;
      times.ringing();
      ringing.complete(true);
    }
  }

  /** A 2xx went or came. */
  void accepted() {
    state = State.ANSWERED;
    times.answered();
    ringing.complete(false);
  }

  /** And its ACK came or went. */
  void established() {
    answered.complete(true);
  }

  /** It is over, whatever it was waiting for; the first end counts. */
  void end(CallEnd end) {
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    times.ended();
    established.stopRepeating();
    Dialog known = dialog;
    line.agent().forget(known == null ? null : known.id());
    CallMedia sound = media;
    if (sound != null) {
      sound.ended();
    }
    ringing.complete(false);
    answered.complete(false);
    ended.complete(end);
  }
}

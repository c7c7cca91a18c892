package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Farewell;
import io.tandem.node.edge.dialog.RemoteTarget;
import io.tandem.node.edge.dialog.SessionWatch;
import io.tandem.persistence.call.LegDialog;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.sip.defence.Network;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.Exchanges;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.dialog.SessionTimer;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.SentAck;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connected call: its dialog, where it is reached, and its descriptions.
 *
 * <p>Changes with each request in the dialog. On the loop only.
 */
final class Party {
  /**
   * Of whom its dialog tells (PRV-2).
   *
   * @param shown the caller, whose number the other side is shown
   * @param there who is on this side: the caller or the agent
   */
  record Whose(String shown, String there) {}

  private final Side side;
  private final RemoteTarget reach;
  private final Whose whose;
  private final SdpPass pass;
  private Dialog dialog;
  private @Nullable Sdp lastSdp;

  private Exchanges exchanges = Exchanges.NONE;
  private SessionPolicy policy;
  private @Nullable SessionWatch watch;
  private boolean takesUpdate;
  private @Nullable Consumer<SipRequest> awaitsAck;
  private @Nullable SentAck lastAck;
  private String farewell = "";

  /**
   * @param lastSdp null while this side has described nothing: its offer comes late
   */
  Party(
      Side side,
      RemoteTarget reach,
      Whose whose,
      SdpPass pass,
      Dialog dialog,
      @Nullable Sdp lastSdp,
      SessionPolicy policy) {
    this.side = side;
    this.reach = reach;
    this.whose = whose;
    this.pass = pass;
    this.dialog = dialog;
    this.lastSdp = lastSdp;
    this.policy = policy;
  }

  Side side() {
    return side;
  }

  /** Where a request to it goes now. */
  Target target() {
    return reach.now(dialog);
  }

  /** A request of it, in order, came in there: it is reached there from now on. */
  void heard(Flow from) {
    reach.heard(from, dialog);
  }

  /** Where it spoke last from. */
  Target spokeFrom() {
    return reach.last();
  }

  /** Whether that came from where it was told the tag of its dialog: it hears us there (ACC-8). */
  boolean isAt(Flow from) {
    return Network.same(from.remote().getAddress(), reach.first().remote().getAddress());
  }

  SdpPass pass() {
    return pass;
  }

  Dialog dialog() {
    return dialog;
  }

  void dialog(Dialog next) {
    dialog = next;
  }

  /** This side offered: the relay expects its media from there. */
  void heardOffer(Sdp offer) {
    lastSdp = offer;
    pass.heardOffer(offer, reach.last());
  }

  /** This side answered: the relay expects its media from there. */
  void heardAnswer(Sdp answer) {
    lastSdp = answer;
    pass.heardAnswer(answer, reach.last());
  }

  /** Whether it asked to be left alone: it does not want to receive. */
  boolean onHold() {
    return lastSdp != null && lastSdp.holds();
  }

  /** Which way its media flows, as it said last; both ways while it has described nothing. */
  Direction direction() {
    return lastSdp == null ? Direction.SENDRECV : lastSdp.audioDirection();
  }

  /**
   * What it said last, as an offer in its name to somebody new: both ways, for who held it has
   * left.
   */
  Optional<Sdp> offersAnew() {
    return Optional.ofNullable(lastSdp)
        .map(said -> said.withAudio(audio -> audio.withDirection(Direction.SENDRECV)));
  }

  /** Whether this is word for word what it said last. */
  boolean said(Sdp sdp) {
    return sdp.equals(lastSdp);
  }

  // ---- what is under way in its dialog

  Exchanges exchanges() {
    return exchanges;
  }

  void exchanges(Exchanges next) {
    exchanges = next;
  }

  /** Nothing is under way any more. */
  void settled() {
    exchanges = Exchanges.NONE;
  }

  /** Runs the task with the first ACK of the 2xx that goes out next. */
  void onceAcknowledged(Consumer<SipRequest> task) {
    awaitsAck = task;
  }

  /** Its ACK is here. */
  void heardAck(SipRequest ack) {
    Consumer<SipRequest> task = awaitsAck;
    awaitsAck = null;
    if (task != null) {
      task.accept(ack);
    }
  }

  /** The last ACK of ours, to send it again. */
  @Nullable SentAck lastAck() {
    return lastAck;
  }

  void acknowledged(SentAck ack) {
    lastAck = ack;
  }

  /** It leaves, by BYE or CANCEL. */
  void leaves(SipRequest request) {
    farewell = Farewell.passedOn(request);
  }

  /** Why it left, as others are told; what we say of it where it gave no reason. */
  String farewell(String ours) {
    return farewell.isEmpty() ? ours : farewell;
  }

  /** What a phone that rings for it hears when it is stopped. */
  String toPhones(boolean answeredElsewhere) {
    return answeredElsewhere ? Farewell.ELSEWHERE : farewell(Farewell.STOPPED);
  }

  /** Our BYE to it. */
  SipRequest bye(String why) {
    Dialog.Spoken spoken = dialog.request(SipRequest.BYE);
    dialog = spoken.next();
    return spoken.request().header(HeaderName.REASON, why).build();
  }

  // ---- its session timer

  SessionPolicy policy() {
    return policy;
  }

  void policy(SessionPolicy next) {
    policy = next;
  }

  boolean takesUpdate() {
    return takesUpdate;
  }

  void takesUpdate(boolean does) {
    takesUpdate = does;
  }

  /** A message of its says which methods it takes; one that does not say so changes nothing. */
  void allows(SipMessage message) {
    List<String> allowed = message.headers().all(HeaderName.ALLOW);
    if (!allowed.isEmpty()) {
      takesUpdate = allowed.stream().anyMatch(value -> lists(value, SipRequest.UPDATE));
    }
  }

  private static boolean lists(String value, String method) {
    for (int from = 0; from <= value.length(); ) {
      int comma = value.indexOf(',', from);
      int end = comma < 0 ? value.length() : comma;
      if (value.substring(from, end).strip().equals(method)) {
        return true;
      }
      from = end + 1;
    }
    return false;
  }

  void watchedBy(SessionWatch session) {
    watch = session;
  }

  SessionWatch watch() {
    return Objects.requireNonNull(watch, "no session timer yet");
  }

  /** A 2xx agreed this. */
  void keep(SessionTimer timer) {
    watch().keep(timer);
  }

  /** As the call stores it: without keys, which are in no event. */
  LegDialog stored() {
    return LegDialogs.stored(
        dialog,
        reach.last(),
        whose,
        lastSdp == null ? "" : LegSecurity.withoutKeys(lastSdp).text());
  }

  @Override
  public String toString() {
    return "Party[" + side + "]";
  }
}

package io.tandem.protocol.sip.dialog;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dialog's state (RFC 3261 12), seen from our end. All parts are text and numbers, as they go
 * onto the wire, so that it can be stored and carried to another node whole.
 *
 * @param role whether we sent the INVITE (UAC) or received it (UAS)
 * @param localAddress our From or To value without its tag, {@code "Name" <sip:…>}
 * @param remoteAddress the peer's, likewise
 * @param localCseq number of the last request we sent; 0 before any
 * @param remoteCseq number of the last request we received; -1 before any
 * @param inviteCseq number of the INVITE that made the dialog, for its ACK
 * @param routes the route set, in the order in which we write it
 * @param remoteTarget the URI requests go to
 * @param secure only sips URIs and TLS may be used (12.1.1)
 * @param confirmed whether a 2xx made or confirmed it; else it is early
 */
public record Dialog(
    Role role,
    String callId,
    String localTag,
    String remoteTag,
    String localAddress,
    String remoteAddress,
    long localCseq,
    long remoteCseq,
    long inviteCseq,
    List<String> routes,
    String remoteTarget,
    boolean secure,
    boolean confirmed) {

  /**
   * How far {@link #speakAfterFailover} jumps: more requests than an edge sends between two stored
   * states.
   */
  public static final long FAILOVER_CSEQ_JUMP = 10_000;

  private static final int MAX_FORWARDS = 70;

  /** Which side of the INVITE we are. */
  public enum Role {
    UAC,
    UAS
  }

  /**
   * A request of ours and the dialog after it. The request still needs its Via, and its Contact
   * where one is due.
   */
  public record Spoken(Dialog next, SipRequest.Builder request) {}

  /** What a received request does to the dialog. */
  public sealed interface Heard {

    /** It is in order; the dialog after it. */
    record InOrder(Dialog next) implements Heard {}

    /** Its CSeq went backwards: answer 500 (12.2.2). */
    record OutOfOrder(long expectedAtLeast) implements Heard {}
  }

  public Dialog {
    routes = List.copyOf(routes);
  }

  /**
   * The dialog of a UAS (12.1.1), early until {@link #confirm}.
   *
   * @param localTag the tag we put into the response's To
   * @param tls whether the INVITE came over TLS
   * @return empty when the INVITE has no Contact with a SIP URI: answer 400
   */
  public static Optional<Dialog> uas(SipRequest invite, String localTag, boolean tls) {
    String target = target(invite);
    if (target == null) {
      return Optional.empty();
    }
    long cseq = invite.cseq().number();
    return Optional.of(
        new Dialog(
            Role.UAS,
            invite.callId(),
            localTag,
            invite.fromTag(),
            untagged(invite.to()),
            untagged(invite.from()),
            0,
            cseq,
            cseq,
            texts(invite.recordRoutes()),
            target,
            tls && invite.uri().isSecure(),
            false));
  }

  /**
   * The dialog of a UAC (12.1.2): early from a 101 to 199, confirmed from a 2xx.
   *
   * @return empty when the response makes none: a 100, a failure, no To tag, no Contact
   */
  public static Optional<Dialog> uac(SipRequest invite, SipResponse response, boolean tls) {
    String remoteTag = response.toTag();
    String target = target(response);
    boolean makesOne = response.status() > 100 && response.status() < 300;
    if (!makesOne || remoteTag == null || target == null) {
      return Optional.empty();
    }
    long cseq = invite.cseq().number();
    return Optional.of(
        new Dialog(
            Role.UAC,
            invite.callId(),
            invite.fromTag(),
            remoteTag,
            untagged(invite.from()),
            untagged(invite.to()),
            cseq,
            -1,
            cseq,
            texts(response.recordRoutes()).reversed(),
            target,
            tls && invite.uri().isSecure(),
            response.isSuccess()));
  }

  /** Its name among others. */
  public DialogId id() {
    return new DialogId(callId, localTag, remoteTag);
  }

  /** The UAS sent a 2xx. */
  public Dialog confirm() {
    return new Dialog(
        role,
        callId,
        localTag,
        remoteTag,
        localAddress,
        remoteAddress,
        localCseq,
        remoteCseq,
        inviteCseq,
        routes,
        remoteTarget,
        secure,
        true);
  }

  /**
   * The UAC's early dialog received its 2xx: route set and target are taken from it anew
   * (13.2.2.4).
   */
  public Dialog confirmedBy(SipResponse success) {
    List<String> fresh = texts(success.recordRoutes()).reversed();
    return new Dialog(
        role,
        callId,
        localTag,
        remoteTag,
        localAddress,
        remoteAddress,
        localCseq,
        remoteCseq,
        inviteCseq,
        fresh,
        targetOf(success),
        secure,
        true);
  }

  /** The next request of ours (12.2.1.1). Not for ACK and CANCEL. */
  public Spoken request(String method) {
    Dialog next = withLocalCseq(localCseq + 1);
    return new Spoken(next, next.build(method, next.localCseq));
  }

  /**
   * The ACK for a 2xx (13.2.2.4): the number of its INVITE, and no new one.
   *
   * @param cseq number of the INVITE or re-INVITE that was answered
   */
  public SipRequest.Builder ack(long cseq) {
    return build(SipRequest.ACK, cseq);
  }

  /** Whether this ACK belongs to the 2xx we sent for the INVITE or re-INVITE of that number. */
  public boolean isAcknowledgedBy(SipRequest ack, long cseq) {
    return ack.is(SipRequest.ACK)
        && ack.cseq().number() == cseq
        && DialogId.of(ack).filter(id()::equals).isPresent();
  }

  /**
   * A request of this dialog came in (12.2.2); INVITE and UPDATE refresh the target. Not for ACK
   * and CANCEL.
   */
  public Heard hear(SipRequest received) {
    long number = received.cseq().number();
    if (number < remoteCseq) {
      return new Heard.OutOfOrder(remoteCseq);
    }
    String target = refreshesTarget(received.method()) ? targetOf(received) : remoteTarget;
    return new Heard.InOrder(
        new Dialog(
            role,
            callId,
            localTag,
            remoteTag,
            localAddress,
            remoteAddress,
            localCseq,
            number,
            inviteCseq,
            routes,
            target,
            secure,
            confirmed));
  }

  /** A 2xx to a re-INVITE or UPDATE of ours refreshes the target (12.2.1.2). */
  public Dialog refreshedBy(SipResponse success) {
    boolean refreshes = success.isSuccess() && refreshesTarget(success.cseq().method());
    return refreshes
        ? new Dialog(
            role,
            callId,
            localTag,
            remoteTag,
            localAddress,
            remoteAddress,
            localCseq,
            remoteCseq,
            inviteCseq,
            routes,
            targetOf(success),
            secure,
            confirmed)
        : this;
  }

  /**
   * The dialog as a survivor takes it over: the dead edge may have sent requests after this state
   * was stored, so the numbers jump ahead; gaps are allowed (12.2.1.1), repetitions are not.
   */
  public Dialog speakAfterFailover() {
    return withLocalCseq(localCseq + FAILOVER_CSEQ_JUMP);
  }

  private Dialog withLocalCseq(long cseq) {
    return new Dialog(
        role,
        callId,
        localTag,
        remoteTag,
        localAddress,
        remoteAddress,
        cseq,
        remoteCseq,
        inviteCseq,
        routes,
        remoteTarget,
        secure,
        confirmed);
  }

  /** Request-URI and Route by loose or strict routing (12.2.1.1). */
  private SipRequest.Builder build(String method, long cseq) {
    List<String> written = routes;
    SipUri uri = SipUri.of(remoteTarget);
    if (!routes.isEmpty() && !firstRoute().isLooseRouter()) {
      written = new ArrayList<>(routes.subList(1, routes.size()));
      written.add('<' + remoteTarget + '>');
      // what may not stand in a Request-URI (19.1.1): method parameter and headers
      SipUri first = firstRoute();
      uri =
          new SipUri(
              first.scheme(),
              first.user(),
              first.host(),
              first.port(),
              first.params().without("method"),
              null);
    }
    SipRequest.Builder request = SipRequest.builder(method, uri);
    written.forEach(route -> request.header(HeaderName.ROUTE, route));
    return request
        .maxForwards(MAX_FORWARDS)
        .header(HeaderName.FROM, tagged(localAddress, localTag))
        .header(HeaderName.TO, tagged(remoteAddress, remoteTag))
        .callId(callId)
        .cseq(cseq);
  }

  /** Where the next request goes: the first route's URI, else the remote target. */
  public SipUri nextHop() {
    return routes.isEmpty() ? SipUri.of(remoteTarget) : firstRoute();
  }

  private SipUri firstRoute() {
    String first = routes.getFirst();
    int from = first.indexOf('<') + 1;
    int to = first.indexOf('>', from);
    return SipUri.of(first.substring(from, to < 0 ? first.length() : to));
  }

  private String targetOf(SipMessage message) {
    String contact = target(message);
    return contact == null ? remoteTarget : contact;
  }

  /** The Contact's URI without headers; null without a Contact that requests can be sent to. */
  private static @Nullable String target(SipMessage message) {
    NameAddress contact = message.contact();
    if (contact == null || !contact.uri().isSip()) {
      return null;
    }
    SipUri uri = contact.uri();
    String text =
        new SipUri(uri.scheme(), uri.user(), uri.host(), uri.port(), uri.params(), null).toString();
    return SipUri.parse(text).isPresent() ? text : null;
  }

  private static boolean refreshesTarget(String method) {
    return method.equals(SipRequest.INVITE) || method.equals(SipRequest.UPDATE);
  }

  private static String tagged(String address, String tag) {
    return tag.isEmpty() ? address : address + ";tag=" + tag;
  }

  private static String untagged(NameAddress address) {
    return new NameAddress(address.display(), address.uri(), address.params().without("tag"))
        .toString();
  }

  private static List<String> texts(List<NameAddress> addresses) {
    return addresses.stream().map(NameAddress::toString).toList();
  }

  /** Masked: a dialog names its parties (PRV-4). */
  @Override
  public String toString() {
    return "Dialog[" + role + ", " + (confirmed ? "confirmed" : "early") + "]";
  }
}

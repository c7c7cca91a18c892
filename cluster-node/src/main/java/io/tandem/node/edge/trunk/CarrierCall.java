package io.tandem.node.edge.trunk;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.trunk.CodecList;
import io.tandem.protocol.sip.trunk.NumberPlan;
import io.tandem.protocol.sip.trunk.OutboundPlan;
import io.tandem.protocol.sip.trunk.Redirects;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call out over trunks (TEL-3): the next address after a failure of the network, credentials
 * after a challenge. A trunk whose limits are reached is passed over. On the loop.
 */
public final class CarrierCall {
  /** An address that says nothing at all for so long is passed over. */
  public static final long PATIENCE_MILLIS = 4_000;

  private static final int REDIRECTIONS_MAX = 3;
  private static final NameAddress NOBODY =
      NameAddress.of("Anonymous", SipUri.sip("anonymous", "anonymous.invalid", -1));

  private final Carriers carriers;
  private final String callId;
  private final String e164;
  private final List<OutboundPlan.Attempt> attempts;
  private int next;
  private final Deque<SipUri> redirected = new ArrayDeque<>();
  private int redirections;
  private OutboundPlan.@Nullable Attempt current;

  /** An address to try. */
  public record Try(SipUri uri, Target target) {}

  CarrierCall(Carriers carriers, String callId, String e164, List<OutboundPlan.Attempt> attempts) {
    this.carriers = carriers;
    this.callId = callId;
    this.e164 = e164;
    this.attempts = attempts;
  }

  /** The number that is called, in E.164 digits. */
  public String e164() {
    return e164;
  }

  /** The next address whose trunk takes the call; null when there is none left. */
  public void next(Consumer<@Nullable Try> then) {
    if (next == attempts.size()) {
      then.accept(null);
      return;
    }
    OutboundPlan.Attempt attempt = attempts.get(next++);
    Carrier carrier = carriers.carrier(attempt.trunkId());
    Carrier.Line line = carrier == null ? null : carrier.targets().get(attempt.target());
    if (carrier == null || line == null) {
      next(then);
      return;
    }
    carriers.admit(
        carrier,
        callId,
        refusal -> {
          if (refusal.isPresent()) {
            next(then);
          } else {
            current = attempt;
            SipUri uri = line.uri().withUser(carrier.numbers().written(e164));
            then.accept(new Try(uri, line.destination()));
          }
        });
  }

  /**
   * What is sent after an answer that was no success.
   *
   * @param response null where none came
   * @param again makes the INVITE for another address
   */
  public void after(
      SipRequest invite,
      Target target,
      int status,
      @Nullable SipResponse response,
      java.util.function.Function<Try, SipRequest> again,
      Consumer<@Nullable Sent> then) {
    OutboundPlan.Attempt attempt = current;
    CarrierLink link = attempt == null ? null : carriers.link(attempt.trunkId(), attempt.target());
    if (link != null && response != null && (status == 401 || status == 407)) {
      Optional<SipRequest> answering = link.answering(invite, response);
      if (answering.isPresent()) {
        then.accept(new Sent(answering.get(), target));
        return;
      }
    }
    if (link != null) {
      link.callAnswered(OutboundPlan.isTrouble(status), carriers.nowNanos());
    }
    if (response != null && redirections < REDIRECTIONS_MAX) {
      redirections++;
      redirected.addAll(Redirects.of(response, uri -> own(uri).isPresent()));
    }
    Try instead = instead();
    if (instead != null) {
      then.accept(new Sent(again.apply(instead), instead.target()));
    } else if (OutboundPlan.mayFailOver(status) || Redirects.names(status)) {
      next(
          found ->
              then.accept(found == null ? null : new Sent(again.apply(found), found.target())));
    } else {
      then.accept(null);
    }
  }

  /** Where the carrier sends us within its own network; null where nowhere. */
  private @Nullable Try instead() {
    SipUri uri = redirected.poll();
    return uri == null
        ? null
        : own(uri).map(line -> new Try(uri, line.destination())).orElseGet(this::instead);
  }

  /** The address of the current trunk that a URI names. */
  private Optional<Carrier.Line> own(SipUri uri) {
    OutboundPlan.Attempt attempt = current;
    Carrier carrier = attempt == null ? null : carriers.carrier(attempt.trunkId());
    InetSocketAddress named = Destination.of(uri).map(Destination::address).orElse(null);
    return carrier == null || named == null
        ? Optional.empty()
        : carrier.targets().values().stream()
            .filter(line -> line.destination().address().equals(named))
            .findFirst();
  }

  /** A request and where it goes. */
  public record Sent(SipRequest request, Target target) {}

  /**
   * An INVITE as the carrier gets it: its codecs, its way to write the caller's number, and nothing
   * that is for agents' eyes.
   *
   * @param caller what is not shown is not asserted either, for whether a carrier keeps it to
   *     itself is not ours to know (RFC 3325 section 9.3)
   */
  public SipRequest dressed(SipRequest invite, CallerId caller) {
    SipRequest plain = invite;
    for (HeaderField field : invite.headers()) {
      if (field.name().startsWith("X-Tandem-")) {
        plain = plain.without(field.name());
      }
    }
    OutboundPlan.Attempt attempt = current;
    Carrier carrier = attempt == null ? null : carriers.carrier(attempt.trunkId());
    if (carrier == null) {
      return plain;
    }
    SipRequest named = named(carrier, plain, caller);
    String sdp = new String(plain.body(), StandardCharsets.UTF_8);
    return CodecList.filter(sdp, carrier.terms().codecs())
        .map(text -> named.withBody(Sdp.CONTENT_TYPE, text.getBytes(StandardCharsets.UTF_8)))
        .orElse(named);
  }

  /** Who calls, as a carrier is told: by number and signed (TEL-12), or not at all. */
  private SipRequest named(Carrier carrier, SipRequest plain, CallerId caller) {
    if (!NumberPlan.isNumber(caller.number())) {
      return plain
          .with(HeaderName.FROM, NOBODY.withTag(plain.fromTag()).toString())
          .with("Privacy", "id");
    }
    SipUri own = plain.contacts().getFirst().uri().bare();
    SipUri uri = own.withUser(carrier.numbers().presented(caller.number()));
    NameAddress from = NameAddress.of(caller.display(), uri).withTag(plain.fromTag());
    SipRequest asserted =
        plain
            .with(HeaderName.FROM, from.toString())
            .with(HeaderName.P_ASSERTED_IDENTITY, NameAddress.of(uri).toString());
    return carriers
        .identity(caller, e164)
        .map(identity -> asserted.with("Identity", identity))
        .orElse(asserted);
  }
}

package io.tandem.node.edge;

import io.tandem.node.edge.register.FlowToken;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.protocol.sip.defence.Network;
import io.tandem.protocol.sip.hops.Hops;
import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transaction.TransportWire;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Inbound;
import io.tandem.protocol.sip.transport.SipListener;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lends the connections of this edge's phones to other edges (RFC 5626 section 5): what comes for a
 * {@link FlowToken} of ours is sent on over its connection, and back, without any state (RFC 3261
 * 16.11). All else goes on to who listens behind. Nothing is sent anywhere that a token does not
 * name, and only this edge can have sealed one. On the loop only.
 */
final class FlowRelay implements SipListener {
  private static final String BRANCH = Via.MAGIC_COOKIE + "relay";

  /** A parameter of our Via: where the response goes. */
  private static final String BACK = "tandem-back";

  private final SipTransport transport;
  private final TransportWire wire;
  private final Blinder blinder;
  private final SipListener behind;

  FlowRelay(EdgeWorld world, SipListener behind) {
    this.transport = world.transport();
    this.wire = new TransportWire(world.transport());
    this.blinder = world.blinder();
    this.behind = behind;
  }

  /**
   * The way to a phone at this edge for other edges (RFC 3327); null for one that needs none: it is
   * reached by its address, or we do not listen where other edges could ask.
   */
  static @Nullable String way(EdgeWorld world, Flow phone) {
    Bind udp =
        world.transport().listening().stream()
            .filter(bind -> bind.protocol() == TransportProtocol.UDP)
            .findFirst()
            .orElse(null);
    if (udp == null || !phone.protocol().isReliable()) {
      return null;
    }
    FlowToken token = new FlowToken(new Destination(phone.protocol(), phone.remote()), null);
    String user = token.text(plain -> seal(world.blinder(), plain));
    return "<sip:" + user + "@" + udp.sentByHost() + ":" + udp.address().getPort() + ";lr>";
  }

  private static String seal(Blinder blinder, String plain) {
    return blinder.blind("sip-flow", plain);
  }

  private Optional<FlowToken> read(String text) {
    return FlowToken.read(text, plain -> seal(blinder, plain));
  }

  private String text(FlowToken token) {
    return token.text(plain -> seal(blinder, plain));
  }

  @Override
  public void received(Inbound inbound) {
    switch (inbound.message()) {
      case SipRequest request -> {
        FlowToken token = token(request);
        if (token == null) {
          behind.received(inbound);
        } else {
          forward(request, inbound.flow(), token);
        }
      }
      case SipResponse response -> {
        FlowToken back = back(response);
        if (back == null) {
          behind.received(inbound);
        } else if (isThere(back.at())) {
          transport.send(back.at(), response.poppingVia());
        }
      }
    }
  }

  @Override
  public void refused(ParseOutcome.Bad bad, Flow flow) {
    behind.refused(bad, flow);
  }

  @Override
  public void closed(Flow flow) {
    behind.closed(flow);
  }

  private @Nullable FlowToken token(SipRequest request) {
    List<NameAddress> routes = request.routes();
    return routes.isEmpty() ? null : read(routes.getFirst().uri().userText()).orElse(null);
  }

  private @Nullable FlowToken back(SipResponse response) {
    Via own = response.topVia();
    String branch = own.branch();
    String named = own.params().get(BACK);
    return branch == null || named == null || !branch.startsWith(BRANCH)
        ? null
        : read(named).orElse(null);
  }

  private void forward(SipRequest request, Flow from, FlowToken token) {
    InetSocketAddress partner = token.partner();
    boolean ofPhone = isOfPhone(from, token.at(), partner != null);
    Destination to =
        !ofPhone
            ? token.at()
            : partner == null ? null : new Destination(TransportProtocol.UDP, partner);
    if (request.maxForwards() == 0) {
      refuse(request, from, 483);
    } else if (to == null || !isThere(to)) {
      refuse(request, from, FlowToken.FAILED);
    } else {
      transport.send(to, passed(request, from, token, to));
    }
  }

  /**
   * Whether it is the phone that speaks, on the connection that is named or, in a dialog that began
   * there, on the next one from the same address. Edges speak UDP to each other.
   */
  private static boolean isOfPhone(Flow from, Destination named, boolean inDialog) {
    return from.protocol() == named.protocol()
        && (from.remote().equals(named.address())
            || (inDialog
                && Network.of(from.remote().getAddress())
                    .equals(Network.of(named.address().getAddress()))));
  }

  /** A connection that is closed is not opened again: it was the phone's to open. */
  private boolean isThere(Destination to) {
    return !to.protocol().isReliable() || transport.isConnected(to);
  }

  private void refuse(SipRequest request, Flow from, int status) {
    if (!request.is(SipRequest.ACK)) {
      String tag = request.toTag() == null ? "relay" : null;
      transport.reply(from, SipMaker.response(request, status, tag));
    }
  }

  private SipRequest passed(SipRequest request, Flow from, FlowToken token, Destination to) {
    SipRequest next =
        request
            .withHeaders(request.headers().withoutFirst(HeaderName.ROUTE))
            .with(HeaderName.MAX_FORWARDS, Integer.toString(Hops.left(request)));
    if (request.toTag() == null && token.partner() == null) {
      FlowToken both = new FlowToken(token.at(), from.remote());
      next =
          next.withHeaders(
              next.headers().addingFirst(HeaderField.of(HeaderName.RECORD_ROUTE, way(both))));
    }
    // the same request again, its ACK and its CANCEL get the same branch (RFC 3261 16.11)
    Via above = request.topVia();
    String branch = BRANCH + seal(blinder, above.sentBy() + above.branch()).replaceAll("\\W", "");
    FlowToken back = new FlowToken(new Destination(from.protocol(), from.remote()), null);
    return next.pushingVia(wire.via(to, branch).withParam(BACK, text(back)));
  }

  /** As the phone sends it: over the connection that it has. */
  private String way(FlowToken token) {
    Bind shown = transport.facing(token.at()).orElseThrow();
    return "<sip:"
        + text(token)
        + "@"
        + shown.sentByHost()
        + ":"
        + shown.address().getPort()
        + ";transport="
        + token.at().protocol().name().toLowerCase(Locale.ROOT)
        + ";lr>";
  }
}

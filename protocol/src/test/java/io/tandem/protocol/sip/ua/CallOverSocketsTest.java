package io.tandem.protocol.sip.ua;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallOverSocketsTest {

  private static final int CALLS = 200;

  @ParameterizedTest
  @EnumSource(
      value = TransportProtocol.class,
      names = {"UDP", "TCP"})
  void calls_over_real_sockets_are_answered_held_and_ended(TransportProtocol protocol)
      throws Exception {
    try (SipTransport alices = transport(protocol);
        SipTransport bobs = transport(protocol)) {
      UserAgent caller = UserAgent.start(alices);
      UserAgent called = UserAgent.start(bobs);
      UaLine alice = caller.line(identity("alice", protocol, bobs), CallHandler.UNAVAILABLE);
      UaLine bob =
          called.line(
              identity("bob", protocol, alices),
              AnswerPlan.answering(called.loop(), 20, () -> CallMedia.none("127.0.0.1", 4_002)));
      assertThat(bob.identity().user()).isEqualTo("bob");

      InetSocketAddress there = bobs.listening().getFirst().address();
      SipUri to = SipUri.sip("bob", "127.0.0.1", there.getPort());
      List<UaCall> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(alice.call(to, CallMedia.none("127.0.0.1", 4_000)));
      }
      for (UaCall call : calls) {
        assertThat(call.answered().get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(call.hold().get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        call.hangUp();
      }
      for (UaCall call : calls) {
        assertThat(call.ended().get(20, TimeUnit.SECONDS))
            .isEqualTo(new CallEnd(CallEnd.Cause.HUNG_UP_HERE, 200, true));
      }
    }
  }

  private static SipTransport transport(TransportProtocol protocol) {
    Bind bind = new Bind(protocol, new InetSocketAddress("127.0.0.1", 0));
    return new SipTransport(TransportSettings.listeningOn(bind));
  }

  private static UaIdentity identity(String user, TransportProtocol protocol, SipTransport proxy) {
    Destination to = new Destination(protocol, proxy.listening().getFirst().address());
    return new UaIdentity(user, "127.0.0.1", null, null, to);
  }
}

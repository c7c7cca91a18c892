package io.tandem.node.edge.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transaction.TransactionLimits;
import io.tandem.protocol.sip.transaction.TransactionUser;
import io.tandem.protocol.sip.transaction.TransportWire;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.trunk.NumberPlan;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a trunk is registered with, against a registrar that writes its answers by hand. */
class CarrierLinkTest {
  private final SipTransport transport =
      new SipTransport(TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0)));
  private DatagramSocket registrar;
  private CarrierLink link;

  @BeforeEach
  void start() throws Exception {
    registrar = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    registrar.setSoTimeout(10_000);
    Tokens tokens = new Tokens();
    TransactionLayer layer =
        new TransactionLayer(
            transport.loop(),
            new TransportWire(transport),
            SipTimers.RFC_3261,
            TransactionLimits.DEFAULT,
            tokens,
            new Nobody());
    transport.start(layer);
    Destination there =
        new Destination(
            TransportProtocol.UDP, (InetSocketAddress) registrar.getLocalSocketAddress());
    Carrier.Line line =
        new Carrier.Line(SipUri.sip(null, "127.0.0.1", registrar.getLocalPort()), there);
    long now = transport.loop().nanoTime();
    link = new CarrierLink(transport, layer, tokens, carrier(), line, now);
    transport.loop().execute(() -> link.tick(true, now));
  }

  @AfterEach
  void close() {
    transport.close();
    registrar.close();
  }

  private static Carrier carrier() {
    TrunkTerms terms =
        new TrunkTerms(
            List.of(),
            new TrunkTerms.Login("us", Personal.of("trunk", DataClass.CONTACT, "secret"), 60, ""),
            List.of(),
            List.of(),
            null,
            null,
            List.of(),
            new TrunkTerms.Numbers("PLUS", "1", "", "011", ""),
            List.of());
    NumberPlan plan = new NumberPlan(NumberPlan.Style.named("PLUS"), "1", "", "011", "");
    return new Carrier("trunk", true, terms, plan, List.of(), List.of());
  }

  @Test
  void a_proxy_before_the_registrar_is_answered_and_who_wants_longer_gets_longer()
      throws Exception {
    SipRequest first = registers();
    assertThat(first.header("Expires")).isEqualTo("60");
    answer(
        first,
        407,
        no -> no.with("Proxy-Authenticate", "Digest realm=\"p\", nonce=\"n\", algorithm=MD5"));
    SipRequest second = registers();
    assertThat(second.header("Proxy-Authorization")).contains("username=\"us\"");
    assertThat(second.header("Authorization")).isNull();
    answer(second, 423, no -> no.with("Min-Expires", "600"));
    SipRequest third = registers();
    assertThat(third.header("Expires")).isEqualTo("600");
    assertThat(third.cseq().number()).isGreaterThan(second.cseq().number());
    answer(third, 200, ok -> ok.with("Expires", "600"));
  }

  @Test
  void a_registrar_that_wants_for_ever_or_says_no_number_is_not_asked_again_at_once()
      throws Exception {
    answer(registers(), 423, no -> no.with("Min-Expires", "999999999"));
    transport.loop().execute(() -> link.tick(true, transport.loop().nanoTime()));
    registrar.setSoTimeout(300);
    assertThat(registersOrNothing()).isFalse();
  }

  private boolean registersOrNothing() throws Exception {
    try {
      registers();
      return true;
    } catch (java.net.SocketTimeoutException nothing) {
      return false;
    }
  }

  /** The next REGISTER; OPTIONS are let go by. */
  private SipRequest registers() throws Exception {
    while (true) {
      DatagramPacket packet = new DatagramPacket(new byte[4_000], 4_000);
      registrar.receive(packet);
      ParseOutcome read =
          new SipParser().parse(Arrays.copyOf(packet.getData(), packet.getLength()));
      if (read instanceof ParseOutcome.Good(SipRequest request)
          && request.is(SipRequest.REGISTER)) {
        return request;
      }
    }
  }

  private void answer(SipRequest to, int status, UnaryOperator<SipResponse> with) throws Exception {
    byte[] bytes = with.apply(SipResponse.to(to, status, "r")).toBytes();
    registrar.send(
        new DatagramPacket(bytes, bytes.length, transport.listening().getFirst().address()));
  }

  private static final class Nobody implements TransactionUser {
    @Override
    public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {}

    @Override
    public void onAck(SipRequest ack, Flow flow) {}

    @Override
    public void onCancel(ServerTransactionId invite, SipRequest cancel) {}
  }
}

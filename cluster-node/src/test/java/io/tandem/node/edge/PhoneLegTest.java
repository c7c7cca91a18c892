package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transaction.TransactionLimits;
import io.tandem.protocol.sip.transaction.TransactionUser;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A phone's INVITEs in virtual time, against a phone or carrier that answers when it is told to.
 */
class PhoneLegTest {
  private static final int EDGE = 5060;
  private static final int PHONE = 5070;

  /** Nobody says 100 of itself. */
  private static final SipTimers QUIET = new SipTimers(500, 4_000, 5_000, 60_000);

  private static final Offer OFFER =
      new Offer(
          "offer_1",
          "agent",
          "acct",
          "anna",
          new Terms("health", 1, Money.ofUnits(25, "USD"), 90_000));

  private final VirtualLoop loop = new VirtualLoop();
  private final SimNetwork network = new SimNetwork(loop, 3_261);
  private final TransactionLayer edge = layer(EDGE, new Answering());
  private final Answering phone = new Answering();
  private final TransactionLayer phones = layer(PHONE, phone);
  private final Heard heard = new Heard();
  private final PhoneLeg leg = new PhoneLeg(OFFER, edge, SessionPolicy.RFC_4028, heard);

  private TransactionLayer layer(int port, TransactionUser user) {
    TransactionLayer layer =
        new TransactionLayer(
            loop,
            network.wire(port),
            QUIET,
            TransactionLimits.DEFAULT,
            new Tokens(new Random(port)),
            user);
    network.attach(port, layer);
    return layer;
  }

  /** By another edge, so that it is given up after four seconds of silence. */
  private void invite() {
    SipUri uri = SipUri.sip("anna", "127.0.0.1", PHONE);
    leg.invite(
        List.of(new PhoneLeg.Device(uri, SimNetwork.at(PHONE))),
        List.of(
            SipRequest.builder(SipRequest.INVITE, uri)
                .maxForwards(70)
                .from(NameAddress.of(SipUri.sip("us", "127.0.0.1", EDGE)).withTag("ours"))
                .to(NameAddress.of(uri))
                .callId("c1")
                .cseq(1)
                .contact(NameAddress.of(SipUri.sip("us", "127.0.0.1", EDGE)))
                .header("Route", "<sip:flow.x.y@127.0.0.1:5070;lr>")
                .build()));
  }

  private void answer() {
    phones.respond(
        phone.ids.getFirst(),
        SipResponse.to(phone.asked.getFirst(), 200, "theirs")
            .withContact(NameAddress.of(SipUri.sip("anna", "127.0.0.1", PHONE)))
            .withBody(
                Sdp.CONTENT_TYPE,
                AudioSession.g711("127.0.0.1", 9_000).offer(Direction.SENDRECV).bytes()));
    loop.advanceMs(10);
  }

  private List<String> methods() {
    return phone.asked.stream().map(SipRequest::method).toList();
  }

  @Test
  void an_answer_after_it_was_given_up_is_acknowledged_and_ended() {
    invite();
    loop.advanceMs(4_100);
    assertThat(heard.words).containsExactly("refused 430");
    answer();
    assertThat(methods()).containsExactly("INVITE", "ACK", "BYE");
    assertThat(phone.asked.getLast().toTag()).isEqualTo("theirs");
    answer();
    assertThat(methods())
        .as("each copy has its ACK")
        .containsExactly("INVITE", "ACK", "BYE", "ACK");
    assertThat(heard.words).containsExactly("refused 430");
  }

  @Test
  void an_answer_that_cannot_be_taken_is_acknowledged_each_time_it_comes() {
    heard.taking = false;
    invite();
    loop.advanceMs(100);
    answer();
    answer();
    answer();
    assertThat(methods()).containsExactly("INVITE", "ACK", "BYE", "ACK", "ACK");
    assertThat(heard.words).containsExactly("refused 488");
  }

  @Test
  void an_answer_in_time_is_the_one_that_counts() {
    invite();
    loop.advanceMs(3_900);
    answer();
    loop.advanceMs(1_000);
    assertThat(heard.words).containsExactly("answered");
    leg.accept(null);
    loop.advanceMs(10);
    assertThat(methods()).containsExactly("INVITE", "ACK");
  }

  /** What the other end is asked. */
  private static final class Answering implements TransactionUser {
    final List<SipRequest> asked = new ArrayList<>();
    final List<ServerTransactionId> ids = new ArrayList<>();

    @Override
    public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {
      asked.add(request);
      ids.add(id);
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {
      asked.add(ack);
    }

    @Override
    public void onCancel(ServerTransactionId invite, SipRequest cancel) {
      asked.add(cancel);
    }
  }

  /** What the call is told. */
  private final class Heard extends PhoneHearing {
    final List<String> words = new ArrayList<>();
    boolean taking = true;

    @Override
    Edge edge() {
      throw new IllegalStateException("there is none");
    }

    @Override
    void rings() {
      words.add("rings");
    }

    @Override
    void early(Sdp answer, Target from) {
      words.add("early");
    }

    @Override
    void answered() {
      words.add("answered");
    }

    @Override
    boolean takes(Sdp answer) {
      return taking;
    }

    @Override
    void refused(int sipStatus, String why) {
      words.add("refused " + sipStatus);
    }

    @Override
    List<SipRequest> invites(List<PhoneLeg.Device> devices) {
      return List.of();
    }

    @Override
    void later(long millis, Runnable task) {
      var unused = loop.schedule(millis, task);
    }

    @Override
    void begins(DialogId early, PhoneLeg phone) {}

    @Override
    void ends(List<DialogId> early) {}
  }
}

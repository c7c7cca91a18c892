package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is described before the answer, or only after it. */
class EarlyMediaOverSipTest {
  @TempDir Path directory;

  private Exchange exchange;

  @BeforeEach
  void start() {
    exchange = Exchange.open(directory);
    exchange.market().agent("anna", 100);
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  @Test
  @Tag("rule:QT-2")
  void a_caller_hears_the_phone_before_its_answer_and_is_heard_by_it_only_after() {
    try (Ear caller = new Ear();
        Ear agent = new Ear()) {
      exchange.phones().phone("anna", call -> call.progress(agent));
      UaCall call =
          exchange
              .phones()
              .callFrom(Market.CALLER, caller, List.of(HeaderField.of("Supported", "100rel")));
      UaCall atPhone = exchange.phones().awaitRung(1);
      assertThat(Telephones.within(call.ringing())).isTrue();
      Market.await("both know where to speak to", () -> caller.knows() && agent.knows());
      Market.await("each leg had its PRACK", () -> cseqs(call, atPhone) == 2 + 2);

      caller.say(1);
      agent.say(2);
      assertThat(caller.hears()).isEqualTo(2);
      exchange.phones().agent().loop().execute(() -> atPhone.answer(agent));
      assertThat(Telephones.within(call.answered())).isTrue();
      caller.say(3);
      assertThat(agent.hears()).as("what was said before the answer is not heard").isEqualTo(3);

      var ended = exchange.hangUp(call, Telephones.callId(atPhone));
      assertThat(ended.end().connectedMillis()).isZero();
    }
  }

  private static long cseqs(UaCall caller, UaCall phone) {
    var ours = caller.dialog();
    var theirs = phone.dialog();
    return ours == null || theirs == null ? 0 : ours.localCseq() + theirs.remoteCseq();
  }

  /** RFC 3261 13.2.1: the phone makes the offer, the caller's ACK has the answer. */
  @Test
  void a_caller_without_an_offer_gets_the_phones_and_answers_in_its_ack() {
    try (Ear agent = new Ear();
        RawSip caller = new RawSip(exchange.node().edge().orElseThrow().sipAddress())) {
      exchange
          .phones()
          .phone(
              "anna",
              call -> {
                boolean unused = call.answer(agent);
              });
      String from = "From: <sip:" + Market.CALLER + "@127.0.0.1>;tag=a";
      caller.send(
          "",
          "INVITE sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
          caller.via("late"),
          from,
          "To: <sip:" + Market.NUMBER + "@127.0.0.1>",
          "Contact: <sip:" + Market.CALLER + "@127.0.0.1:" + caller.port() + ">",
          "Call-ID: late",
          "CSeq: 1 INVITE");
      String ok = caller.awaitFinal();
      assertThat(ok).startsWith("SIP/2.0 200").contains("m=audio ");
      caller.send(
          RawSip.SDP,
          "ACK sip:" + Market.NUMBER + "@127.0.0.1 SIP/2.0",
          caller.via("lateack"),
          from,
          ok.lines().filter(line -> line.startsWith("To:")).findFirst().orElseThrow(),
          "Call-ID: late",
          "CSeq: 1 ACK",
          "Content-Type: application/sdp");
      UaCall atPhone = exchange.phones().awaitRung(1);
      assertThat(Telephones.within(atPhone.answered())).isTrue();
      Market.await("the phone knows the answer", agent::knows);
      exchange.hangUp(atPhone, Telephones.callId(atPhone));
    }
  }

  /** A socket that says numbers and hears them. */
  private static final class Ear implements CallMedia, AutoCloseable {
    private final DatagramSocket socket;
    private volatile InetSocketAddress there;

    Ear() {
      try {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(15_000);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public AudioSession session() {
      return AudioSession.g711("127.0.0.1", socket.getLocalPort());
    }

    @Override
    public Sdp offer(Direction direction) {
      return session().offer(direction);
    }

    @Override
    public void described(Sdp remote) {
      remote
          .audioEndpoint()
          .ifPresent(end -> there = new InetSocketAddress(end.address(), end.rtpPort()));
    }

    boolean knows() {
      return there != null;
    }

    /** RFC 3550 5.1: version 2, payload type 0; the number is the sequence. */
    void say(int number) {
      ByteBuffer packet = ByteBuffer.allocate(172);
      packet.putShort((short) 0x8000).putShort((short) number).putInt(160 * number).putInt(7);
      try {
        socket.send(new DatagramPacket(packet.array(), packet.capacity(), there));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    int hears() {
      DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
      try {
        socket.receive(packet);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return ByteBuffer.wrap(packet.getData()).getShort(2);
    }

    @Override
    public void ended() {
      there = null;
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}

package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.DefenceSettings;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a front end that has stalled lets those wait who ask for something new. */
class PatienceTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int PATIENCE_MILLIS = 15_000;

  /** More than are read from the system at a time: those of the first turn wait for one another. */
  private static final int TOGETHER = 150;

  /** More than the first that are borne with. */
  private static final int UNTIL_WARM = 1_200;

  /** Longer than a request may wait as things are set, twice a good deal less than at the start. */
  private static final long STALL_NANOS =
      TimeUnit.MILLISECONDS.toNanos(DefenceSettings.DEFAULT.waitMillis() + 100L);

  private final SipTransport transport =
      new SipTransport(
          TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0)),
          new Defence(DefenceSettings.DEFAULT, new Random(1)));
  private int stalls;
  private int asked;

  /** Answers at once, but for the first two that it is given after it was told to stall. */
  private void serve(Inbound inbound) {
    if (inbound.message() instanceof SipRequest request) {
      if (stalls > 0) {
        stalls--;
        long until = System.nanoTime() + STALL_NANOS;
        while (System.nanoTime() - until < 0) {
          Thread.onSpinWait();
        }
      }
      transport.reply(inbound.flow(), SipResponse.to(request, 200, "t"));
    }
  }

  /**
   * Two stalls, each longer than a new request may wait: who asks in the meantime is refused, as
   * under a load that lasts (OPS-5), unless the process has just begun. Then a stall is its code
   * that is loaded.
   */
  @Test
  @Tag("rule:OPS-5")
  void a_front_end_that_stalls_refuses_who_waits_but_not_among_its_first_thousand_requests()
      throws Exception {
    try (transport;
        DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      phone.setSoTimeout(PATIENCE_MILLIS);
      transport.start(this::serve);
      assertThat(refusedOfThoseThatWaitThroughTwoStalls(phone)).as("cold").isZero();
      for (int done = 0; done < UNTIL_WARM; done += TOGETHER) {
        assertThat(refused(phone, 0)).as("without a stall").isZero();
      }
      assertThat(refusedOfThoseThatWaitThroughTwoStalls(phone))
          .as("of those that were read with the two that were being served, once warm")
          .isBetween(1, TOGETHER - 2);
    }
  }

  private int refusedOfThoseThatWaitThroughTwoStalls(DatagramSocket phone) throws Exception {
    return refused(phone, 2);
  }

  /** Sends requests that all are there when the loop looks; gives how many got a 503. */
  private int refused(DatagramSocket phone, int stallsThen) throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    transport
        .loop()
        .execute(
            () -> {
              stalls = stallsThen;
              await(sent);
            });
    for (int i = 0; i < TOGETHER; i++) {
      send(phone);
    }
    sent.countDown();
    int refused = 0;
    byte[] buffer = new byte[2_000];
    for (int i = 0; i < TOGETHER; i++) {
      DatagramPacket answer = new DatagramPacket(buffer, buffer.length);
      phone.receive(answer);
      String text = new String(buffer, 0, answer.getLength(), StandardCharsets.UTF_8);
      if (text.startsWith("SIP/2.0 503 ")) {
        assertThat(text).contains("\r\nRetry-After: ");
        refused++;
      } else {
        assertThat(text).startsWith("SIP/2.0 200 ");
      }
    }
    return refused;
  }

  private static void await(CountDownLatch sent) {
    try {
      boolean unused = sent.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(DatagramSocket phone) throws IOException {
    asked++;
    byte[] bytes =
        """
        OPTIONS sip:bob@example.com SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%d
        Max-Forwards: 70
        From: <sip:alice@example.com>;tag=1
        To: <sip:bob@example.com>
        Call-ID: c%d
        CSeq: 1 OPTIONS
        Content-Length: 0

        """
            .replace("\n", "\r\n")
            .formatted(phone.getLocalPort(), asked, asked)
            .getBytes(StandardCharsets.UTF_8);
    phone.send(new DatagramPacket(bytes, bytes.length, transport.listening().get(0).address()));
  }
}

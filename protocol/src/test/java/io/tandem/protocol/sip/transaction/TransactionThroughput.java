package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Inbound;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipListener;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What the transaction layer costs by itself: a client and a server layer on one thread, joined
 * without sockets, with and without reading and writing the bytes. Virtual time runs at 10,000
 * transactions a second, so that the tables and the wheel are as full as they would be. Run its
 * main from the test class path.
 */
final class TransactionThroughput {

  private static final int PER_SECOND = 10_000;
  private static final int WARM_UP_SECONDS = 40;
  private static final int MEASURED_SECONDS = 40;

  private TransactionThroughput() {}

  public static void main(String[] args) {
    for (boolean bytes : new boolean[] {false, true}) {
      for (String method : new String[] {"OPTIONS", "INVITE"}) {
        measure(method, bytes);
      }
    }
  }

  private static void measure(String method, boolean bytes) {
    VirtualLoop loop = new VirtualLoop();
    Joint toServer = new Joint(5060, 5070, bytes);
    Joint toClient = new Joint(5070, 5060, bytes);
    TestCore client = core(loop, toServer, 5060);
    TestCore server = core(loop, toClient, 5070);
    toServer.listener = server.layer;
    toClient.listener = client.layer;
    server.answerAllWith(method.equals("INVITE") ? 486 : 200);
    run(loop, client, server, method, WARM_UP_SECONDS);
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    run(loop, client, server, method, MEASURED_SECONDS);
    long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
    int transactions = PER_SECOND * MEASURED_SECONDS;
    System.out.printf(
        "%s %s: %d transactions (client and server), %d ns CPU each, %d a second and core, %d live%n",
        method,
        bytes ? "with bytes" : "objects only",
        transactions,
        spent / transactions,
        transactions * 1_000_000_000L / spent,
        client.layer.live() + server.layer.live());
  }

  private static TestCore core(VirtualLoop loop, SipWire wire, int port) {
    return new TestCore(loop, new SimNetwork(loop, 1), wire, port);
  }

  private static void run(
      VirtualLoop loop, TestCore client, TestCore server, String method, int seconds) {
    for (int ms = 0; ms < seconds * 1_000; ms++) {
      for (int i = 0; i < PER_SECOND / 1_000; i++) {
        client.send(method, 5070);
      }
      loop.advanceMs(1);
      for (TestCore core : Arrays.asList(client, server)) {
        core.heard.clear();
        core.requests.clear();
        core.received.clear();
        core.responses.clear();
      }
    }
  }

  /** A wire of one direction that delivers at once. */
  private static final class Joint implements SipWire {
    private final SipParser parser = new SipParser();
    private final Flow flow;
    private final int own;
    private final boolean bytes;
    SipListener listener = inbound -> {};

    Joint(int own, int other, boolean bytes) {
      this.own = own;
      this.bytes = bytes;
      flow =
          new Flow(
              TransportProtocol.UDP,
              new InetSocketAddress("127.0.0.1", other),
              new InetSocketAddress("127.0.0.1", own),
              0);
    }

    @Override
    public void send(SipRequest request, Target target, Consumer<SendFailure> onFailure) {
      deliver(request);
    }

    @Override
    public void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure) {
      deliver(response);
    }

    private void deliver(SipMessage message) {
      SipMessage arrived = message;
      if (bytes) {
        arrived = ((ParseOutcome.Good) parser.parse(message.toBytes())).message();
      }
      listener.received(new Inbound(arrived, flow, 0));
    }

    @Override
    public Via via(Target target, String branch) {
      return Via.ours("UDP", "127.0.0.1", own, branch);
    }
  }
}

package io.tandem.node.edge;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.observe.Hep3;
import io.tandem.protocol.sip.observe.Masked;
import io.tandem.protocol.sip.transport.Flow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a copy of every SIP message to a Homer collector over UDP (HEP version 3), masked unless
 * told otherwise. What cannot leave at once is dropped and counted: calls do not wait for it.
 */
public final class HepExport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HepExport.class);

  /** To nobody. */
  public static final HepExport NONE = new HepExport(null, new Hep3(0, ""), true);

  private final @Nullable DatagramChannel channel;
  private final Hep3 packets;
  private final boolean masked;
  private final LongAdder sent = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  private HepExport(@Nullable DatagramChannel channel, Hep3 packets, boolean masked) {
    this.channel = channel;
    this.packets = packets;
    this.masked = masked;
  }

  /**
   * To a collector.
   *
   * @param masked whether numbers, names and keys are taken out first (PRV-4)
   * @throws IOException when there is no socket
   */
  public static HepExport to(InetSocketAddress collector, Hep3 packets, boolean masked)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.configureBlocking(false);
      channel.connect(collector);
      return new HepExport(channel, packets, masked);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void export(SipMessage message, boolean in, Flow flow, Instant at, String correlation) {
    DatagramChannel to = channel;
    if (to == null) {
      return;
    }
    byte[] payload = masked ? Masked.message(message) : message.toBytes();
    byte[] packet =
        packets.packet(
            flow.protocol(),
            in ? flow.remote() : flow.local(),
            in ? flow.local() : flow.remote(),
            at,
            correlation,
            payload);
    try {
      boolean left = packet.length > 0 && to.write(ByteBuffer.wrap(packet)) > 0;
      (left ? sent : dropped).increment();
    } catch (IOException away) {
      dropped.increment();
      LOG.debug("a message did not reach the collector: {}", away.toString());
    }
  }

  /** Packets that left. */
  public long sent() {
    return sent.sum();
  }

  /** Packets that did not. */
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public void close() throws IOException {
    DatagramChannel open = channel;
    if (open != null) {
      open.close();
    }
  }
}

package io.tandem.protocol.media.playout;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.rtp.Reception;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The media of a softphone: one UDP socket that plays G.711 at the metronome's beat and records
 * what it receives. For the demo's phones, tests and benchmarks; the product's own calls go through
 * the relay. Thread-safe.
 */
public final class RtpEndpoint implements AutoCloseable {
  private static final int RECORD_SECONDS = 30;
  private static final int MAX_DATAGRAM_OCTETS = 2048;
  private static final int TRIES_FOR_AN_EVEN_PORT = 64;

  private final G711 codec;
  private final DatagramSocket socket;
  private final LongSupplier nanoClock;
  private final Metronome.Subscription beats;
  private final int ssrc = ThreadLocalRandom.current().nextInt();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Reception reception = new Reception(G711.SAMPLE_RATE_HZ);
  private final VoiceRecord record = new VoiceRecord(RECORD_SECONDS * G711.SAMPLE_RATE_HZ);
  private long packetsReceived;
  private long octetsReceived;
  private long notVoice;
  private long packetsSent;
  private long sendFailures;
  private @Nullable InetSocketAddress remote;
  private @Nullable VoiceSource voice;
  private boolean startOfSpeech;
  private int sequence = ThreadLocalRandom.current().nextInt(1 << 16);
  private int timestamp = ThreadLocalRandom.current().nextInt();

  private RtpEndpoint(
      DatagramSocket socket, G711 codec, Metronome metronome, LongSupplier nanoClock) {
    this.socket = socket;
    this.codec = codec;
    this.nanoClock = nanoClock;
    Thread.ofVirtual().name("rtp-endpoint-" + socket.getLocalPort()).start(this::receive);
    this.beats = metronome.listen(this::beat);
  }

  /**
   * What was received and sent so far.
   *
   * @param packets voice packets received
   * @param octets of UDP payload in them
   * @param lost voice packets missing by sequence number
   * @param jitterMicros interarrival jitter (RFC 3550 A.8)
   * @param notVoice datagrams that were no RTP of a G.711 payload type
   * @param packetsSent voice packets sent
   * @param sendFailures packets the system refused to send
   */
  public record Report(
      long packets,
      long octets,
      long lost,
      long jitterMicros,
      long notVoice,
      long packetsSent,
      long sendFailures) {}

  /**
   * Opens a socket on a free even port of the address and starts to listen.
   *
   * @param nanoClock monotonic, for the jitter
   * @throws IOException when no port can be bound
   */
  public static RtpEndpoint open(
      InetAddress address, G711 codec, Metronome metronome, LongSupplier nanoClock)
      throws IOException {
    DatagramSocket socket = new DatagramSocket(0, address);
    for (int i = 0; i < TRIES_FOR_AN_EVEN_PORT && socket.getLocalPort() % 2 != 0; i++) {
      socket.close();
      socket = new DatagramSocket(0, address);
    }
    return new RtpEndpoint(socket, codec, metronome, nanoClock);
  }

  /** Where it listens and sends from; goes into the phone's SDP. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** The codec it plays; it understands both of G.711. */
  public G711 codec() {
    return codec;
  }

  /** Where to send from now on: the address of the other side's SDP. */
  public void sendTo(InetSocketAddress address) {
    locked(() -> remote = address);
  }

  /** What to send from the next beat on; a new talkspurt begins. */
  public void play(VoiceSource source) {
    locked(
        () -> {
          voice = source;
          startOfSpeech = true;
        });
  }

  /** A tone from the next beat on. */
  public void playTone(double frequencyHz, double amplitude) {
    play(new ToneSource(codec, frequencyHz, amplitude));
  }

  /** Sends nothing any more, until {@link #play}; goes on listening. */
  public void stop() {
    locked(() -> voice = null);
  }

  /** Forgets the recorded voice, so that the next judgement is of what comes now. */
  public void forgetRecord() {
    record.clear();
  }

  /** Counters so far. */
  public Report report() {
    lock.lock();
    try {
      return new Report(
          packetsReceived,
          octetsReceived,
          reception.lost(),
          reception.jitterMicros(),
          notVoice,
          packetsSent,
          sendFailures);
    } finally {
      lock.unlock();
    }
  }

  /** The tone of the last so much received voice. */
  public ToneDetector.Tone heard(Duration last) {
    return ToneDetector.detect(recorded(last));
  }

  /** The last so much received voice as 16-bit samples, 8000 a second, at most 30 s. */
  public short[] recorded(Duration last) {
    long samples = last.toMillis() * G711.SAMPLE_RATE_HZ / 1000;
    return record.last((int) Math.min(Integer.MAX_VALUE, samples));
  }

  /**
   * Waits until so many voice packets were received since the endpoint was opened.
   *
   * @return false when the time ran out or the thread was interrupted
   */
  public boolean awaitPackets(long total, Duration atMost) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (packetsReceived < total) {
        if (left <= 0) {
          return false;
        }
        left = arrived.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the beats and closes the socket; the record stays readable. */
  @Override
  public void close() {
    beats.end();
    socket.close();
  }

  private void beat() {
    byte[] datagram;
    InetSocketAddress to;
    lock.lock();
    try {
      to = remote;
      if (voice == null || to == null || socket.isClosed()) {
        timestamp += G711.OCTETS_PER_20_MS;
        return;
      }
      datagram = nextPacket(voice);
    } finally {
      lock.unlock();
    }
    boolean sent = send(datagram, to);
    locked(
        () -> {
          if (sent) {
            packetsSent++;
          } else {
            sendFailures++;
          }
        });
  }

  private byte[] nextPacket(VoiceSource source) {
    byte[] payload = new byte[G711.OCTETS_PER_20_MS];
    source.fill(payload);
    ByteBuf packet = Unpooled.buffer(RtpPacket.FIXED_HEADER_OCTETS + payload.length);
    RtpPacket.writeHeader(packet, startOfSpeech, codec.payloadType(), sequence, timestamp, ssrc);
    packet.writeBytes(payload);
    startOfSpeech = false;
    sequence = (sequence + 1) & 0xffff;
    timestamp += G711.OCTETS_PER_20_MS;
    return packet.array();
  }

  private boolean send(byte[] datagram, InetSocketAddress to) {
    try {
      socket.send(new DatagramPacket(datagram, datagram.length, to));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private void receive() {
    DatagramPacket datagram =
        new DatagramPacket(new byte[MAX_DATAGRAM_OCTETS], MAX_DATAGRAM_OCTETS);
    while (!socket.isClosed()) {
      try {
        datagram.setLength(MAX_DATAGRAM_OCTETS);
        socket.receive(datagram);
      } catch (IOException closedOrUnreachable) {
        continue; // a closed socket ends the loop, an ICMP error does not
      }
      take(Unpooled.wrappedBuffer(datagram.getData(), 0, datagram.getLength()));
    }
  }

  private void take(ByteBuf packet) {
    @Nullable G711 as = RtpPacket.isValid(packet) ? codecOf(RtpPacket.payloadType(packet)) : null;
    if (as == null) {
      locked(() -> notVoice++);
      return;
    }
    byte[] payload = new byte[RtpPacket.payloadOctets(packet)];
    packet.getBytes(RtpPacket.payloadIndex(packet), payload);
    record.add(as.decode(payload));
    long now = nanoClock.getAsLong();
    locked(
        () -> {
          reception.packet(
              RtpPacket.ssrc(packet), RtpPacket.sequence(packet), RtpPacket.timestamp(packet), now);
          packetsReceived++;
          octetsReceived += packet.readableBytes();
          arrived.signalAll();
        });
  }

  private static @Nullable G711 codecOf(int payloadType) {
    for (G711 candidate : G711.values()) {
      if (candidate.payloadType() == payloadType) {
        return candidate;
      }
    }
    return null;
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}

package io.tandem.node.system;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.ice.StunAttribute;
import io.tandem.protocol.media.ice.StunKey;
import io.tandem.protocol.media.ice.StunMessage;
import io.tandem.protocol.media.ice.StunWriter;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.rtp.RtpPacket;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.media.voice.RelayDoor;
import io.tandem.protocol.media.voice.VoiceLeg;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Codec;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.MediaDescription;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.ua.CallMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A phone with a voice, ears and keys: it sings one tone, hears tones by Fourier transform, and
 * seals its media when it is told to. One codec; every n-th packet may be lost each way.
 */
final class Handset implements CallMedia, AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(31_500);
  private static final int PORTS = 8;
  private static final int RATE_HZ = 8000;
  private static final int FRAME = RATE_HZ / 50;
  private static final double AMPLITUDE = 8000;

  private final Codec codec;
  private final boolean knowsEvents;
  private final MediaAnchor anchor;
  private final Relay relay;
  private final RelayDoor door;
  private final VoiceLeg leg;
  private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
  private final StringBuffer keys = new StringBuffer();
  private final Set<Integer> sources = ConcurrentHashMap.newKeySet();
  private final short[] heard = new short[RATE_HZ];
  private final short[] spoken = new short[FRAME];
  private final short[] frame = new short[FRAME];
  private LegSecurity security;
  private boolean webPhone;
  private volatile byte @Nullable [] check;
  private SecurityPolicy policy = SecurityPolicy.NONE;
  private volatile Sdp described;
  private @Nullable Sdp offered;
  private volatile int lossEvery;
  private int hertz;
  private long sung;
  private int sent;
  private int came;

  /**
   * @param codec of 8000 samples a second, PCMU or PCMA
   * @param knowsEvents whether keys are telephone events; tones otherwise
   */
  Handset(Codec codec, boolean knowsEvents, int hertz) {
    this.codec = codec;
    this.knowsEvents = knowsEvents;
    this.hertz = hertz;
    int first = NEXT_PORT.getAndAdd(PORTS);
    AnchorSettings settings =
        AnchorSettings.of(LOOPBACK, new PortRange(first, first + PORTS - 1)).withWarmPairs(2);
    anchor = ((MediaAnchor.Opening.Opened) MediaAnchor.open(settings, System::nanoTime)).anchor();
    relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("handset")).relay();
    security = secured();
    door = RelayDoor.open(relay, Side.A);
    VoiceCodec voice = codec.equals(Codec.PCMU) ? VoiceCodec.PCMU : VoiceCodec.PCMA;
    int events = knowsEvents ? Codec.TELEPHONE_EVENT.payloadType() : LegFormat.NONE;
    leg =
        new VoiceLeg(
            new LegFormat(voice, codec.payloadType(), events), this::leaves, RANDOM.nextInt());
    leg.onKeys(keys::append);
    relay.leg(Side.A).divert(this::arrives);
    var unused = beat.scheduleAtFixedRate(this::beat, 20, 20, TimeUnit.MILLISECONDS);
    var checks = beat.scheduleAtFixedRate(this::check, 50, 50, TimeUnit.MILLISECONDS);
  }

  private LegSecurity secured() {
    return new LegSecurity(
        relay.leg(Side.A),
        policy,
        DtlsIdentity.generate(RANDOM, Instant.now()),
        RANDOM,
        System::nanoTime,
        LOOPBACK.getHostAddress());
  }

  /** The next offer has keys, and each further call of this makes new ones. */
  void newKeys(SecurityPolicy wanted) {
    policy = wanted;
    security = secured();
  }

  /** The next offer is a web page's: DTLS keys and a path that its checks find (ICE). */
  void asWebPhone() {
    webPhone = true;
    newKeys(SecurityPolicy.DTLS);
  }

  /** RFC 8445 7.1: what a full agent asks from its host candidate, again and again. */
  private void check() {
    byte[] asked = check;
    Sdp remote = described;
    if (asked != null && remote != null) {
      remote
          .audioEndpoint()
          .map(there -> new InetSocketAddress(there.address(), there.rtpPort()))
          .ifPresent(to -> relay.leg(Side.A).transmit(asked, to));
    }
  }

  private static byte[] checkOf(MediaDescription own, MediaDescription theirs) {
    return new StunWriter(
            StunMessage.BINDING_REQUEST, "handset-asks".getBytes(StandardCharsets.UTF_8))
        .text(
            StunAttribute.USERNAME,
            theirs.attribute("ice-ufrag") + ":" + own.attribute("ice-ufrag"))
        .attribute(StunAttribute.PRIORITY, new byte[] {1, 0, 0, 0})
        .attribute(StunAttribute.USE_CANDIDATE, new byte[0])
        .integrity(new StunKey(String.valueOf(theirs.attribute("ice-pwd"))))
        .fingerprinted();
  }

  /** One packet in so many is lost on its way to it, and another on its way from it. */
  void losesOneIn(int packets) {
    lossEvery = packets;
  }

  private void leaves(byte[] packet, int octets) {
    if (lossEvery == 0 || ++sent % lossEvery != 0) {
      door.send(packet, octets);
    }
  }

  private void arrives(ByteBuf rtp, long nowNanos) {
    sources.add(RtpPacket.ssrc(rtp));
    if (lossEvery == 0 || ++came % lossEvery != 0) {
      leg.onPacket(rtp, nowNanos);
    }
  }

  private void beat() {
    boolean something = leg.receive(frame, System.nanoTime());
    synchronized (heard) {
      if (something) {
        System.arraycopy(heard, FRAME, heard, 0, heard.length - FRAME);
        System.arraycopy(frame, 0, heard, heard.length - FRAME, FRAME);
      }
      for (int i = 0; i < FRAME; i++) {
        spoken[i] = (short) (AMPLITUDE * Math.sin(2 * Math.PI * hertz * sung++ / RATE_HZ));
      }
    }
    if (described != null) {
      leg.send(spoken);
    }
  }

  /** What it has heard so far counts no more. */
  void forget() {
    synchronized (heard) {
      Arrays.fill(heard, (short) 0);
    }
  }

  /** Whether the last half second it heard is this tone. */
  boolean hears(int wanted) {
    synchronized (heard) {
      short[] last = Arrays.copyOfRange(heard, heard.length / 2, heard.length);
      return ToneDetector.detect(last).is(wanted, 5);
    }
  }

  /** Presses keys, as its phone does. */
  void press(String text) {
    int unused = leg.press(text);
  }

  /** The keys it heard, each as often as it heard it. */
  String keys() {
    return keys.toString();
  }

  /** How many streams it was sent, by their SSRC. */
  int streams() {
    return sources.size();
  }

  /** What passed its socket. */
  Relay.Statistics statistics() {
    return relay.statistics();
  }

  /** What the other side said last. */
  Sdp described() {
    return described;
  }

  /** Whether its packets are sealed and opened, and with keys that are there. */
  boolean isSealed() {
    return security.guard().filter(guard -> guard.isKeyed()).isPresent();
  }

  @Override
  public AudioSession session() {
    return new AudioSession(
        LOOPBACK.getHostAddress(),
        relay.leg(Side.A).localPort(),
        knowsEvents ? List.of(codec, Codec.TELEPHONE_EVENT) : List.of(codec));
  }

  /** DTLS without ICE: two that are lite would wait for each other's checks. */
  @Override
  public Sdp offer(Direction direction) {
    Sdp offer = security.offer(session().offer(direction));
    if (webPhone) {
      offered = offer;
      return new Sdp(
          offer.session().stream().filter(line -> !line.value().equals("ice-lite")).toList(),
          offer.media());
    }
    return withoutIce(offer);
  }

  private static Sdp withoutIce(Sdp sdp) {
    return new Sdp(
        sdp.session().stream().filter(line -> !line.value().startsWith("ice-")).toList(),
        sdp.media().stream().map(Handset::withoutIce).toList());
  }

  private static MediaDescription withoutIce(MediaDescription medium) {
    return new MediaDescription(
        medium.media(),
        medium.lines().stream()
            .filter(
                line ->
                    !line.value().startsWith("ice-")
                        && !line.value().startsWith("candidate:")
                        && !line.value().equals("end-of-candidates"))
            .toList());
  }

  @Override
  public void described(Sdp remote) {
    Sdp own = offered;
    if (own != null) {
      check = checkOf(own.media().getFirst(), remote.media().getFirst());
    }
    security.heardAnswer(withoutIce(remote)); // our own agent is lite and waits for no checks
    remote
        .audioEndpoint()
        .map(there -> new InetSocketAddress(there.address(), there.rtpPort()))
        .map(RemoteParty::trunk)
        .map(party -> security.muxesRtcp() ? party.withRtcpMux() : party)
        .ifPresent(relay.leg(Side.A)::expect);
    described = remote;
  }

  @Override
  public void ended() {
    described = null;
  }

  @Override
  public void close() {
    beat.shutdownNow();
    door.close();
    leg.close();
    security.close();
    anchor.close();
  }
}

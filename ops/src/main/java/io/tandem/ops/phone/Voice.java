package io.tandem.ops.phone;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.media.playout.RtpEndpoint;
import io.tandem.protocol.media.playout.ToneDetector;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.ua.CallMedia;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The sound of one call: a tone goes out as soon as the far side says where to, and what comes in
 * can be judged.
 */
public final class Voice implements CallMedia, AutoCloseable {
  private static final double AMPLITUDE = 0.4;
  private static final int TOLERANCE_HZ = 5;

  private final RtpEndpoint endpoint;

  private Voice(RtpEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * A voice that sings one tone.
   *
   * @throws IOException when there is no port for it
   */
  public static Voice singing(int hertz, Metronome metronome) throws IOException {
    RtpEndpoint endpoint =
        RtpEndpoint.open(
            InetAddress.getByName(Phones.HOST), G711.ULAW, metronome, System::nanoTime);
    endpoint.playTone(hertz, AMPLITUDE);
    return new Voice(endpoint);
  }

  @Override
  public AudioSession session() {
    return AudioSession.g711(Phones.HOST, endpoint.localAddress().getPort());
  }

  @Override
  public void described(Sdp remote) {
    remote
        .audioEndpoint()
        .flatMap(
            there ->
                Destination.literal(there.address())
                    .map(address -> new InetSocketAddress(address, there.rtpPort())))
        .ifPresent(endpoint::sendTo);
  }

  @Override
  public void ended() {
    endpoint.stop();
  }

  /** Voice packets so far, sent and received, lost ones and jitter. */
  public RtpEndpoint.Report report() {
    return endpoint.report();
  }

  /** Whether the last second that was heard is this tone. */
  public boolean hears(int hertz) {
    return heard().is(hertz, TOLERANCE_HZ);
  }

  /** What the last second that was heard is. */
  public ToneDetector.Tone heard() {
    return endpoint.heard(Duration.ofSeconds(1));
  }

  @Override
  public void close() {
    endpoint.close();
  }
}

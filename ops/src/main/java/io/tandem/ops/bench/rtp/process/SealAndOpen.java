package io.tandem.ops.bench.rtp.process;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.relay.PacketTransform;
import io.tandem.protocol.media.srtp.SrtpKeys;
import io.tandem.protocol.media.srtp.SrtpOpener;
import io.tandem.protocol.media.srtp.SrtpProfile;
import io.tandem.protocol.media.srtp.SrtpSealer;
import java.net.InetSocketAddress;
import java.security.SecureRandom;

/**
 * What SRTP on one leg costs, for phones that speak plain RTP: what is sent to the leg is sealed
 * and opened again, what comes from it passes as it is. So each two packets of a call pay for one
 * sealing and one opening, as between a plain leg and an SRTP leg.
 */
final class SealAndOpen implements PacketTransform {
  private final SrtpSealer sealer;
  private final SrtpOpener opener;

  SealAndOpen(SecureRandom random) {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, random);
    sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
  }

  @Override
  public boolean protectRtp(ByteBuf packet) {
    return sealer.rtp(packet) >= 0 && opener.rtp(packet) >= 0;
  }

  @Override
  public boolean protectRtcp(ByteBuf packet) {
    return sealer.rtcp(packet) >= 0 && opener.rtcp(packet) >= 0;
  }

  @Override
  public boolean unprotectRtp(ByteBuf packet) {
    return true;
  }

  @Override
  public boolean unprotectRtcp(ByteBuf packet) {
    return true;
  }

  @Override
  public boolean control(
      ByteBuf datagram, InetSocketAddress from, boolean conceivable, long nowNanos) {
    return false;
  }
}

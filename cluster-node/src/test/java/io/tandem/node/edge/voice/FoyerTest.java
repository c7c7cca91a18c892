package io.tandem.node.edge.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.media.relay.PacketTransform;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.sdp.Sdp;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a caller was told something, and when that counts, over a relay of its own on loopback. */
class FoyerTest {
  private static final InetAddress LOOPBACK = VoiceOnLoopback.LOOPBACK;

  @TempDir Path directory;

  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final CountDownLatch letIn = new CountDownLatch(1);
  private boolean withinReach = true;
  private int millisALook = 20;
  private Runnable onLook = () -> {};
  private DatagramSocket caller;
  private VoiceOnLoopback line;
  private Relay relay;
  private Foyer foyer;

  @BeforeEach
  void a_caller_of_a_campaign_that_records() throws Exception {
    caller = new DatagramSocket(0, LOOPBACK);
    line = new VoiceOnLoopback(directory, System::nanoTime, loop);
    relay = line.relay();
    relay
        .leg(Side.A)
        .expect(
            RemoteParty.phone(new InetSocketAddress(LOOPBACK, caller.getLocalPort()), LOOPBACK));
    foyer =
        new Foyer(
            line.voice(),
            new CampaignVoice("", CampaignVoice.Recording.AFTER_NOTICE, "This is recorded."),
            VoiceOnLoopback.audio("0"),
            loop,
            new Doorman());
  }

  @AfterEach
  void close() {
    loop.execute(foyer::close);
    line.close();
    loop.shutdown();
    caller.close();
  }

  private final class Doorman implements Foyer.Doorman {
    @Override
    public void openEarly(Sdp answer) {}

    @Override
    public void letIn() {
      letIn.countDown();
    }

    @Override
    public boolean isDescribedWithinReach() {
      return withinReach;
    }

    @Override
    public void later(long millis, Runnable next) {
      onLook.run();
      var unused = loop.schedule(next, Math.min(millis, millisALook), TimeUnit.MILLISECONDS);
    }
  }

  /** Whether the notice counts as played, once phones may ring. */
  private boolean told() throws Exception {
    loop.execute(foyer::begin);
    assertThat(letIn.await(20, TimeUnit.SECONDS)).as("phones ring in the end").isTrue();
    return foyer.told();
  }

  private boolean hearsAnything() throws IOException {
    caller.setSoTimeout(100);
    try {
      caller.receive(new DatagramPacket(new byte[2048], 2048));
      return true;
    } catch (SocketTimeoutException silence) {
      return false;
    }
  }

  @Test
  void a_notice_that_left_for_the_caller_counts() throws Exception {
    assertThat(told()).isTrue();
    assertThat(hearsAnything()).isTrue();
  }

  @Test
  void a_caller_behind_nat_who_was_not_heard_is_waited_for_and_let_in_untold() throws Exception {
    withinReach = false;
    millisALook = 1;
    assertThat(told()).isFalse();
  }

  @Test
  void a_caller_behind_nat_is_told_from_its_first_packet_on() throws Exception {
    withinReach = false;
    onLook = this::speak;
    assertThat(told()).isTrue();
  }

  /** A packet of the caller's own. */
  private void speak() {
    byte[] rtp = new byte[172];
    rtp[0] = (byte) 0x80;
    rtp[11] = 1;
    InetSocketAddress ours = new InetSocketAddress(LOOPBACK, relay.leg(Side.A).localPort());
    try {
      caller.send(new DatagramPacket(rtp, rtp.length, ours));
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void a_caller_whose_address_may_be_forged_is_sent_nothing_there() throws Exception {
    relay.leg(Side.A).sendOnlyWhereLatched(true);
    millisALook = 1;
    assertThat(told()).isFalse();
    foyer.rings();
    assertThat(hearsAnything()).as("ringback neither").isFalse();
  }

  @Test
  void a_caller_who_proves_its_address_in_time_is_told() throws Exception {
    relay.leg(Side.A).sendOnlyWhereLatched(true);
    onLook = () -> relay.leg(Side.A).sendOnlyWhereLatched(false);
    assertThat(told()).isTrue();
  }

  @Test
  void a_notice_of_which_more_than_a_twentieth_could_not_be_sent_does_not_count() throws Exception {
    relay.leg(Side.A).secure(new Sealing(15));
    assertThat(told()).isFalse();
  }

  @Test
  void a_caller_who_never_agrees_on_keys_is_let_in_untold() throws Exception {
    relay.leg(Side.A).secure(new Sealing(0));
    millisALook = 1;
    assertThat(told()).isFalse();
  }

  /** Keys that are good for so many packets. */
  private static final class Sealing implements PacketTransform {
    private int left;

    Sealing(int packets) {
      left = packets;
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
    public boolean protectRtp(ByteBuf packet) {
      return left-- > 0;
    }

    @Override
    public boolean protectRtcp(ByteBuf packet) {
      return true;
    }

    @Override
    public boolean control(
        ByteBuf datagram, InetSocketAddress from, boolean conceivable, long nowNanos) {
      return true;
    }
  }
}

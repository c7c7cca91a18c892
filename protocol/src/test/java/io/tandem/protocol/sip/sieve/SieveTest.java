package io.tandem.protocol.sip.sieve;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.tandem.protocol.sip.defence.Cidr;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The system runs the program as {@link FilterMachine} does. */
class SieveTest {
  private static final String REST = " SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n";
  private static final String OPENS = "INVITE sip:12125550100@192.0.2.7" + REST;
  private static final String WITHIN = "INVITE sip:tandem@192.0.2.7" + REST;
  private static final String BYE = "BYE sip:tandem@192.0.2.7" + REST;
  private static final List<Cidr> NOBODY = List.of();
  private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8").orElseThrow());

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private MultiThreadIoEventLoopGroup group;
  private Channel channel;
  private DatagramSocket phone;

  @BeforeEach
  void open() throws Exception {
    Assumptions.assumeTrue(Epoll.isAvailable());
    group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    channel =
        new Bootstrap()
            .group(group)
            .channel(EpollDatagramChannel.class)
            .handler(
                new SimpleChannelInboundHandler<DatagramPacket>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
                    heard.add(packet.content().toString(StandardCharsets.US_ASCII));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    phone = new DatagramSocket();
  }

  @AfterEach
  void close() {
    if (group != null) {
      phone.close();
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @Test
  void the_system_drops_what_opens_something_counts_it_and_lets_the_rest_in() throws Exception {
    Sieve sieve =
        Sieve.at(channel, Sifted.opening(List.of("911", "112", "933", "988", "999", "000")))
            .orElseThrow();
    assertThat(sieve.set(new Openness(0, 0), NOBODY)).isTrue();
    say(OPENS, BYE, WITHIN, OPENS);
    assertThat(hear()).isEqualTo(BYE);
    assertThat(hear()).isEqualTo(WITHIN);
    assertThat(sieve.dropped()).isEqualTo(2);

    assertThat(sieve.set(Openness.ALL, NOBODY)).isTrue();
    say(OPENS);
    assertThat(hear()).isEqualTo(OPENS);
  }

  @Test
  void the_system_tells_by_the_source_who_is_trusted() throws Exception {
    Sieve sieve =
        Sieve.at(channel, Sifted.opening(List.of("911", "112", "933", "988", "999", "000")))
            .orElseThrow();
    assertThat(sieve.set(new Openness(1, 0), LOOPBACK)).isTrue();
    say(OPENS);
    assertThat(hear()).isEqualTo(OPENS);
    assertThat(sieve.set(new Openness(0, 1), LOOPBACK)).isTrue();
    say(OPENS, BYE);
    assertThat(hear()).isEqualTo(BYE);
    assertThat(sieve.dropped()).isEqualTo(1);
  }

  @Test
  void the_system_draws_by_the_share() throws Exception {
    Sieve sieve =
        Sieve.at(channel, Sifted.opening(List.of("911", "112", "933", "988", "999", "000")))
            .orElseThrow();
    assertThat(sieve.set(new Openness(0.5, 0.5), NOBODY)).isTrue();
    int came = 0;
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < 25; i++) {
        say(OPENS);
      }
      say(BYE); // its buffer is not to overflow
      while (!hear().equals(BYE)) {
        came++;
      }
    }
    assertThat(came).isBetween(400, 600);
    assertThat(sieve.dropped()).isEqualTo(1_000 - came);
  }

  private void say(String... texts) throws Exception {
    for (String text : texts) {
      byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
      InetSocketAddress to = (InetSocketAddress) channel.localAddress();
      phone.send(new java.net.DatagramPacket(octets, octets.length, to));
    }
  }

  private String hear() throws InterruptedException {
    String text = heard.poll(10, TimeUnit.SECONDS);
    assertThat(text).isNotNull();
    return text;
  }
}

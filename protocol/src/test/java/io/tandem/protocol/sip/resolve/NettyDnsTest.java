package io.tandem.protocol.sip.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.resolve.Dns.Kind;
import io.tandem.protocol.sip.resolve.Dns.Question;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Questions over a real socket to a name server of our own. */
class NettyDnsTest {
  private final NameServer server = new NameServer().ttl(120);
  private final NettyDns dns = new NettyDns(List.of(server.address()), Runnable::run);

  @AfterEach
  void close() {
    dns.close();
    server.close();
  }

  private Dns.Answer ask(Kind kind, String name) {
    CompletableFuture<Dns.Answer> told = new CompletableFuture<>();
    dns.ask(new Question(kind, name), told::complete);
    return told.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void every_kind_of_record_is_read() throws UnknownHostException {
    server
        .rule("carrier.test", 10, 20, "SIP+D2U", "_sip._udp.carrier.test")
        .service("_sip._udp.carrier.test", 1, 70, 5070, "sbc1.carrier.test")
        .service("_sip._udp.carrier.test", 2, 0, 5080, "sbc2.carrier.test")
        .address("sbc1.carrier.test", "192.0.2.1")
        .address("sbc1.carrier.test", "2001:db8::1");
    assertThat(ask(Kind.NAPTR, "carrier.test"))
        .isEqualTo(
            new Dns.Found(
                List.of(new Dns.Naptr(10, 20, "s", "SIP+D2U", "_sip._udp.carrier.test")), 120));
    assertThat(ask(Kind.SRV, "_sip._udp.carrier.test"))
        .isEqualTo(
            new Dns.Found(
                List.of(
                    new Dns.Srv(1, 70, 5070, "sbc1.carrier.test"),
                    new Dns.Srv(2, 0, 5080, "sbc2.carrier.test")),
                120));
    assertThat(ask(Kind.A, "sbc1.carrier.test"))
        .isEqualTo(
            new Dns.Found(List.of(new Dns.Address(InetAddress.getByName("192.0.2.1"))), 120));
    assertThat(ask(Kind.AAAA, "sbc1.carrier.test"))
        .isEqualTo(
            new Dns.Found(List.of(new Dns.Address(InetAddress.getByName("2001:db8::1"))), 120));
  }

  @Test
  void what_is_not_there_is_good_for_as_long_as_the_soa_says() {
    server.address("there.test", "192.0.2.1");
    assertThat(ask(Kind.A, "nobody.test")).isEqualTo(new Dns.Nothing(7));
    assertThat(ask(Kind.SRV, "there.test")).as("a name, no record").isEqualTo(new Dns.Nothing(7));
  }

  @Test
  void a_server_that_cannot_answer_is_asked_again_and_then_given_up() {
    server.broken(true);
    assertThat(ask(Kind.A, "carrier.test")).isInstanceOf(Dns.Failed.class);
    assertThat(server.asked("carrier.test")).isEqualTo(3);
  }

  @Test
  void no_name_at_all_leads_nowhere() {
    assertThat(ask(Kind.A, "a".repeat(300))).isInstanceOf(Dns.Nothing.class);
  }
}

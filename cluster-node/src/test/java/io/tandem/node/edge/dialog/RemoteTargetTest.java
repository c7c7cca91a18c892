package io.tandem.node.edge.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemoteTargetTest implements RemoteTarget.Connections {
  private static final InetSocketAddress OURS = new InetSocketAddress("192.0.2.1", 5060);
  private static final String PHONE = "198.51.100.7";

  private final Set<Target> open = new HashSet<>();
  private final Set<Target> made = new HashSet<>();
  private final Set<String> trusted = new HashSet<>();
  private final Map<Flow, PeerNames> peers = new HashMap<>();
  private long connections;

  @Override
  public boolean isOpen(Target target) {
    return open.contains(target);
  }

  @Override
  public boolean isMadeByUs(Destination to) {
    return made.contains(to);
  }

  @Override
  public boolean trusts(InetAddress address) {
    return trusted.contains(NetUtil.toAddressString(address));
  }

  @Override
  public PeerNames peer(Flow flow) {
    return peers.getOrDefault(flow, PeerNames.NONE);
  }

  private Flow flow(TransportProtocol protocol, String host, int port) {
    Flow flow =
        new Flow(
            protocol,
            OURS,
            new InetSocketAddress(host, port),
            protocol.isReliable() ? ++connections : 0);
    open.add(flow);
    return flow;
  }

  private static Destination at(TransportProtocol protocol, String host, int port) {
    return new Destination(protocol, new InetSocketAddress(host, port));
  }

  private static Dialog dialog(String contact, String more) {
    String text =
        """
        INVITE sip:a@192.0.2.1 SIP/2.0
        Via: SIP/2.0/TCP 198.51.100.7;branch=z9hG4bK1
        From: <sip:b@example.com>;tag=1
        To: <sip:a@192.0.2.1>
        Call-ID: c
        CSeq: 1 INVITE
        Max-Forwards: 70
        Contact: <%s>
        %sContent-Length: 0

        """
            .formatted(contact, more)
            .replace("\n", "\r\n");
    var read = new SipParser().parse(text.getBytes(StandardCharsets.UTF_8));
    return Dialog.uas((SipRequest) ((ParseOutcome.Good) read).message(), "t", false).orElseThrow();
  }

  @Test
  void a_peer_is_followed_to_its_next_connection_and_not_by_strangers() {
    Dialog dialog = dialog("sip:b@phone.example.com;transport=tcp", "");
    Flow first = flow(TransportProtocol.TCP, PHONE, 40_001);
    RemoteTarget reach = new RemoteTarget(this, first);
    reach.heard(flow(TransportProtocol.TCP, "203.0.113.9", 40_001), dialog);
    assertThat(reach.now(dialog)).as("a stranger").isEqualTo(first);
    Flow second = flow(TransportProtocol.TCP, PHONE, 40_002);
    reach.heard(second, dialog);
    assertThat(reach.now(dialog)).isEqualTo(second);
  }

  @Test
  void a_closed_connection_is_made_again_to_where_the_peer_listens_if_that_is_there() {
    Flow first = flow(TransportProtocol.TCP, PHONE, 40_001);
    open.clear();
    RemoteTarget reach = new RemoteTarget(this, first);
    assertThat(reach.now(dialog("sip:b@198.51.100.7:5070", "")))
        .isEqualTo(at(TransportProtocol.TCP, PHONE, 5070));
    assertThat(reach.now(dialog("sip:b@10.0.0.7:5070", "Record-Route: <sip:198.51.100.7;lr>\n")))
        .as("the route comes first")
        .isEqualTo(at(TransportProtocol.TCP, PHONE, 5060));
    Dialog elsewhere = dialog("sip:b@203.0.113.5:5070", "");
    assertThat(reach.now(elsewhere)).as("anybody could be named").isEqualTo(first);
    trusted.add("203.0.113.5");
    assertThat(reach.now(elsewhere))
        .as("a trunk's other server")
        .isEqualTo(at(TransportProtocol.TCP, "203.0.113.5", 5070));
    assertThat(new RemoteTarget(this, flow(TransportProtocol.WS, PHONE, 1)).last().protocol())
        .isEqualTo(TransportProtocol.WS);
  }

  @Test
  void a_page_is_reached_on_its_connection_alone() {
    Flow page = flow(TransportProtocol.WS, PHONE, 40_001);
    open.clear();
    RemoteTarget reach = new RemoteTarget(this, page);
    assertThat(reach.now(dialog("sip:b@198.51.100.7:5070;transport=ws", ""))).isEqualTo(page);
  }

  @Test
  void who_proved_its_name_again_is_followed_to_any_address() {
    Dialog dialog = dialog("sip:b@phone.example.com;transport=tls", "");
    PeerNames carrier = new PeerNames(Set.of("carrier.example"), Set.of());
    Flow first = flow(TransportProtocol.TLS, PHONE, 40_001);
    peers.put(first, carrier);
    RemoteTarget reach = new RemoteTarget(this, first);
    peers.remove(first);
    Flow nobody = flow(TransportProtocol.TLS, "203.0.113.5", 1);
    reach.heard(nobody, dialog);
    assertThat(reach.last()).isEqualTo(first);
    Flow second = flow(TransportProtocol.TLS, "203.0.113.5", 2);
    peers.put(second, carrier);
    reach.heard(second, dialog);
    assertThat(reach.last()).isEqualTo(second);
  }

  @Test
  void over_udp_a_caller_is_followed_when_its_port_changes_but_not_onto_one_connection() {
    Dialog dialog = dialog("sip:b@198.51.100.7:5060", "");
    Flow first = flow(TransportProtocol.UDP, PHONE, 1_024);
    RemoteTarget reach = new RemoteTarget(this, first);
    reach.heard(flow(TransportProtocol.TCP, PHONE, 40_001), dialog);
    assertThat(reach.now(dialog)).as("a long request comes over TCP").isEqualTo(first);
    Flow rebound = flow(TransportProtocol.UDP, PHONE, 1_030);
    reach.heard(rebound, dialog);
    assertThat(reach.now(dialog)).isEqualTo(rebound);
  }

  @Test
  void a_phone_that_sends_from_another_port_than_it_listens_on_stays_where_it_listens() {
    Destination desk = at(TransportProtocol.UDP, PHONE, 5060);
    RemoteTarget reach = new RemoteTarget(this, desk);
    reach.heard(flow(TransportProtocol.UDP, PHONE, 40_001), dialog("sip:b@198.51.100.7:5060", ""));
    assertThat(reach.last()).isEqualTo(desk);
    Flow rebound = flow(TransportProtocol.UDP, PHONE, 1_030);
    reach.heard(rebound, dialog("sip:b@10.0.0.7:5060", ""));
    assertThat(reach.last()).as("behind NAT it is where it speaks from").isEqualTo(rebound);
  }

  @Test
  void a_connection_of_ours_to_a_server_is_kept_and_made_again() {
    Dialog dialog = dialog("sip:b@carrier.example.com;transport=tcp", "");
    Destination server = at(TransportProtocol.TCP, PHONE, 5060);
    open.add(server);
    made.add(server);
    RemoteTarget reach = new RemoteTarget(this, server);
    Flow theirs = flow(TransportProtocol.TCP, PHONE, 40_001);
    reach.heard(theirs, dialog);
    assertThat(reach.now(dialog)).isEqualTo(server);
    open.remove(server);
    reach.heard(theirs, dialog);
    assertThat(reach.now(dialog)).isEqualTo(theirs);
    open.remove(theirs);
    assertThat(reach.now(dialog)).as("nothing else is left").isEqualTo(server);
  }
}

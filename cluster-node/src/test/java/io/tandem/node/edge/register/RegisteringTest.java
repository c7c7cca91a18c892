package io.tandem.node.edge.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** REGISTER by REGISTER, as RFC 3261, 3327, 5626 and 5627 have it. */
class RegisteringTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final String DESK = "<urn:uuid:00000000-0000-1000-8000-000a95a0e128>";
  private static final String URN = DESK.substring(1, DESK.length() - 1);

  private List<SipBinding> held = List.of();
  private int cseq;

  private static SipRequest request(int cseq, String contact, String more) {
    String text =
        "REGISTER sip:tandem.example SIP/2.0\r\n"
            + "Via: SIP/2.0/TCP 192.0.2.2;branch=z9hG4bK-1\r\n"
            + "From: <sip:anna@tandem.example>;tag=1\r\nTo: <sip:anna@tandem.example>\r\n"
            + "Call-ID: 16CB75F21C70\r\nCSeq: "
            + cseq
            + " REGISTER\r\nMax-Forwards: 70\r\nContact: "
            + contact
            + "\r\n"
            + more
            + "Content-Length: 0\r\n\r\n";
    ParseOutcome outcome = new SipParser().parse(text.getBytes(StandardCharsets.UTF_8));
    assertThat(outcome).as(text).isInstanceOf(ParseOutcome.Good.class);
    return (SipRequest) ((ParseOutcome.Good) outcome).message();
  }

  private static Registering.Reading read(SipRequest request) {
    return read(request, Duration.ZERO);
  }

  private static Registering.Reading read(SipRequest request, Duration kept) {
    return Registering.of(request, Duration.ofSeconds(60), Duration.ofSeconds(3_600), kept);
  }

  private Registering register(String contact, String more, String from) {
    Registering.Reading reading = read(request(++cseq, contact, more));
    assertThat(reading).isInstanceOf(Registering.Readable.class);
    Registering registering = ((Registering.Readable) reading).registering();
    held = registering.after(held, "edge-1", from, null, NOON);
    return registering;
  }

  private static int refused(SipRequest request) {
    return read(request) instanceof Registering.Refused no ? no.status() : 0;
  }

  private static String flow(String contact, int regId) {
    return "<" + contact + ">;+sip.instance=\"" + DESK + "\";reg-id=" + regId;
  }

  private static final String OUTBOUND = "Supported: path, outbound\r\n";

  @Test
  void contacts_are_bound_renewed_and_taken_away() {
    register("<sip:a@192.0.2.2>;expires=120", "", "UDP 192.0.2.2 5060");
    register("<sip:b@192.0.2.3>", "", "UDP 192.0.2.3 5060");
    assertThat(held).extracting(SipBinding::contact).hasSize(2);
    assertThat(held.getFirst().expiresAt()).isEqualTo(NOON.plusSeconds(120));
    assertThat(held.getLast().expiresAt()).as("the longest").isEqualTo(NOON.plusSeconds(3_600));
    register("<sip:a@192.0.2.2>;expires=0", "", "UDP 192.0.2.2 5060");
    assertThat(held).extracting(SipBinding::contact).containsExactly("sip:b@192.0.2.3");
    register("*", "Expires: 0\r\n", "UDP 192.0.2.2 5060");
    assertThat(held).isEmpty();
  }

  @Test
  void what_is_too_brief_or_makes_no_sense_is_refused() {
    assertThat(refused(request(1, "<sip:a@192.0.2.2>;expires=59", ""))).isEqualTo(423);
    assertThat(refused(request(1, "*", ""))).isEqualTo(400);
    assertThat(refused(request(1, flow("sip:a@b", 1) + ", " + flow("sip:c@b", 2), OUTBOUND)))
        .as("one flow a request")
        .isEqualTo(400);
    assertThat(refused(request(1, flow("sip:a@b", 1), OUTBOUND))).isZero();
  }

  @Test
  void a_phone_that_keeps_no_flow_alive_registers_again_before_its_connection_is_idle() {
    Duration kept = Duration.ofMinutes(10);
    String plain = "<sip:a@192.0.2.2>";
    assertThat(granted(request(1, plain, "Expires: 3600\r\n"), kept)).isEqualTo(600);
    assertThat(granted(request(1, plain, "Expires: 120\r\n"), kept)).isEqualTo(120);
    assertThat(granted(request(1, plain, ""), Duration.ofSeconds(1))).as("the least").isEqualTo(60);
    assertThat(granted(request(1, flow("sip:a@b", 1), OUTBOUND), kept)).isEqualTo(3_600);
    String path = "Path: <sip:192.0.2.9;lr>\r\n";
    assertThat(granted(request(1, plain, path), kept)).as("the proxy's").isEqualTo(3_600);
  }

  private static long granted(SipRequest request, Duration kept) {
    Registering registering = ((Registering.Readable) read(request, kept)).registering();
    return Duration.between(
            NOON, registering.after(List.of(), "e", "f", null, NOON).getFirst().expiresAt())
        .toSeconds();
  }

  @Test
  void the_eleventh_device_is_not_bound_and_can_tell() {
    for (int i = 0; i < 10; i++) {
      assertThat(register("<sip:a" + i + "@192.0.2.2>", "", "UDP 192.0.2.2 5060").isIn(held))
          .isTrue();
    }
    assertThat(register("<sip:b@192.0.2.2>", "", "UDP 192.0.2.2 5060").isIn(held)).isFalse();
    assertThat(held).hasSize(10);
    assertThat(register("<sip:a3@192.0.2.2>", "", "UDP 192.0.2.2 5060").isIn(held)).isTrue();
    assertThat(register("<sip:b@192.0.2.2>;expires=0", "", "x").isIn(held)).isTrue();
    assertThat(register("*", "Expires: 0\r\n", "x").isIn(held)).isTrue();
  }

  @Test
  void what_the_location_service_cannot_hold_is_refused_or_cut() {
    String contact = "<sip:a@192.0.2.2>";
    assertThat(register(contact, "User-Agent: " + "x".repeat(300) + "\r\n", "f").userAgent())
        .hasSize(200);
    SipRequest plain = request(1, contact, "");
    assertThat(refused(plain.with("Call-ID", "c".repeat(401)))).isEqualTo(400);
    assertThat(refused(plain.with("Path", "<sip:proxy.example.com;lr>")))
        .as("calls go to literal addresses")
        .isEqualTo(400);
    assertThat(refused(plain.with("Path", "<sip:192.0.2.9;lr;x=" + "y".repeat(2_000) + ">")))
        .isEqualTo(400);
    assertThat(refused(plain.with("Path", "<sip:192.0.2.9;lr>"))).isZero();
  }

  @Test
  void an_older_request_changes_nothing() {
    register("<sip:a@192.0.2.2>;expires=120", "", "UDP 192.0.2.2 5060");
    List<SipBinding> before = held;
    cseq = 0;
    register("<sip:a@192.0.2.2>;expires=0", "", "UDP 192.0.2.2 5060");
    assertThat(held).isEqualTo(before);
  }

  @Test
  void each_flow_of_an_instance_is_a_binding_and_a_new_one_takes_its_place_whatever_its_contact() {
    assertThat(
            register(flow("sip:a@192.0.2.2;transport=tcp", 1), OUTBOUND, "TCP 192.0.2.2 1001")
                .outbound())
        .isTrue();
    register(flow("sip:a@192.0.2.2;transport=tcp", 2), OUTBOUND, "TCP 192.0.2.2 1002");
    assertThat(held).extracting(SipBinding::regId).containsExactly(1, 2);
    register(flow("sip:a@198.51.100.9;transport=tcp", 1), OUTBOUND, "TCP 198.51.100.9 1003");
    assertThat(held)
        .as("the device moved: its first flow is another connection now")
        .extracting(SipBinding::regId, SipBinding::flow)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(1, "TCP 198.51.100.9 1003"),
            org.assertj.core.groups.Tuple.tuple(2, "TCP 192.0.2.2 1002"));
  }

  @Test
  void a_flow_is_kept_by_ourselves_or_by_a_proxy_that_says_so() {
    String via = "Via: SIP/2.0/TCP 192.0.2.50;branch=z9hG4bK-0\r\n";
    assertThat(refused(request(1, flow("sip:a@b", 1), OUTBOUND + via)))
        .as("a proxy in between that knows nothing of flows")
        .isEqualTo(439);
    assertThat(
            refused(
                request(
                    1,
                    flow("sip:a@b", 1),
                    OUTBOUND
                        + via
                        + "Path: <sip:core.example;lr>\r\nPath: <sip:ep1.example;lr>\r\n")))
        .isEqualTo(439);
    String path =
        "Path: <sip:192.0.2.60;lr>\r\n"
            + "Path: <sip:VskztcQ/S8p4WPbOnHbuyh5iJvJIW@ep1.example;lr;ob>\r\n";
    assertThat(refused(request(1, flow("sip:a@b", 1), OUTBOUND + via + path))).isZero();
    register(flow("sip:a@b", 1), OUTBOUND + via + path, "TCP 192.0.2.50 5060");
    assertThat(held.getFirst().path())
        .isEqualTo("<sip:192.0.2.60;lr>, <sip:VskztcQ/S8p4WPbOnHbuyh5iJvJIW@ep1.example;lr;ob>");
  }

  @Test
  void a_phone_that_does_not_speak_outbound_has_no_flows_but_may_have_a_gruu() {
    Registering plain = register(flow("sip:a@192.0.2.2", 1), "", "UDP 192.0.2.2 5060");
    assertThat(plain.outbound()).isFalse();
    assertThat(held).extracting(SipBinding::regId).containsExactly(0);
    assertThat(Registering.contact(held.getFirst(), NOON.plusSeconds(600), "tandem.example"))
        .isEqualTo(
            "<sip:a@192.0.2.2>;expires=3000;+sip.instance=\""
                + DESK
                + "\";pub-gruu=\"sip:anna@tandem.example;gr="
                + URN
                + "\"");
    assertThat(Registering.contact(held.getFirst(), NOON, null))
        .as("who does not know what a GRUU is gets none")
        .doesNotContain("gruu");
  }

  @Test
  void an_instance_that_is_none_names_nothing() {
    for (String instance :
        List.of(
            "urn:uuid:1",
            "<mailto:a>",
            "<urn:uuid:1>;x",
            "<urn:a\\\"b>",
            "<urn:" + "1".repeat(300) + ">")) {
      held = List.of();
      register(
          "<sip:a@192.0.2.2>;+sip.instance=\"" + instance + "\";reg-id=1",
          OUTBOUND,
          "TCP 192.0.2.2 1");
      assertThat(held.getFirst().instance()).as(instance).isEmpty();
      assertThat(held.getFirst().regId()).isZero();
    }
  }

  @Test
  void a_device_is_called_on_one_of_its_flows_and_on_the_next_when_that_is_gone() {
    register("<sip:plain@192.0.2.9>", "", "UDP 192.0.2.9 5060");
    register(flow("sip:a@192.0.2.2", 1), OUTBOUND, "TCP 192.0.2.2 1001");
    register(flow("sip:a@192.0.2.2", 2), OUTBOUND, "TCP 192.0.2.2 1002");
    assertThat(Flows.called(held, flow -> false))
        .extracting(SipBinding::flow)
        .containsExactly("UDP 192.0.2.9 5060", "TCP 192.0.2.2 1001");
    assertThat(Flows.called(held, flow -> flow.regId() == 1))
        .extracting(SipBinding::flow)
        .containsExactly("UDP 192.0.2.9 5060", "TCP 192.0.2.2 1002");
    assertThat(Flows.called(held, flow -> flow.regId() > 0))
        .extracting(SipBinding::flow)
        .containsExactly("UDP 192.0.2.9 5060");
  }
}

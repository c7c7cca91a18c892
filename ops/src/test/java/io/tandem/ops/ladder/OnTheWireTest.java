package io.tandem.ops.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Party;
import io.tandem.persistence.readmodel.SipTraces;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnTheWireTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void what_an_edge_saw_stands_between_those_who_said_it() {
    String lines =
        NOON
            + "\t<\tcaller\tUDP 192.0.2.*:5060\tINVITE sip:***0100@tandem 1\n"
            + NOON.plusSeconds(1)
            + "\t>\tphone\tTLS 192.0.2.*:5061\tINVITE sip:anna@phone 1\n"
            + "a line of a later form\n";
    assertThat(OnTheWire.messages(List.of(new SipTraces.Trace("call_1", "n1", NOON, lines))))
        .containsExactly(
            new Message(NOON, Party.CALLER, Party.TANDEM, "INVITE sip:***0100@tandem 1"),
            new Message(NOON.plusSeconds(1), Party.TANDEM, Party.PHONE, "INVITE sip:anna@phone 1"));
  }
}

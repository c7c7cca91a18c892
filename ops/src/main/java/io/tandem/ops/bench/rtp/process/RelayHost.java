package io.tandem.ops.bench.rtp.process;

import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.socket.Precedence;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * A media anchor in a process of its own: {@code RelayHost WIRE CALLS FIRST_PHONE_PORT
 * FIRST_PORT-LAST_PORT}; {@code WIRE+SRTP} with SRTP on one leg of each call. Prints a line {@code
 * portA portB} a call and {@code ready}; answers each line it reads as {@link Marks} does; ends
 * with its input.
 */
public final class RelayHost {
  private static final String SRTP = "+SRTP";

  private RelayHost() {}

  /** See the class. */
  public static void main(String[] arguments) throws IOException {
    boolean srtp = arguments[0].endsWith(SRTP);
    Wire wire = Wire.valueOf(arguments[0].replace(SRTP, ""));
    int calls = Integer.parseInt(arguments[1]);
    PhoneSockets phones = new PhoneSockets(Integer.parseInt(arguments[2]));
    PortRange ports = PortRange.parse(arguments[3]);
    AnchorSettings settings =
        AnchorSettings.of(InetAddress.getLoopbackAddress(), ports)
            .withWire(wire)
            .withPrecedence(Precedence.REAL_TIME)
            .withWarmPairs(2 * calls);
    switch (MediaAnchor.open(settings, System::nanoTime)) {
      case Opening.Refused(String reason) -> throw new IOException(reason);
      case Opening.Opened(MediaAnchor anchor) -> {
        try (anchor) {
          serve(anchor, connect(anchor, calls, phones, srtp));
        }
      }
    }
  }

  private static List<Relay> connect(
      MediaAnchor anchor, int calls, PhoneSockets phones, boolean srtp) throws IOException {
    SecureRandom random = new SecureRandom();
    List<Relay> relays = new ArrayList<>();
    for (int call = 0; call < calls; call++) {
      if (!(anchor.allocate("bench-" + call) instanceof Allocation.Granted(Relay relay))) {
        throw new IOException("no ports for call " + call);
      }
      for (Side side : Side.values()) {
        relay.leg(side).expect(RemoteParty.trunk(phones.phone(side, call)));
      }
      if (srtp) {
        relay.leg(Side.B).secure(new SealAndOpen(random));
      }
      relay.bridge();
      relays.add(relay);
    }
    return relays;
  }

  private static void serve(MediaAnchor anchor, List<Relay> relays) throws IOException {
    StringBuilder ports = new StringBuilder();
    for (Relay relay : relays) {
      ports.append(relay.leg(Side.A).localPort()).append(' ');
      ports.append(relay.leg(Side.B).localPort()).append('\n');
    }
    Marks.serve(ports, anchor.loopThreadIds());
  }
}

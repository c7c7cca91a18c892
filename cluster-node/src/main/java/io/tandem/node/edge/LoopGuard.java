package io.tandem.node.edge;

import io.tandem.protocol.sip.hops.Hops;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transport.SipTransport;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses calls that come round again (TEL-9): 483, 482, 440. On the loop only. */
final class LoopGuard {
  private static final Logger LOG = LoggerFactory.getLogger(LoopGuard.class);

  private final Edge edge;
  private final SipTransport transport;

  LoopGuard(Edge edge, SipTransport transport) {
    this.edge = edge;
    this.transport = transport;
  }

  /** The status that refuses a new INVITE; empty when it may be sent on. */
  Optional<Integer> refusal(SipRequest invite) {
    Set<String> ours =
        transport.listening().stream()
            .map(
                bind -> bind.sentByHost().toLowerCase(Locale.ROOT) + ":" + bind.address().getPort())
            .collect(Collectors.toSet());
    Optional<Integer> status = Hops.refusal(invite, ours);
    status.ifPresent(
        found -> {
          LOG.warn("a call is refused with {}: it came round again or has no hops left", found);
          edge.count("loop", found);
        });
    return status;
  }
}

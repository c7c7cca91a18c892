package io.tandem.ops.bench.call;

import io.tandem.ops.phone.Tap;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts messages that pass a second time, sent or received: retransmissions (RFC 3261 17). Heard
 * on one loop, read anywhere.
 */
final class Repeats implements Tap.Ear {
  private static final int FINAL = 200;

  private final Set<String> seen = new HashSet<>();
  private final LongAdder repeats = new LongAdder();

  @Override
  public void heard(boolean sent, SipMessage message) {
    String key =
        switch (message) {
          case SipRequest request -> request.method() + request.topVia().branch();
          case SipResponse response when response.status() >= FINAL ->
              response.status() + response.cseq().method() + response.topVia().branch();
          case SipResponse _ -> null;
        };
    if (key != null && !seen.add(key)) {
      repeats.increment();
    }
  }

  /** How many so far. */
  long count() {
    return repeats.sum();
  }
}

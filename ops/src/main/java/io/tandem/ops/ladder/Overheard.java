package io.tandem.ops.ladder;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Party;
import io.tandem.ops.phone.Tap;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What was said on the wire of some phones, as entries of a ladder. Thread-safe. */
public final class Overheard {
  private final InstantSource clock;
  private final Queue<Message> messages = new ConcurrentLinkedQueue<>();

  /** Stamps what it hears with that clock. */
  public Overheard(InstantSource clock) {
    this.clock = clock;
  }

  /** The ear at one phone; registrations are left out, as they belong to no call. */
  public Tap.Ear at(Party phone) {
    return (sent, message) -> {
      if (!message.cseq().method().equals(SipRequest.REGISTER)) {
        messages.add(
            new Message(
                clock.instant(),
                sent ? phone : Party.TANDEM,
                sent ? Party.TANDEM : phone,
                words(message)));
      }
    };
  }

  /** Everything so far. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  private static String words(SipMessage message) {
    String body = message.hasBody("application/sdp") ? " (SDP)" : "";
    return switch (message) {
      case SipRequest request -> request.method() + body;
      case SipResponse response -> response.status() + " " + response.reason() + body;
    };
  }
}

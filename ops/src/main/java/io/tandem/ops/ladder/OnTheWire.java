package io.tandem.ops.ladder;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Party;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.protocol.sip.observe.CallTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SIP messages of a call as the edges saw them, as entries of a ladder. */
public final class OnTheWire {
  private OnTheWire() {}

  /** All that is still kept of a call, oldest first. */
  public static List<Message> messages(List<SipTraces.Trace> traces) {
    List<Message> messages = new ArrayList<>();
    for (SipTraces.Trace trace : traces) {
      trace
          .messages()
          .lines()
          .map(CallTraces.Line::parse)
          .flatMap(Optional::stream)
          .map(OnTheWire::message)
          .forEach(messages::add);
    }
    return messages;
  }

  private static Message message(CallTraces.Line line) {
    Party peer = line.leg().equals("caller") ? Party.CALLER : Party.PHONE;
    return line.in()
        ? new Message(line.at(), peer, Party.TANDEM, line.what())
        : new Message(line.at(), Party.TANDEM, peer, line.what());
  }
}

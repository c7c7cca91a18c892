package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.SipMessage;

/**
 * Is shown every message that was read or is sent, on the loop. It changes nothing and must not
 * take long.
 */
public interface MessageWatch {
  /** Shown to nobody. */
  MessageWatch NONE =
      new MessageWatch() {
        @Override
        public void received(SipMessage message, Flow flow) {}

        @Override
        public void sent(SipMessage message, Flow flow) {}
      };

  /** A readable message came from there. */
  void received(SipMessage message, Flow flow);

  /** A message is on its way there. */
  void sent(SipMessage message, Flow flow);
}

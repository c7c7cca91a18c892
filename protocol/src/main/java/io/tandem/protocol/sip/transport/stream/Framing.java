package io.tandem.protocol.sip.transport.stream;

/** Tells whether a connection is in the midst of a message, so that one that never ends is seen. */
public interface Framing {
  /** Whether a message has begun and not ended. */
  boolean isInsideMessage();
}

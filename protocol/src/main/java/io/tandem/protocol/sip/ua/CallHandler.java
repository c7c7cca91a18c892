package io.tandem.protocol.sip.ua;

/**
 * What a line does with a call that comes in: ring, answer or refuse it, now or later. Called on
 * the loop.
 */
@FunctionalInterface
public interface CallHandler {

  void onCall(UaCall call);

  /** A line that only calls: 480 Temporarily Unavailable. */
  CallHandler UNAVAILABLE = call -> call.refuse(480);
}

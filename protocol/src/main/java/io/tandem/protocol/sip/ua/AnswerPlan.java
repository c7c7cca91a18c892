package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.function.Supplier;

/**
 * A person at a phone, in a few words: lets it ring after a moment, then answers, or says no, or
 * does nothing.
 *
 * @param ringAfterMs when the 180 goes out; -1 for none
 * @param decideAfterMs when the decision falls, from the arrival of the call; -1 for never
 * @param status 200 to answer, 486 busy, 603 decline, or any other refusal
 * @param hangUpAfterMs how long an answered call lasts before this side ends it; -1 to leave it to
 *     the other
 */
public record AnswerPlan(
    EdgeLoop loop,
    Supplier<CallMedia> media,
    long ringAfterMs,
    long decideAfterMs,
    int status,
    long hangUpAfterMs)
    implements CallHandler {

  /** Rings at once, answers after that time, and stays until the other side hangs up. */
  public static AnswerPlan answering(EdgeLoop loop, long answerAfterMs, Supplier<CallMedia> media) {
    return new AnswerPlan(loop, media, 0, answerAfterMs, 200, -1);
  }

  /** Refuses at once, without ringing. */
  public static AnswerPlan refusing(EdgeLoop loop, int status) {
    return new AnswerPlan(loop, AnswerPlan::noMedia, -1, 0, status, -1);
  }

  /** Rings and is not picked up. */
  public static AnswerPlan ringingOnly(EdgeLoop loop) {
    return new AnswerPlan(loop, AnswerPlan::noMedia, 0, -1, 480, -1);
  }

  /** The same, and hangs up so long after answering. */
  public AnswerPlan hangingUpAfter(long ms) {
    return new AnswerPlan(loop, media, ringAfterMs, decideAfterMs, status, ms);
  }

  @Override
  public void onCall(UaCall call) {
    after(ringAfterMs, call::ring);
    after(decideAfterMs, () -> decide(call));
  }

  private void decide(UaCall call) {
    if (status >= 300) {
      call.refuse(status);
    } else if (call.answer(media.get())) {
      after(hangUpAfterMs, call::hangUp);
    }
  }

  private void after(long delayMs, Runnable task) {
    if (delayMs == 0) {
      task.run();
    } else if (delayMs > 0) {
      loop.schedule(delayMs, task);
    }
  }

  private static CallMedia noMedia() {
    throw new IllegalStateException("this plan answers no call");
  }
}

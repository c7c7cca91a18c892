package io.tandem.node.call;

import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.Offer;

/**
 * What a call says to those who kept something for it for a very long time (WAL-3, MKT-10). A hold
 * that will not be charged may go at once. A reservation or an admission that the call made stays
 * until the call itself ends it, for only the call knows with what outcome; being asked, it has
 * woken up and sends that again.
 */
final class CallInquiries {

  private static final CallReply NEEDED = new CallReply.StillNeeded();
  private static final CallReply NO_CALL = new CallReply.NotNeeded("NO_SUCH_CALL");

  private CallInquiries() {}

  static CallReply hold(CallState state, String holdId) {
    if (!(state instanceof CallState.Begun begun)) {
      return NO_CALL;
    }
    for (Offer offer : begun.begunOffers()) {
      if (CallOutbox.holdId(begun.callId(), offer.offerId()).equals(holdId)) {
        return offerHold(begun, offer.offerId());
      }
    }
    return new CallReply.NotNeeded("NO_SUCH_OFFER");
  }

  private static CallReply offerHold(CallState.Begun begun, String offerId) {
    if (begun.failure(offerId).isPresent()) {
      return new CallReply.NotNeeded("OFFER_FAILED");
    }
    return switch (begun) {
      case CallState.Routing _ -> NEEDED;
      case CallState.Connected s ->
          s.bridged().offerId().equals(offerId) ? NEEDED : new CallReply.NotNeeded("LOST");
      case CallState.Ended s ->
          s.qualified() != null
                  && s.chargeRefused() == null
                  && s.bridged() != null
                  && s.bridged().offerId().equals(offerId)
              ? NEEDED // the capture is on its way again
              : new CallReply.NotNeeded("ENDED");
    };
  }

  static CallReply reservation(CallState state, String offerId) {
    if (!(state instanceof CallState.Begun begun)) {
      return NO_CALL;
    }
    boolean made = begun.begunOffers().stream().anyMatch(o -> o.offerId().equals(offerId));
    return made ? NEEDED : new CallReply.NotNeeded("NO_SUCH_OFFER");
  }

  static CallReply admission(CallState state) {
    if (!(state instanceof CallState.Begun begun)) {
      return NO_CALL;
    }
    boolean asked = begun.offered().capped() && !begun.offered().plan().steps().isEmpty();
    return asked ? NEEDED : new CallReply.NotNeeded("NOT_CAPPED");
  }
}

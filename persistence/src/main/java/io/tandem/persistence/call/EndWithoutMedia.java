package io.tandem.persistence.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.journal.Upcaster;
import io.tandem.persistence.journal.WireName;

/**
 * {@code call.ended/1} → {@code /2}: ends that were written before anybody measured how a call's
 * voice was. Some builds wrote the new component under the old version, so that it may be there.
 */
public final class EndWithoutMedia implements Upcaster {

  private static final String MEDIA = "media";

  @Override
  public WireName from() {
    return new WireName("call.ended", 1);
  }

  @Override
  public WireName to() {
    return new WireName("call.ended", 2);
  }

  @Override
  public ObjectNode upcast(ObjectNode stored) {
    if (!stored.has(MEDIA)) {
      stored.putNull(MEDIA);
    }
    return stored;
  }
}

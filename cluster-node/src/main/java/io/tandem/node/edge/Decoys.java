package io.tandem.node.edge;

import io.tandem.node.directory.Directory;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.protocol.sip.auth.DigestOffer;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a name is challenged with. One that nobody has is challenged as one of our endpoints might
 * be, always the same for the same name and as often in each way as they are, so that the shape of
 * a challenge tells nobody which names there are (ACC-8). On the loop only.
 */
final class Decoys {
  private static final long RECOUNT_NANOS = 60_000_000_000L;

  private final Directory directory;
  private final Blinder blinder;
  private final Map<DigestOffer, Integer> shapes = new EnumMap<>(DigestOffer.class);
  private long countedAtNanos;

  Decoys(Directory directory, Blinder blinder, long nowNanos) {
    this.directory = directory;
    this.blinder = blinder;
    this.countedAtNanos = nowNanos - RECOUNT_NANOS;
  }

  /**
   * The offer for a name.
   *
   * @param credentials null where there is no such endpoint
   */
  DigestOffer offer(String user, EndpointState.@Nullable Credentials credentials, long nowNanos) {
    if (credentials != null) {
      return shape(credentials);
    }
    if (nowNanos - countedAtNanos >= RECOUNT_NANOS) {
      count(nowNanos);
    }
    return of(blinder.blind("sip-decoy", user).hashCode(), shapes);
  }

  /**
   * The shape at a place of the line on which all shapes lie, each as long as its share: who is
   * added moves the borders a little, and the names between them stay what they are. A remainder
   * would shake them all, and only those that are real would stay.
   *
   * @param place anywhere in the whole range
   * @param counts how many have each
   */
  static DigestOffer of(int place, Map<DigestOffer, Integer> counts) {
    long total = counts.values().stream().mapToLong(Integer::longValue).sum();
    long at = ((place & 0xffff_ffffL) * total) >>> Integer.SIZE;
    for (Map.Entry<DigestOffer, Integer> each : counts.entrySet()) {
      at -= each.getValue();
      if (at < 0) {
        return each.getKey();
      }
    }
    return DigestOffer.BOTH;
  }

  private void count(long nowNanos) {
    countedAtNanos = nowNanos;
    shapes.clear();
    for (EndpointState endpoint : directory.endpoints()) {
      EndpointState.Credentials credentials = endpoint.credentials();
      if (credentials != null) {
        shapes.merge(shape(credentials), 1, Integer::sum);
      }
    }
  }

  private static DigestOffer shape(EndpointState.Credentials credentials) {
    boolean md5 = credentials.algorithms().contains("MD5");
    boolean sha = credentials.algorithms().contains("SHA-256");
    return md5 && sha ? DigestOffer.BOTH : sha ? DigestOffer.SHA_256 : DigestOffer.MD5;
  }
}

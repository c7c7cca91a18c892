package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.auth.DigestOffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecoysTest {
  private static Map<DigestOffer, Integer> counts(int md5, int sha, int both) {
    Map<DigestOffer, Integer> counts = new EnumMap<>(DigestOffer.class);
    counts.put(DigestOffer.MD5, md5);
    counts.put(DigestOffer.SHA_256, sha);
    counts.put(DigestOffer.BOTH, both);
    return counts;
  }

  /** What changes when a phone is added would be told from what is real. */
  @Test
  void names_that_nobody_has_stay_as_they_are_challenged_when_an_endpoint_is_added() {
    Random names = new Random(8);
    int changed = 0;
    int asMd5 = 0;
    for (int i = 0; i < 10_000; i++) {
      int place = names.nextInt();
      DigestOffer before = Decoys.of(place, counts(50, 30, 20));
      changed += before == Decoys.of(place, counts(50, 31, 20)) ? 0 : 1;
      asMd5 += before == DigestOffer.MD5 ? 1 : 0;
    }
    assertThat(changed).as("seed 8").isLessThan(150);
    assertThat(asMd5).as("as often as ours are, seed 8").isBetween(4_800, 5_200);
  }

  @Test
  void every_place_has_a_shape_and_without_endpoints_it_is_both() {
    for (int place : new int[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThat(Decoys.of(place, Map.of())).isEqualTo(DigestOffer.BOTH);
      assertThat(Decoys.of(place, counts(0, 1, 0))).isEqualTo(DigestOffer.SHA_256);
    }
    assertThat(Decoys.of(-1, counts(1, 1, 1))).isNotEqualTo(Decoys.of(0, counts(1, 1, 1)));
  }
}

package io.tandem.node.routing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The states, the district and the territories of the United States by name and by two-letter code.
 */
final class UsStates {

  private static final String TABLE =
      """
      Alabama=AL;Alaska=AK;Arizona=AZ;Arkansas=AR;California=CA;Colorado=CO;Connecticut=CT;Delaware=DE;\
      Florida=FL;Georgia=GA;Hawaii=HI;Idaho=ID;Illinois=IL;Indiana=IN;Iowa=IA;Kansas=KS;Kentucky=KY;\
      Louisiana=LA;Maine=ME;Maryland=MD;Massachusetts=MA;Michigan=MI;Minnesota=MN;Mississippi=MS;\
      Missouri=MO;Montana=MT;Nebraska=NE;Nevada=NV;New Hampshire=NH;New Jersey=NJ;New Mexico=NM;\
      New York=NY;North Carolina=NC;North Dakota=ND;Ohio=OH;Oklahoma=OK;Oregon=OR;Pennsylvania=PA;\
      Rhode Island=RI;South Carolina=SC;South Dakota=SD;Tennessee=TN;Texas=TX;Utah=UT;Vermont=VT;\
      Virginia=VA;Washington State=WA;Washington D.C.=DC;West Virginia=WV;Wisconsin=WI;Wyoming=WY;\
      Philadelphia=PA;\
      Puerto Rico=PR;U.S. Virgin Islands=VI;Guam=GU;American Samoa=AS;Northern Mariana Islands=MP""";

  /**
   * Names as the number plan's geography spells them; Philadelphia is the one city it gives without
   * its state.
   */
  private static final Map<String, String> CODE_BY_NAME = read();

  private static final Set<String> CODES = new HashSet<>(CODE_BY_NAME.values());

  /** By code, a bit of its own. */
  private static final Map<String, Long> BITS = bits();

  private UsStates() {}

  /** The bit of a code in its usual spelling; 0 for anything else. */
  static long bit(String code) {
    return BITS.getOrDefault(code, 0L);
  }

  private static Map<String, Long> bits() {
    Map<String, Long> bits = new HashMap<>();
    for (String code : CODES) {
      bits.put(code, 1L << bits.size());
    }
    if (bits.size() > Long.SIZE) {
      throw new IllegalStateException(
          bits.size() + " states do not fit into " + Long.SIZE + " bits");
    }
    return bits;
  }

  /** The code in its usual spelling, when there is such a state. */
  static Optional<String> code(String text) {
    String code = text.strip().toUpperCase(Locale.ROOT);
    return CODES.contains(code) ? Optional.of(code) : Optional.empty();
  }

  /** The state of a place such as {@code San Francisco, CA} or {@code New Jersey}. */
  static Optional<String> ofPlace(String place) {
    int comma = place.lastIndexOf(',');
    return comma >= 0
        ? code(place.substring(comma + 1))
        : Optional.ofNullable(CODE_BY_NAME.get(place));
  }

  private static Map<String, String> read() {
    Map<String, String> codes = new TreeMap<>();
    for (String line : TABLE.split(";", -1)) {
      int equals = line.indexOf('=');
      codes.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    return Map.copyOf(codes);
  }
}

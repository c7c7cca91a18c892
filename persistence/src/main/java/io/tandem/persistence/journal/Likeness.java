package io.tandem.persistence.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Iterator;

/**
 * Whether two records say the same, as far as the keys that are left can tell: a personal value is
 * the same as another of its class and subject where either was erased, and otherwise where the
 * values are the same too.
 */
public final class Likeness {

  /** Begins a personal value in the trees that are compared. */
  static final String PERSONAL = "‹personal›";

  private static final int ERASED_LENGTH = 2;
  private static final ObjectMapper TREES = WireMapper.compared();

  private Likeness() {}

  /** Compares them; nothing of them is kept or shown. */
  public static boolean between(Record one, Record other) {
    return one.equals(other)
        || (one.getClass() == other.getClass()
            && same(TREES.valueToTree(one), TREES.valueToTree(other)));
  }

  private static boolean same(JsonNode one, JsonNode other) {
    if (one.isArray() && other.isArray()) {
      return (isPersonal(one) && isPersonal(other))
          ? samePerson(one, other)
          : one.size() == other.size() && sameEach(one, other);
    }
    if (one.isObject() && other.isObject()) {
      return one.size() == other.size()
          && one.properties().stream()
              .allMatch(
                  each -> {
                    JsonNode there = other.get(each.getKey());
                    return there != null && same(each.getValue(), there);
                  });
    }
    return one.equals(other);
  }

  private static boolean isPersonal(JsonNode node) {
    return node.size() >= ERASED_LENGTH && node.get(0).asText().equals(PERSONAL);
  }

  private static boolean samePerson(JsonNode one, JsonNode other) {
    return one.get(1).equals(other.get(1))
        && (one.size() == ERASED_LENGTH || other.size() == ERASED_LENGTH || one.equals(other));
  }

  private static boolean sameEach(JsonNode one, JsonNode other) {
    Iterator<JsonNode> there = other.iterator();
    for (JsonNode each : one) {
      if (!same(each, there.next())) {
        return false;
      }
    }
    return true;
  }
}

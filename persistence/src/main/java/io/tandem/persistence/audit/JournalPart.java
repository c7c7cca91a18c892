package io.tandem.persistence.audit;

import java.util.List;

/**
 * A part of the journal that can be read apart from the others: a condition, and the order in which
 * its rows come. No entity's rows are in two parts of one cut where they come in order.
 *
 * @param condition SQL, to be joined to others by {@code and}
 * @param parameters of the condition, all of them texts
 * @param order SQL, empty for none
 * @param prefix a row whose entity does not begin so is none of it
 */
record JournalPart(String condition, List<String> parameters, String order, String prefix) {

  JournalPart {
    parameters = List.copyOf(parameters);
  }
}

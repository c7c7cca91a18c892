package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Fields;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forms in JSON that several nouns share. */
final class Forms {
  private static final int SPANS_MAX = 50;

  private Forms() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The amount is a text: no reader turns it into a float (WAL-1). */
  static ObjectNode money(Money money) {
    String text = money.toString();
    return object()
        .put("amount", text.substring(0, text.indexOf(' ')))
        .put("currency", money.currency());
  }

  /** The same, or JSON's null. */
  static void money(ObjectNode into, String name, @Nullable Money money) {
    if (money == null) {
      into.putNull(name);
    } else {
      into.set(name, money(money));
    }
  }

  static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /** The clear value; null once it was erased. */
  static @Nullable String text(Personal<String> personal) {
    return personal.value().orElse(null);
  }

  static ArrayNode texts(Iterable<String> texts) {
    ArrayNode array = array();
    texts.forEach(array::add);
    return array;
  }

  static ObjectNode schedule(WeeklySchedule schedule) {
    ObjectNode json = object().put("zone", schedule.zone().getId());
    ArrayNode open = json.putArray("open");
    for (WeeklySchedule.Span span : schedule.open()) {
      open.add(
          object()
              .put("day", span.day().name())
              .put("from", span.from().toString())
              .put("to", span.to().toString()));
    }
    return json;
  }

  static WeeklySchedule schedule(Fields fields) {
    ZoneId zone = fields.parsed("zone", "an IANA time zone such as America/New_York", ZoneId::of);
    List<WeeklySchedule.Span> open =
        fields.objects("open", SPANS_MAX).stream()
            .map(
                span ->
                    new WeeklySchedule.Span(
                        span.parsed(
                            "day",
                            "one of " + Arrays.toString(DayOfWeek.values()),
                            DayOfWeek::valueOf),
                        span.parsed("from", "a time such as 09:00", LocalTime::parse),
                        span.parsed("to", "a time such as 17:30", LocalTime::parse)))
            .toList();
    return new WeeklySchedule(zone, open);
  }
}

package io.tandem.node.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.money.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, read one by one; each that is not as it should be is refused by its
 * path. A member nobody asked for is refused in {@link #finish}.
 */
public final class Fields {
  private static final Pattern AMOUNT = Pattern.compile("\\d{1,12}(\\.\\d{1,6})?");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final int FOUND_CHARS_MAX = 60;

  private final ObjectNode node;
  private final String prefix;
  private final Set<String> asked = new HashSet<>();
  private final List<Fields> inner = new ArrayList<>();

  private Fields(ObjectNode node, String prefix) {
    this.node = node;
    this.prefix = prefix;
  }

  /** The members of a body. */
  static Fields of(ObjectNode body) {
    return new Fields(body, "");
  }

  /** No members at all. */
  static Fields none() {
    return of(JsonNodeFactory.instance.objectNode());
  }

  /** A text of so many characters, not blank. */
  public String text(String name, int charsMax) {
    return optionalText(name, charsMax).orElseThrow(() -> missing(name, textOf(charsMax)));
  }

  /** The same, or nothing. */
  public Optional<String> optionalText(String name, int charsMax) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()
        || value.textValue().isBlank()
        || value.textValue().length() > charsMax) {
      throw refused(name, value, textOf(charsMax));
    }
    return Optional.of(value.textValue());
  }

  /** A text that is never shown again, such as a password; or nothing. */
  public Optional<String> optionalSecret(String name, int charsMin, int charsMax) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    String allowed = "a text of " + charsMin + " to " + charsMax + " characters";
    if (!value.isTextual()
        || value.textValue().length() < charsMin
        || value.textValue().length() > charsMax
        || value.textValue().chars().anyMatch(Character::isISOControl)) {
      throw new Refusal(Problem.field(prefix + name, "something else (not shown)", allowed));
    }
    return Optional.of(value.textValue());
  }

  /** A text that stands for something; whatever the function cannot read is refused. */
  public <T> T parsed(String name, String allowed, Function<String, T> parse) {
    return optionalParsed(name, allowed, parse).orElseThrow(() -> missing(name, allowed));
  }

  /** The same, or nothing. */
  public <T> Optional<T> optionalParsed(String name, String allowed, Function<String, T> parse) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw refused(name, value, allowed);
    }
    try {
      return Optional.of(parse.apply(value.textValue()));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw refused(name, value, allowed);
    }
  }

  /** One of the words of an enum. */
  public <E extends Enum<E>> E choice(String name, Class<E> type) {
    String allowed = "one of " + Arrays.toString(type.getEnumConstants());
    return parsed(name, allowed, text -> Enum.valueOf(type, text));
  }

  /** A whole number in a range. */
  public long number(String name, long least, long most) {
    return optionalNumber(name, least, most).orElseThrow(() -> missing(name, range(least, most)));
  }

  /** The same, or nothing. */
  public Optional<Long> optionalNumber(String name, long least, long most) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw refused(name, value, range(least, most));
    }
    return Optional.of(value.longValue());
  }

  /**
   * An amount: {@code {"amount": "25.00", "currency": "USD"}}; the amount is a text, never a float.
   */
  public Money money(String name) {
    return optionalMoney(name)
        .orElseThrow(() -> missing(name, "an object with amount and currency"));
  }

  /** The same, or nothing. */
  public Optional<Money> optionalMoney(String name) {
    if (value(name) == null) {
      return Optional.empty();
    }
    Fields money = object(name);
    String amount =
        money.parsed(
            "amount",
            "digits with at most six decimals as a text, such as \"25.00\"",
            text -> matching(AMOUNT, text));
    String currency =
        money.parsed("currency", "an ISO 4217 code such as USD", text -> matching(CURRENCY, text));
    return Optional.of(
        new Money(new BigDecimal(amount).movePointRight(6).longValueExact(), currency));
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /** An object inside. */
  public Fields object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name, "an object");
    }
    return within(name, value, name);
  }

  /** Objects inside, in their order. */
  public List<Fields> objects(String name, int most) {
    List<Fields> objects = new ArrayList<>();
    Iterator<JsonNode> elements = array(name, most, "objects").elements();
    for (int i = 0; elements.hasNext(); i++) {
      objects.add(within(name + "[" + i + "]", elements.next(), name + "[" + i + "]"));
    }
    return objects;
  }

  /** Texts inside, in their order. */
  public List<String> texts(String name, int most) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(name, most, "texts")) {
      if (!element.isTextual()) {
        throw refused(name, element, "a list of at most " + most + " texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** Whether there is a member of this name. */
  public boolean has(String name) {
    return value(name) != null;
  }

  /** Refuses members that nobody asked for. */
  void finish() {
    Iterator<String> names = node.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!asked.contains(name)) {
        String allowed =
            asked.isEmpty()
                ? "no members"
                : "members " + String.join(", ", asked.stream().sorted().toList());
        throw Refusal.field(prefix + shortened(name), "a member nobody knows", allowed);
      }
    }
    inner.forEach(Fields::finish);
  }

  private JsonNode array(String name, int most, String what) {
    String allowed = "a list of at most " + most + " " + what;
    JsonNode value = value(name);
    if (value == null) {
      throw missing(name, allowed);
    }
    if (!value.isArray() || value.size() > most) {
      throw refused(name, value, allowed);
    }
    return value;
  }

  private Fields within(String name, JsonNode value, String path) {
    if (!(value instanceof ObjectNode object)) {
      throw refused(name, value, "an object");
    }
    Fields fields = new Fields(object, prefix + path + ".");
    inner.add(fields);
    return fields;
  }

  /** What is there; null where nothing is, or JSON's null. */
  private @Nullable JsonNode value(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private Refusal missing(String name, String allowed) {
    return Refusal.field(prefix + name, "nothing", allowed);
  }

  private Refusal refused(String name, JsonNode value, String allowed) {
    return Refusal.field(prefix + name, shortened(value.toString()), allowed);
  }

  private static String shortened(String text) {
    return text.length() <= FOUND_CHARS_MAX ? text : text.substring(0, FOUND_CHARS_MAX) + "…";
  }

  private static String textOf(int charsMax) {
    return "a text of 1 to " + charsMax + " characters";
  }

  private static String range(long least, long most) {
    return "a whole number from " + least + " to " + most;
  }
}

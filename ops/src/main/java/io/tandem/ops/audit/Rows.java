package io.tandem.ops.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An answer of many rows, written as they come: lines for people, one JSON object a line, or CSV
 * (RFC 4180) with a heading.
 */
final class Rows {
  /** How an answer is written. */
  enum Format {
    TEXT,
    JSON,
    CSV
  }

  /**
   * A column.
   *
   * @param width characters it takes in text; negative: its values stand at the left
   */
  record Column(String name, int width) {}

  /** A value that is JSON already: in JSON it stands as it is, elsewhere as text. */
  record Json(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;
  private final Format format;
  private final List<Column> columns;
  private boolean begun;

  Rows(PrintWriter out, Format format, Column... columns) {
    this.out = out;
    this.format = format;
    this.columns = List.of(columns);
  }

  /** The next row: a value a column; null where there is none. */
  void row(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(values.length + " values for " + columns);
    }
    heading();
    switch (format) {
      case TEXT -> text(values);
      case CSV ->
          out.println(
              IntStream.range(0, values.length)
                  .mapToObj(i -> quoted(values[i]))
                  .collect(Collectors.joining(",")));
      case JSON -> {
        ObjectNode object = JSON.createObjectNode();
        for (int i = 0; i < values.length; i++) {
          object.set(columns.get(i).name(), tree(values[i]));
        }
        out.println(object);
      }
    }
  }

  private static JsonNode tree(@Nullable Object value) {
    try {
      return value instanceof Json json ? JSON.readTree(json.text()) : JSON.valueToTree(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON", e);
    }
  }

  /** The heading, also where no row follows. */
  void heading() {
    if (begun) {
      return;
    }
    begun = true;
    Object[] names = columns.stream().map(Column::name).toArray();
    switch (format) {
      case TEXT -> text(names);
      case CSV -> out.println(columns.stream().map(Column::name).collect(Collectors.joining(",")));
      case JSON -> {
        // every object names its own
      }
    }
  }

  private void text(@Nullable Object... values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      String value = values[i] == null ? "" : String.valueOf(values[i]);
      line.append(String.format(Locale.ROOT, "%" + columns.get(i).width() + "s  ", value));
    }
    out.println(line.toString().stripTrailing());
  }

  private static String quoted(@Nullable Object value) {
    String text = value == null ? "" : String.valueOf(value);
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}

package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.audit.Rows.Column;
import io.tandem.ops.audit.Rows.Format;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Answers of many rows in each form. */
class RowsTest {
  private static String[] written(Format format, Object... values) {
    StringWriter out = new StringWriter();
    Rows rows =
        new Rows(new PrintWriter(out, true), format, new Column("name", -8), new Column("sum", 6));
    rows.row(values);
    return out.toString().split("\n");
  }

  @Test
  void csv_has_a_heading_and_quotes_what_needs_it() {
    assertThat(written(Format.CSV, "plain", 12)).containsExactly("name,sum", "plain,12");
    assertThat(written(Format.CSV, "a \"b\", c", null))
        .containsExactly("name,sum", "\"a \"\"b\"\", c\",");
  }

  @Test
  void json_is_an_object_a_line_and_keeps_what_is_json_already() {
    assertThat(written(Format.JSON, new Rows.Json("{\"a\":[1]}"), 12L))
        .containsExactly("{\"name\":{\"a\":[1]},\"sum\":12}");
    assertThat(written(Format.JSON, "\"", null))
        .containsExactly("{\"name\":\"\\\"\",\"sum\":null}");
  }

  @Test
  void text_stands_in_columns() {
    assertThat(written(Format.TEXT, "plain", 12))
        .containsExactly("name         sum", "plain         12");
  }
}

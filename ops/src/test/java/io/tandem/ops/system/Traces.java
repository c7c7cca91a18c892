package io.tandem.ops.system;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Sql;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Texts that are looked for wherever bytes lie, in UTF-8 and UTF-16. */
final class Traces {
  private final List<String> texts;

  Traces(List<String> texts) {
    this.texts = texts;
  }

  /** What is found in any column of any table of an H2 database; empty for nothing. */
  Set<String> inTablesOf(Database database) {
    List<String> tables =
        database.run(
            c ->
                Sql.list(
                    c,
                    "select table_name from information_schema.tables where table_schema ="
                        + " 'PUBLIC'",
                    row -> row.getString(1)));
    Set<String> found = new TreeSet<>();
    if (tables.isEmpty()) {
      found.add("no tables were looked at");
    }
    for (String table : tables) {
      for (byte[] value : values(database, table)) {
        in(value).forEach(each -> found.add(table + ": " + each));
      }
    }
    return found;
  }

  private static List<byte[]> values(Database database, String table) {
    List<byte[]> values = new ArrayList<>();
    var unused =
        database.run(
            c ->
                Sql.list(
                    c,
                    "select * from \"" + table + "\"",
                    row -> {
                      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        if (row.getObject(i) instanceof byte[] bytes) {
                          values.add(bytes);
                        } else if (row.getObject(i) != null) {
                          values.add(row.getString(i).getBytes(StandardCharsets.UTF_8));
                        }
                      }
                      return true;
                    }));
    return values;
  }

  /** What is found in any file below a directory; empty for nothing. */
  Set<String> inFilesOf(Path directory) throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path file : files(directory)) {
      in(Files.readAllBytes(file))
          .forEach(each -> found.add(directory.relativize(file) + ": " + each));
    }
    return found;
  }

  /** All files below a directory. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  /** Writes the file of an H2 database anew, without pages that are no longer used. */
  static void compact(DatabaseSettings settings) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("shutdown compact");
    }
  }

  private List<String> in(byte[] bytes) {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    List<String> found = new ArrayList<>();
    for (String text : texts) {
      for (Charset charset :
          List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
        if (latin.contains(new String(text.getBytes(charset), StandardCharsets.ISO_8859_1))) {
          found.add(text + " in " + charset);
        }
      }
    }
    return found;
  }
}

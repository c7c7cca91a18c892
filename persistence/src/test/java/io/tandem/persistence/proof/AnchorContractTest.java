package io.tandem.persistence.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every place outside the database promises. */
@ParameterizedClass
@EnumSource
class AnchorContractTest {

  enum Place {
    FILE,
    DIRECTORY,
    HTTP
  }

  @Parameter Place place;
  @TempDir Path folder;
  private SecondParty party;
  private Anchor anchor;

  @BeforeEach
  void open() throws IOException {
    party = new SecondParty();
    anchor = again();
  }

  @AfterEach
  void close() {
    party.server.stop(0);
  }

  private Anchor again() {
    return switch (place) {
      case FILE ->
          Anchors.of("file:a/anchor", Files.isDirectory(folder.resolve("a")) ? folder : made());
      case DIRECTORY -> Anchors.of("directory:objects", folder);
      case HTTP -> Anchors.of(party.url.toString(), folder);
    };
  }

  private Path made() {
    try {
      Path unused = Files.createDirectories(folder.resolve("a"));
      return folder;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Anchored checkpoint(long number) {
    return new Anchored(number, "note " + number + "\n\nsigned\n", new byte[] {1, (byte) number});
  }

  private static List<Anchored> all(Anchor anchor) {
    try (Stream<Anchored> all = anchor.all()) {
      return all.toList();
    }
  }

  @Test
  void what_was_added_is_there_in_order_also_for_who_comes_later() {
    assertThat(anchor.newest()).isZero();
    assertThat(all(anchor)).isEmpty();
    for (long number = 1; number <= 12; number++) {
      anchor.add(checkpoint(number));
    }

    Anchor later = again();

    assertThat(later.newest()).isEqualTo(12);
    assertThat(all(later))
        .extracting(Anchored::number)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(all(later).get(4).note()).isEqualTo(checkpoint(5).note());
    assertThat(all(later).get(4).segment()).containsExactly(1, 5);
  }

  @Test
  void the_same_is_taken_twice_and_another_of_the_same_number_is_refused() {
    anchor.add(checkpoint(1));
    anchor.add(checkpoint(2));
    again().add(checkpoint(2));

    assertThatExceptionOfType(AnchorException.class)
        .isThrownBy(() -> again().add(new Anchored(2, "another", null)));
    assertThat(all(again()))
        .extracting(Anchored::note)
        .containsExactly(checkpoint(1).note(), checkpoint(2).note());
  }

  @Test
  void two_who_think_that_it_is_their_turn_do_no_harm() {
    Anchor other = again();
    assertThat(other.newest()).isZero();
    anchor.add(checkpoint(1));
    other.add(checkpoint(1));
    other.add(checkpoint(2));
    assertThat(anchor.newest()).isEqualTo(2);
    anchor.add(checkpoint(3));

    assertThat(all(again())).extracting(Anchored::number).containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_line_that_a_crash_cut_short_is_added_again() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(place == Place.FILE, "only files are cut short");
    anchor.add(checkpoint(1));
    String torn = checkpoint(2).line().substring(0, 20);
    Path unused = Files.writeString(Path.of(anchor.name()), torn, StandardOpenOption.APPEND);

    Anchor later = again();
    assertThat(later.newest()).isEqualTo(1);
    later.add(checkpoint(2));
    later.add(checkpoint(3));

    assertThat(all(again())).extracting(Anchored::number).containsExactly(1L, 2L, 3L);
    assertThat(Files.readString(Path.of(anchor.name()))).contains(torn + "\n");
  }

  @Test
  void a_place_that_cannot_be_reached_says_so() {
    party.server.stop(0);
    Anchor nowhere =
        place == Place.HTTP ? anchor : Anchors.of("file:none/at/all", folder.resolve("nowhere"));
    assertThatExceptionOfType(AnchorException.class).isThrownBy(() -> nowhere.add(checkpoint(1)));
  }

  @Test
  void other_words_are_refused_with_what_is_allowed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Anchors.of("ftp://example", folder))
        .withMessageContaining("directory:PATH");
  }

  /** An endpoint as a second party may run it: a few lines. */
  private static final class SecondParty {
    final HttpServer server;
    final URI url;
    private final TreeMap<Long, String> lines = new TreeMap<>();

    SecondParty() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/log", this::answer);
      server.start();
      url =
          URI.create(
              "http://"
                  + server.getAddress().getAddress().getHostAddress()
                  + ":"
                  + server.getAddress().getPort()
                  + "/log");
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
      String body =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = 200;
      String text = "";
      if (exchange.getRequestMethod().equals("POST")) {
        String there = lines.putIfAbsent(Anchored.of(body).number(), body);
        status = there == null ? 201 : there.equals(body) ? 200 : 409;
      } else if (lines.isEmpty()) {
        status = 404;
      } else {
        text =
            exchange.getRequestURI().getPath().endsWith("/newest")
                ? lines.lastEntry().getValue()
                : lines.values().stream().collect(Collectors.joining("\n"));
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
      exchange.close();
    }
  }
}

package io.tandem.ops.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.Main;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.journal.Envelope;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A finished call as a drawing: read back as XML, looked at by its shapes. */
class LadderSvgTest {
  @TempDir static Path directory;
  private static List<Envelope> events;

  @BeforeAll
  static void make() {
    events = MadeUpJournal.in(directory, 20, 2);
  }

  private static String callWith(String event) {
    return events.stream()
        .filter(e -> e.header().event().name().equals(event))
        .map(e -> e.header().cause())
        .map(cause -> cause.replaceFirst("/.*", ""))
        .findFirst()
        .orElseThrow();
  }

  private static Document drawn(String callId) throws Exception {
    Path file = directory.resolve("call.svg");
    StringWriter said = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(said, true),
            new PrintWriter(said, true),
            "audit",
            "ladder",
            callId,
            "--trace",
            "--svg",
            file.toString(),
            "--directory",
            directory.toString());
    assertThat(code).as(said.toString()).isZero();
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(Files.newInputStream(file));
  }

  private static Element timer(Document svg) {
    var rects = svg.getElementsByTagName("rect");
    return (Element) rects.item(rects.getLength() - 1);
  }

  @Test
  @Tag("rule:AUD-6")
  void a_charged_call_shows_its_timer_reached_and_its_money_held_and_charged() throws Exception {
    Document svg = drawn(callWith("wallet.captured"));
    assertThat(timer(svg).getAttribute("class")).isEqualTo("timer");
    assertThat(timer(svg).getTextContent()).isEqualTo("qualifying timer, 90 s: reached, billable");
    assertThat(Integer.parseInt(timer(svg).getAttribute("height"))).isPositive();
    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(2);
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("INVITE", "200 OK", "BYE", "agent-x: IN_COOLDOWN")
        .contains("25.00 USD held", "25.00 USD charged")
        .doesNotContain("12125550123");
  }

  @Test
  @Tag("rule:AUD-6")
  void a_short_call_shows_its_timer_not_reached_and_its_money_released() throws Exception {
    Document svg = drawn(callWith("wallet.released"));
    assertThat(timer(svg).getTextContent()).isEqualTo("qualifying timer, 90 s: not reached");
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("25.00 USD held", "25.00 USD released")
        .doesNotContain("charged");
  }
}

package io.tandem.ops.ladder;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Note;
import io.tandem.ops.ladder.Entry.Party;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Draws a call as SVG: the rungs from top to bottom in the order of their time, the qualifying
 * timer as a bar beside the platform's rail, and the money that moved on a line of its own at the
 * right. Distances are not to scale; every row says its second.
 */
public final class LadderSvg {
  private static final int ROW = 26;
  private static final int TOP = 70;
  private static final int TIME_X = 84;
  private static final int[] RAILS = {140, 380, 620};
  private static final int TIMER_X = 388;
  private static final int MONEY_X = 960;
  private static final int WIDTH = 1240;
  private static final String BILLABLE = "#2e7d32";
  private static final String FREE = "#9e9e9e";

  private final List<Entry> rows;
  private final List<Step> steps;
  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter svg;

  private LadderSvg(CallStory story, List<? extends Entry> entries) throws XMLStreamException {
    this.steps = story.steps();
    this.rows = new ArrayList<>(entries);
    this.rows.sort(Comparator.comparing(Entry::at));
    this.svg = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
  }

  /**
   * The drawing, as one XML document.
   *
   * @param entries what the rows show; the timer and the money are taken from the story
   */
  public static String of(CallStory story, List<? extends Entry> entries) {
    try {
      LadderSvg drawing = new LadderSvg(story, entries);
      drawing.draw(story.callId());
      return drawing.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory", e);
    }
  }

  private void draw(String callId) throws XMLStreamException {
    int height = TOP + (rows.size() + 1) * ROW;
    svg.writeStartDocument("UTF-8", "1.0");
    svg.writeStartElement("svg");
    svg.writeDefaultNamespace("http://www.w3.org/2000/svg");
    attributes("viewBox", "0 0 " + WIDTH + " " + height, "width", WIDTH, "height", height);
    attributes("font-family", "sans-serif", "font-size", 12);
    element("title", "Call " + callId);
    svg.writeEmptyElement("rect");
    attributes("width", WIDTH, "height", height, "fill", "white");
    text(20, 24, "start", "font-weight", "Call " + callId);
    for (Party party : Party.values()) {
      text(RAILS[party.ordinal()], TOP - 14, "middle", "font-weight", party.heading());
      line(RAILS[party.ordinal()], TOP - 8, RAILS[party.ordinal()], height - ROW / 2, "#607d8b", 1);
    }
    text(MONEY_X + 12, TOP - 14, "start", "font-weight", "wallet");
    timer();
    for (int row = 0; row < rows.size(); row++) {
      row(row);
    }
    money(height);
    svg.writeEndElement();
    svg.writeEndDocument();
    svg.flush();
  }

  private void row(int row) throws XMLStreamException {
    Entry entry = rows.get(row);
    int y = y(row);
    Duration since = Duration.between(rows.getFirst().at(), entry.at());
    String seconds =
        String.format(Locale.ROOT, "+%d.%03d s", since.toSeconds(), since.toMillisPart());
    text(TIME_X, y + 4, "end", "fill", seconds);
    switch (entry) {
      case Message m -> arrow(m, y);
      case Note n -> text(RAILS[1] + 30, y + 4, "start", "fill", n.words());
    }
  }

  private void arrow(Message message, int y) throws XMLStreamException {
    int from = RAILS[message.from().ordinal()];
    int to = RAILS[message.to().ordinal()];
    int back = from < to ? -8 : 8;
    line(from, y, to, y, "#1565c0", 1);
    svg.writeEmptyElement("path");
    attributes("d", "M" + to + " " + y + " l" + back + " -4 v8 z", "fill", "#1565c0");
    text((from + to) / 2, y - 4, "middle", "fill", message.words());
  }

  /** QT-2, QT-3: from the bridge to the crossing, or to the end where it was not reached. */
  private void timer() throws XMLStreamException {
    Optional<CallEvent.Connected> bridged = first(CallEvent.Connected.class);
    if (bridged.isEmpty()) {
      return;
    }
    Optional<CallEvent.Qualified> crossed = first(CallEvent.Qualified.class);
    Instant end =
        crossed
            .map(CallEvent.Qualified::at)
            .or(() -> first(CallEvent.Ended.class).map(CallEvent.Ended::at))
            .orElse(rows.getLast().at());
    long seconds = Duration.between(bridged.get().at(), bridged.get().qualifiesAt()).toSeconds();
    int top = y(rowAt(bridged.get().at()));
    int bottom = Math.max(top + ROW / 2, y(rowAt(end)));
    svg.writeStartElement("rect");
    attributes("class", "timer", "x", TIMER_X, "y", top, "width", 8, "height", bottom - top);
    attributes("fill", crossed.isPresent() ? BILLABLE : FREE);
    element(
        "title",
        "qualifying timer, "
            + seconds
            + " s: "
            + (crossed.isPresent() ? "reached, billable" : "not reached"));
    svg.writeEndElement();
  }

  /** Each movement where it was booked, with what is available then. */
  private void money(int height) throws XMLStreamException {
    line(MONEY_X, TOP - 8, MONEY_X, height - ROW / 2, "#b0bec5", 1);
    for (Step step : steps) {
      if (step.event() instanceof WalletEvent moved) {
        int y = y(rowAt(step.envelope().header().at()));
        String colour = moved instanceof WalletEvent.Captured ? "#c62828" : "#f9a825";
        svg.writeEmptyElement("circle");
        attributes("class", "money", "cx", MONEY_X, "cy", y, "r", 5, "fill", colour);
        text(MONEY_X + 12, y + 4, "start", "fill", words(moved));
      }
    }
  }

  private static String words(WalletEvent moved) {
    return switch (moved) {
      case WalletEvent.Held e -> e.amount() + " held, " + left(e, e.amount());
      case WalletEvent.Captured e -> e.amount() + " charged, " + left(e, e.amount());
      case WalletEvent.Released e -> e.amount() + " released, " + left(e, e.amount());
      case WalletEvent.Deposited e -> e.amount() + " in, " + left(e, e.amount());
      case WalletEvent.Credited e -> e.amount() + " given back, " + left(e, e.amount());
      case WalletEvent.HoldKept e -> "hold kept";
    };
  }

  private static String left(WalletEvent moved, Money like) {
    return new Money(moved.after().availableMicros(), like.currency()) + " left";
  }

  private <E extends CallEvent> Optional<E> first(Class<E> type) {
    return steps.stream().map(Step::event).filter(type::isInstance).map(type::cast).findFirst();
  }

  /** The last row that is not after an instant. */
  private int rowAt(Instant at) {
    int row = 0;
    while (row + 1 < rows.size() && !rows.get(row + 1).at().isAfter(at)) {
      row++;
    }
    return row;
  }

  private static int y(int row) {
    return TOP + ROW / 2 + row * ROW;
  }

  private void line(int x1, int y1, int x2, int y2, String colour, int width)
      throws XMLStreamException {
    svg.writeEmptyElement("line");
    attributes("x1", x1, "y1", y1, "x2", x2, "y2", y2, "stroke", colour, "stroke-width", width);
  }

  private void text(int x, int y, String anchor, String kind, String words)
      throws XMLStreamException {
    svg.writeStartElement("text");
    attributes("x", x, "y", y, "text-anchor", anchor);
    attributes(kind, kind.equals("font-weight") ? "bold" : "#212121");
    svg.writeCharacters(words);
    svg.writeEndElement();
  }

  private void element(String name, String words) throws XMLStreamException {
    svg.writeStartElement(name);
    svg.writeCharacters(words);
    svg.writeEndElement();
  }

  private void attributes(Object... namesAndValues) throws XMLStreamException {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      svg.writeAttribute(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
    }
  }
}

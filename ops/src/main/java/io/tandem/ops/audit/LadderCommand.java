package io.tandem.ops.audit;

import io.tandem.ops.audit.Rows.Column;
import io.tandem.ops.ladder.CallStory;
import io.tandem.ops.ladder.Entry;
import io.tandem.ops.ladder.Ladder;
import io.tandem.ops.ladder.LadderSvg;
import io.tandem.ops.ladder.OnTheWire;
import io.tandem.ops.run.Excuse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tandem audit ladder}: a call drawn from its events (AUD-6). */
@Command(
    name = "ladder",
    description = {
      "Draws a call from its events: who rang, the timer, the agent, the money. Messages that no",
      "event vouches for are not drawn. Reads the whole history of the call's wallet and agents."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  tandem audit ladder call_01ABC                  # text, one line an event",
      "  tandem audit ladder call_01ABC --trace          # with why each agent was rung or not",
      "  tandem audit ladder call_01ABC --svg call.svg   # a drawing, timer and money on the time"
          + " line",
      "",
      "Exit codes: 0 drawn, 1 there is no such call, 2 the journal or the file cannot be opened."
    })
public final class LadderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "CALL", description = "The id of the call.")
  private String callId = "";

  @Option(names = "--svg", paramLabel = "FILE", description = "Draws it into this file instead.")
  private @Nullable Path svg;

  @Option(names = "--trace", description = "With the routing trace: a line a candidate.")
  private boolean trace;

  @Option(
      names = "--wire",
      description =
          "With the SIP messages that the edges saw, masked, while they are kept; otherwise with"
              + " those that events vouch for.")
  private boolean wire;

  @Mixin private JournalOptions options = new JournalOptions();

  @Override
  public Integer call() {
    return options.with(
        err(),
        journal -> {
          CallStory story = CallStory.read(journal.audit(), callId);
          List<Entry> entries =
              new ArrayList<>(
                  wire ? OnTheWire.messages(journal.signalling().of(callId)) : story.messages());
          entries.addAll(story.notes());
          if (trace) {
            entries.addAll(story.trace());
          }
          if (entries.isEmpty()) {
            err().println("tandem: the journal has no event of call/" + callId);
            return 1;
          }
          if (svg == null) {
            print(entries);
            return 0;
          }
          return write(svg, LadderSvg.of(story, entries));
        });
  }

  private int write(Path file, String drawing) {
    try {
      Files.writeString(file, drawing);
      return 0;
    } catch (IOException e) {
      err().println("tandem: --svg: " + file + " cannot be written: " + e.getMessage());
      return Excuse.CANNOT_BEGIN;
    }
  }

  private void print(List<Entry> entries) {
    if (options.format() == Rows.Format.TEXT) {
      Ladder.lines(entries).forEach(out()::println);
      return;
    }
    Rows rows =
        new Rows(
            out(),
            options.format(),
            new Column("at", -30),
            new Column("from", -12),
            new Column("to", -12),
            new Column("what", -40));
    entries.stream()
        .sorted(Comparator.comparing(Entry::at))
        .forEach(
            entry -> {
              boolean message = entry instanceof Entry.Message;
              rows.row(
                  entry.at().toString(),
                  message ? ((Entry.Message) entry).from().heading() : null,
                  message ? ((Entry.Message) entry).to().heading() : null,
                  entry.words());
            });
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}

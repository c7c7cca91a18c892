package io.tandem.ops;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * A bar that fills while somebody waits: drawn over itself at a terminal, a line now and then
 * elsewhere.
 */
public final class Progress {
  private static final int WIDTH_CHARS = 30;
  private static final int STEPS_ELSEWHERE = 3;

  private final PrintWriter out;
  private final boolean terminal;
  private final String what;
  private int shown = -1;

  /** A bar on that writer; {@code what} stands before it. */
  public Progress(PrintWriter out, String what) {
    this(out, what, atTerminal());
  }

  Progress(PrintWriter out, String what, boolean terminal) {
    this.out = out;
    this.what = what;
    this.terminal = terminal;
  }

  /** Whether a person watches. */
  public static boolean atTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /**
   * How far it is.
   *
   * @param note what stands behind the bar
   */
  public void show(long done, long total, String note) {
    int filled =
        (int) (total <= 0 ? WIDTH_CHARS : Math.min(WIDTH_CHARS, done * WIDTH_CHARS / total));
    String bar = what + " [" + "#".repeat(filled) + ".".repeat(WIDTH_CHARS - filled) + "] " + note;
    if (terminal) {
      out.print("\r" + bar + "\u001b[K");
      out.flush();
    } else if (filled * STEPS_ELSEWHERE / WIDTH_CHARS != shown) {
      shown = filled * STEPS_ELSEWHERE / WIDTH_CHARS;
      out.println(bar);
      out.flush();
    }
  }

  /**
   * A counter that fills it, for several threads.
   *
   * @param what is counted, to stand behind the bar
   */
  public LongConsumer counting(long total, String what) {
    AtomicLong done = new AtomicLong();
    return more -> {
      long now = done.addAndGet(more);
      synchronized (this) {
        show(now, total, now + " " + what);
      }
    };
  }

  /** Ends the line. */
  public void done() {
    if (terminal) {
      out.println();
      out.flush();
    }
  }
}

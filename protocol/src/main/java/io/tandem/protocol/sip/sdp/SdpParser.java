package io.tandem.protocol.sip.sdp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a description: strict where a mistake would send media astray (v, o, s, c and m lines, and
 * that every live stream has an address), lenient where phones differ (line ends, a missing t=,
 * order below the first three lines).
 */
public final class SdpParser {

  private final SdpLimits limits;

  public SdpParser(SdpLimits limits) {
    this.limits = limits;
  }

  public SdpParser() {
    this(SdpLimits.DEFAULT);
  }

  /** Reads a body. Never throws. */
  public SdpOutcome parse(byte[] body) {
    return parse(new String(body, StandardCharsets.UTF_8));
  }

  /** Reads a text. Never throws. */
  public SdpOutcome parse(String text) {
    if (text.length() > limits.chars()) {
      return new SdpOutcome.Bad(0, "longer than " + limits.chars() + " characters");
    }
    try {
      return new Reading(limits).read(text);
    } catch (Flaw flaw) {
      return new SdpOutcome.Bad(flaw.line, flaw.why);
    }
  }

  /** A flaw on its way to the outcome. */
  private static final class Flaw extends Exception {
    final int line;
    final String why;

    Flaw(int line, String why) {
      super(why, null, false, false);
      this.line = line;
      this.why = why;
    }
  }

  private static final class Reading {
    private static final String OPENING = "vos";

    final SdpLimits limits;
    final List<SdpLine> session = new ArrayList<>();
    final List<MediaDescription> media = new ArrayList<>();
    @Nullable MediaLine opened;
    List<SdpLine> current = session;
    int number;

    Reading(SdpLimits limits) {
      this.limits = limits;
    }

    SdpOutcome read(String text) throws Flaw {
      int from = 0;
      while (from < text.length()) {
        int end = text.indexOf('\n', from);
        int next = end < 0 ? text.length() : end + 1;
        int to = end < 0 ? text.length() : end;
        if (to > from && text.charAt(to - 1) == '\r') {
          to--;
        }
        number++;
        if (number > limits.lines()) {
          throw new Flaw(number, "more than " + limits.lines() + " lines");
        }
        if (to > from) {
          take(text.substring(from, to));
        } else if (!text.substring(next).isBlank()) {
          throw new Flaw(number, "empty line");
        }
        from = next;
      }
      if (session.size() < OPENING.length()) {
        throw new Flaw(0, "does not begin with v=, o= and s=");
      }
      closeMedium();
      return new SdpOutcome.Good(addressed(new Sdp(session, media)));
    }

    void take(String text) throws Flaw {
      boolean shaped =
          text.length() >= 2 && text.charAt(1) == '=' && Character.isLetter(text.charAt(0));
      if (!shaped || text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
        throw new Flaw(number, "not of the form type=value");
      }
      SdpLine line = new SdpLine(text.charAt(0), text.substring(2));
      if (session.size() < OPENING.length()) {
        opening(line);
      } else {
        body(line);
      }
    }

    private void opening(SdpLine line) throws Flaw {
      char due = OPENING.charAt(session.size());
      if (line.type() != due) {
        throw new Flaw(number, due + "= expected");
      }
      if (due == 'v' && !line.value().strip().equals("0")) {
        throw new Flaw(number, "v= is not 0");
      }
      if (due == 'o' && Origin.parse(line.value()).isEmpty()) {
        throw new Flaw(number, "o= is malformed");
      }
      session.add(line);
    }

    private void body(SdpLine line) throws Flaw {
      switch (line.type()) {
        case 'v', 'o', 's' -> throw new Flaw(number, line.type() + "= a second time");
        case 'm' -> medium(line);
        case 'c' -> {
          if (Connection.parse(line.value()).isEmpty()) {
            throw new Flaw(number, "c= is malformed");
          }
          current.add(line);
        }
        default -> current.add(line);
      }
    }

    private void medium(SdpLine line) throws Flaw {
      int at = number;
      MediaLine parsed =
          MediaLine.parse(line.value()).orElseThrow(() -> new Flaw(at, "m= is malformed"));
      if (media.size() + (opened == null ? 0 : 1) == limits.media()) {
        throw new Flaw(number, "more than " + limits.media() + " media");
      }
      closeMedium();
      opened = parsed;
      current = new ArrayList<>();
    }

    /** The medium read so far is complete: the next one begins, or the body ends. */
    private void closeMedium() {
      if (opened != null) {
        media.add(new MediaDescription(opened, current));
      }
    }

    private static Sdp addressed(Sdp sdp) throws Flaw {
      for (MediaDescription medium : sdp.media()) {
        if (!medium.media().isRejected() && sdp.connection(medium).isEmpty()) {
          throw new Flaw(0, "a stream has no c= of its own or of the session");
        }
      }
      return sdp;
    }
  }
}

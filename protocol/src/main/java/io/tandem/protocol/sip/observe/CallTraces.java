package io.tandem.protocol.sip.observe;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.transport.Flow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last messages of each SIP dialog, masked, in bounded memory: so many dialogs, so many
 * messages of each. Those of calls have a place of their own: whoever scans us with a Call-ID of
 * its own each time pushes out its like and nothing else. On the loop only.
 */
public final class CallTraces {
  private static final ArrayDeque<Line> NONE = new ArrayDeque<>(0);

  private static final int PEERS_MAX = 1_000;

  private final int dialogsMax;
  private final int linesMax;
  private final Map<String, ArrayDeque<Line>> ofStrangers;
  private final Map<String, ArrayDeque<Line>> ofCalls;
  private final Map<Flow, String> peers = new HashMap<>();

  /**
   * A message.
   *
   * @param in whether we received it
   * @param leg whose: {@code caller} or {@code phone}; empty where that is not known
   * @param peer transport and masked address of the other side
   * @param what its first line, masked
   */
  public record Line(Instant at, boolean in, String leg, String peer, String what) {

    /** As it is stored: five fields with tabs between. */
    public String text() {
      return at
          + "\t"
          + (in ? "<" : ">")
          + "\t"
          + leg
          + "\t"
          + peer
          + "\t"
          + what.replace('\t', ' ');
    }

    /** Reads {@link #text}; empty when it is none. */
    public static java.util.Optional<Line> parse(String text) {
      String[] fields = text.split("\t", 5);
      if (fields.length != 5) {
        return java.util.Optional.empty();
      }
      try {
        return java.util.Optional.of(
            new Line(
                Instant.parse(fields[0]), fields[1].equals("<"), fields[2], fields[3], fields[4]));
      } catch (java.time.format.DateTimeParseException e) {
        return java.util.Optional.empty();
      }
    }
  }

  /**
   * @param dialogsMax Call-IDs that are remembered, of calls and of all else; of the latter the one
   *     that was quiet longest goes first, of calls the oldest
   * @param linesMax messages of each; the oldest goes first
   */
  public CallTraces(int dialogsMax, int linesMax) {
    this.dialogsMax = dialogsMax;
    this.linesMax = linesMax;
    this.ofStrangers = bounded();
    this.ofCalls = bounded();
  }

  private Map<String, ArrayDeque<Line>> bounded() {
    return new LinkedHashMap<>(64) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, ArrayDeque<Line>> eldest) {
        return size() > dialogsMax;
      }
    };
  }

  /** This dialog is a call's: what is known of it stays until it is forgotten. */
  public void keep(String callId) {
    if (!ofCalls.containsKey(callId)) {
      ArrayDeque<Line> before = ofStrangers.remove(callId);
      ofCalls.put(callId, before == null ? new ArrayDeque<>(8) : before);
    }
  }

  /** Notes a message. */
  public void note(SipMessage message, boolean in, Flow flow, Instant at) {
    ArrayDeque<Line> lines = ofCalls.get(message.callId());
    if (lines == null) {
      // who reads does not keep it alive
      ArrayDeque<Line> before = ofStrangers.remove(message.callId());
      lines = before == null ? new ArrayDeque<>(8) : before;
      ofStrangers.put(message.callId(), lines);
    }
    if (lines.size() == linesMax) {
      lines.remove();
    }
    lines.add(new Line(at, in, "", peer(flow), Masked.line(message)));
  }

  /** Most messages come from few peers, and go to them. */
  private String peer(Flow flow) {
    if (peers.size() > PEERS_MAX) {
      peers.clear();
    }
    return peers.computeIfAbsent(
        flow, its -> its.protocol().name() + " " + Masked.address(its.remote()));
  }

  /**
   * What is remembered of these dialogs, oldest first.
   *
   * @param legs whose leg each Call-ID is
   */
  public List<Line> of(Map<String, String> legs) {
    List<Line> all = new ArrayList<>();
    legs.forEach(
        (callId, leg) -> {
          ArrayDeque<Line> kept = ofCalls.get(callId);
          for (Line line : kept == null ? ofStrangers.getOrDefault(callId, NONE) : kept) {
            all.add(new Line(line.at(), line.in(), leg, line.peer(), line.what()));
          }
        });
    all.sort(Comparator.comparing(Line::at));
    return all;
  }

  /** Forgets a dialog. */
  public void forget(String callId) {
    ofCalls.remove(callId);
    ofStrangers.remove(callId);
  }

  /** How many dialogs are remembered. */
  public int size() {
    return ofCalls.size() + ofStrangers.size();
  }
}

package io.tandem.protocol.sip.resolve;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** The domain name system, as far as SIP asks it. */
@FunctionalInterface
public interface Dns {

  /** What is asked for. */
  enum Kind {
    NAPTR,
    SRV,
    A,
    AAAA
  }

  /**
   * A question.
   *
   * @param name without the dot at its end
   */
  record Question(Kind kind, String name) {}

  /** A record of an answer. */
  sealed interface Entry {}

  /** RFC 3403: rules of the rewriting; those that name services end at an SRV name. */
  record Naptr(int order, int preference, String flags, String service, String replacement)
      implements Entry {}

  /** RFC 2782. */
  record Srv(int priority, int weight, int port, String target) implements Entry {}

  /** An A or AAAA record. */
  record Address(InetAddress address) implements Entry {}

  /** What came of a question. */
  sealed interface Answer {}

  /**
   * There are records.
   *
   * @param ttlSeconds of the shortest-lived of them
   */
  record Found(List<Entry> entries, long ttlSeconds) implements Answer {
    public Found {
      entries = List.copyOf(entries);
    }
  }

  /** The name is not there, or has no such record (RFC 2308). */
  record Nothing(long ttlSeconds) implements Answer {}

  /** Nobody could say. */
  record Failed(String why) implements Answer {}

  /** Asks; the answer comes once, on the loop. */
  void ask(Question question, Consumer<Answer> then);
}

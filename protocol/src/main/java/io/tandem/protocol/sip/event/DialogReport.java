package io.tandem.protocol.sip.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The calls somebody has (RFC 4235 section 4), as a whole: each document is of state {@code full}.
 * Who is at the other end is not shown: lamps need to know whether, not with whom (PRV-4).
 *
 * @param version grows by one with each document of a subscription
 * @param entity whose calls, a SIP URI
 */
public record DialogReport(long version, String entity, List<Call> calls) {

  /** The body's type, and the name of the package. */
  public static final String CONTENT_TYPE = "application/dialog-info+xml";

  /** How far a call is (section 3.7.1). */
  public enum State {
    TRYING,
    PROCEEDING,
    EARLY,
    CONFIRMED,
    TERMINATED
  }

  /**
   * A call.
   *
   * @param id unique among the documents of an entity
   * @param called whether the entity was called; else it called
   */
  public record Call(String id, boolean called, State state) {}

  public DialogReport {
    calls = List.copyOf(calls);
  }

  /** The body. */
  public byte[] body() {
    StringBuilder xml = new StringBuilder(256);
    xml.append("<?xml version=\"1.0\"?>\n")
        .append("<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"")
        .append(version)
        .append("\" state=\"full\" entity=\"")
        .append(escaped(entity))
        .append("\">\n");
    for (Call call : calls) {
      xml.append("  <dialog id=\"")
          .append(escaped(call.id()))
          .append("\" direction=\"")
          .append(call.called() ? "recipient" : "initiator")
          .append("\">\n    <state>")
          .append(call.state().name().toLowerCase(Locale.ROOT))
          .append("</state>\n  </dialog>\n");
    }
    return xml.append("</dialog-info>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

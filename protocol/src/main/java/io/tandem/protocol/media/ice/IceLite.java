package io.tandem.protocol.media.ice;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lite agent (RFC 8445 2.5): it has one public address, answers the other side's checks and
 * follows its choice. Tolerates trickling (RFC 8838), because it never looks at candidates: who
 * proves knowledge of our password has a path to us. Pure: time is passed in. May be told and asked
 * from any thread; checks are rare.
 */
public final class IceLite {
  /** Consent ends so long after the last proof (RFC 7675 5.1). */
  public static final long CONSENT_NANOS = 30_000_000_000L;

  /** A peer's paths: interfaces, families, reflexive and relayed. */
  private static final int MAX_SOURCES = 16;

  /** What became of a datagram. */
  public sealed interface Reaction {
    /** To be sent back to where the datagram came from; also for a check that was refused. */
    record Answer(byte[] datagram) implements Reaction {}

    /** Nothing is to be sent. */
    record Silence() implements Reaction {}

    /** It is not STUN, or not for us; counted as garbage. */
    record Garbage() implements Reaction {}
  }

  private static final Reaction SILENCE = new Reaction.Silence();
  private static final Reaction GARBAGE = new Reaction.Garbage();

  private static final class Source {
    long provenNanos;
    long priority;
    boolean nominated;
  }

  private final IceCredentials own;
  private final StunKey ownKey;
  private final Map<InetSocketAddress, Source> sources = new LinkedHashMap<>();
  private @Nullable String remoteUfrag;
  private @Nullable InetSocketAddress selected;

  /**
   * @param own what our offer or answer says
   */
  public IceLite(IceCredentials own) {
    this.own = own;
    this.ownKey = new StunKey(own.password());
  }

  /** What our offer or answer says. */
  public IceCredentials own() {
    return own;
  }

  /**
   * The other side's answer named its user fragment: from now on checks must name it, too. Another
   * one is a restart (RFC 8445 9), and the old paths are forgotten.
   */
  public synchronized void remote(String ufrag) {
    if (remoteUfrag != null && !remoteUfrag.equals(ufrag)) {
      sources.clear();
      selected = null;
    }
    remoteUfrag = ufrag;
  }

  /** Takes a datagram whose first octet is 0 to 3 (RFC 7983). */
  public synchronized Reaction on(byte[] datagram, InetSocketAddress from, long nowNanos) {
    StunMessage message = StunMessage.read(datagram).orElse(null);
    if (message == null || !message.fingerprintHolds()) {
      return GARBAGE;
    }
    return switch (message.type()) {
      case StunMessage.BINDING_REQUEST -> check(message, from, nowNanos);
      case StunMessage.BINDING_INDICATION -> SILENCE; // a keepalive (RFC 8445 11)
      default -> GARBAGE; // we ask nothing, so nobody answers us
    };
  }

  private Reaction check(StunMessage request, InetSocketAddress from, long nowNanos) {
    String username = request.text(StunAttribute.USERNAME);
    boolean signed =
        request.has(StunAttribute.MESSAGE_INTEGRITY)
            || request.has(StunAttribute.MESSAGE_INTEGRITY_SHA256);
    if (username == null || !signed) {
      return refused(request, 400, "Bad Request"); // RFC 8489 9.1.3
    }
    if (!isForUs(username) || !request.integrityHolds(ownKey)) {
      return refused(request, 401, "Unauthenticated");
    }
    if (!request.unknownRequired().isEmpty()) {
      return new Reaction.Answer(
          sealed(
              request,
              new StunWriter(StunMessage.BINDING_ERROR, request.transactionId())
                  .error(420, "Unknown Attribute")
                  .unknown(request.unknownRequired())));
    }
    if (request.has(StunAttribute.ICE_CONTROLLED)) {
      // RFC 8445 6.1.1: beside a lite agent the full one controls; it will change its role
      return new Reaction.Answer(
          sealed(
              request,
              new StunWriter(StunMessage.BINDING_ERROR, request.transactionId())
                  .error(487, "Role Conflict")));
    }
    byte[] priority = request.value(StunAttribute.PRIORITY);
    if (priority == null || priority.length != 4) {
      return refused(request, 400, "Bad Request"); // RFC 8445 7.1.1: a check has one
    }
    proven(
        from,
        StunMessage.word(priority, 0) & 0xffff_ffffL,
        request.has(StunAttribute.USE_CANDIDATE),
        nowNanos);
    return new Reaction.Answer(
        sealed(
            request,
            new StunWriter(StunMessage.BINDING_SUCCESS, request.transactionId())
                .xorMappedAddress(from)));
  }

  /** RFC 8445 7.2.2: ours, a colon, theirs; theirs is not known before their answer came. */
  private boolean isForUs(String username) {
    int colon = username.indexOf(':');
    return colon > 0
        && username.substring(0, colon).equals(own.ufrag())
        && (remoteUfrag == null || username.substring(colon + 1).equals(remoteUfrag));
  }

  private void proven(InetSocketAddress from, long priority, boolean nominated, long nowNanos) {
    Source source = sources.get(from);
    if (source == null) {
      if (sources.size() == MAX_SOURCES) {
        forgetOldest();
      }
      source = new Source();
      sources.put(from, source);
    }
    source.provenNanos = nowNanos;
    source.priority = priority;
    boolean chosenNow = nominated && !source.nominated;
    source.nominated |= nominated;
    if (selected == null || chosenNow || !isFresh(selected, nowNanos) || better(source)) {
      selected = from;
    }
  }

  /** Before anything is chosen, the path of the highest priority is used (RFC 8445 12.1.1). */
  private boolean better(Source than) {
    Source now = selected == null ? null : sources.get(selected);
    return now == null || (!now.nominated && than.priority > now.priority);
  }

  private void forgetOldest() {
    InetSocketAddress oldest = null;
    long oldestNanos = 0;
    for (Map.Entry<InetSocketAddress, Source> entry : sources.entrySet()) {
      boolean older = oldest == null || entry.getValue().provenNanos - oldestNanos < 0;
      if (older && !entry.getKey().equals(selected)) {
        oldest = entry.getKey();
        oldestNanos = entry.getValue().provenNanos;
      }
    }
    if (oldest != null) {
      sources.remove(oldest);
    }
  }

  private Reaction refused(StunMessage request, int code, String reason) {
    return new Reaction.Answer(
        new StunWriter(StunMessage.BINDING_ERROR, request.transactionId())
            .error(code, reason)
            .fingerprinted());
  }

  /** With the integrity the request had (RFC 8489 9.1.4). */
  private byte[] sealed(StunMessage request, StunWriter response) {
    return (request.has(StunAttribute.MESSAGE_INTEGRITY_SHA256)
            ? response.integritySha256(ownKey)
            : response.integrity(ownKey))
        .fingerprinted();
  }

  /**
   * Where media is to be sent: the path the other side chose; empty before a check, or without
   * fresh consent.
   */
  public synchronized Optional<InetSocketAddress> selected(long nowNanos) {
    InetSocketAddress chosen = selected;
    return chosen != null && isFresh(chosen, nowNanos) ? Optional.of(chosen) : Optional.empty();
  }

  /** Whether media may be sent: somebody was chosen, and has asked lately (RFC 7675). */
  public synchronized boolean isConsented(long nowNanos) {
    InetSocketAddress chosen = selected;
    return chosen != null && isFresh(chosen, nowNanos);
  }

  /** Whether this source has proven itself, and lately. */
  public synchronized boolean isProven(InetSocketAddress source, long nowNanos) {
    return isFresh(source, nowNanos);
  }

  private boolean isFresh(InetSocketAddress address, long nowNanos) {
    Source source = sources.get(address);
    return source != null && nowNanos - source.provenNanos < CONSENT_NANOS;
  }
}

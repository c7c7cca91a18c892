package io.tandem.protocol.sip.observe;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end-to-end measures of RFC 6076, of what this edge asks of others ({@link Role#ASKING}, UAC)
 * and of what it is asked ({@link Role#ASKED}, UAS). Pure but for its own state; on the loop.
 *
 * <p>A request that is challenged (401, 402, 407) is no attempt: the one that answers is.
 */
public final class SessionMeasures {
  private static final long GIVEN_UP_NANOS = 300_000_000_000L;
  private static final int OPEN_MAX = 100_000;

  /** Which side of the request this edge is on. */
  public enum Role {
    ASKING,
    ASKED
  }

  /** What became of a new INVITE. */
  public enum Outcome {
    /** 200: counts for SER and SEER. */
    ESTABLISHED,
    /** 480, 486, 600 or 603: the network did what it should (SEER). */
    EFFECTIVE,
    /** 3xx: out of SER and SEER. */
    REDIRECTED,
    /** 500, 503, 504: ISA. */
    INEFFECTIVE,
    /** 408, or nothing at all: ISA, and out of SCR, for somebody did not answer. */
    UNANSWERED,
    OTHER
  }

  /** Hears the measures. */
  public interface Sink {
    /** Registration request delay (4.1): REGISTER to its 200. */
    void registered(Role role, long nanos);

    /** A REGISTER came to its end, challenges apart; ineffective ones are those of IRA (4.2). */
    void registrationAttempted(Role role, boolean ineffective);

    /**
     * Session request delay (4.3): INVITE to the first answer but 100; whether it was a failure. A
     * redirection is neither.
     */
    void requested(Role role, boolean failed, long nanos);

    /** Session disconnect delay (4.4): BYE to its 200. */
    void disconnected(Role role, long nanos);

    /** Session duration (4.5): 200 to BYE. */
    void lasted(Role role, long nanos);

    /** A new INVITE came to its end. */
    void attempted(Role role, Outcome outcome);
  }

  private static final class Open {
    final Role role;
    final long sinceNanos;
    boolean answered;
    long establishedNanos;

    Open(Role role, long sinceNanos) {
      this.role = role;
      this.sinceNanos = sinceNanos;
    }
  }

  private final Sink sink;
  private final Map<String, Open> requests = new LinkedHashMap<>();
  private final Map<String, Open> sessions =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Open> eldest) {
          return size() > OPEN_MAX;
        }
      };

  public SessionMeasures(Sink sink) {
    this.sink = sink;
  }

  /** A message was received or sent. */
  public void note(SipMessage message, boolean in, long nowNanos) {
    switch (message) {
      case SipRequest request -> request(request, in ? Role.ASKED : Role.ASKING, nowNanos);
      case SipResponse response -> response(response, nowNanos);
    }
  }

  private void request(SipRequest request, Role role, long nowNanos) {
    boolean measured =
        switch (request.method()) {
          case SipRequest.INVITE -> request.toTag() == null;
          case SipRequest.REGISTER, SipRequest.BYE -> true;
          default -> false;
        };
    if (!measured) {
      return;
    }
    giveUp(nowNanos);
    Open open = new Open(role, nowNanos);
    if (requests.putIfAbsent(key(request), open) != null) {
      return; // a repetition
    }
    if (request.is(SipRequest.BYE)) {
      Open session = sessions.remove(request.callId());
      if (session != null) {
        sink.lasted(session.role, nowNanos - session.establishedNanos);
      }
    }
  }

  private void response(SipResponse response, long nowNanos) {
    if (response.status() == 100) {
      return;
    }
    String key = key(response);
    Open open = requests.get(key);
    if (open == null) {
      return;
    }
    boolean isFinal = response.isFinal();
    if (isFinal) {
      requests.remove(key);
    }
    long took = nowNanos - open.sinceNanos;
    switch (response.cseq().method()) {
      case SipRequest.INVITE -> invite(response, open, took, nowNanos);
      case SipRequest.REGISTER -> registration(response, open.role, took);
      default -> {
        if (response.isSuccess()) {
          sink.disconnected(open.role, took);
        }
      }
    }
  }

  /** IRA (4.2): every failure but a challenge, and no answer at all. */
  private void registration(SipResponse response, Role role, long took) {
    if (!response.isFinal() || isChallenge(response.status())) {
      return;
    }
    if (response.isSuccess()) {
      sink.registered(role, took);
    }
    sink.registrationAttempted(role, response.status() >= 400);
  }

  private static boolean isChallenge(int status) {
    return status == 401 || status == 402 || status == 407;
  }

  private void invite(SipResponse response, Open open, long took, long nowNanos) {
    int status = response.status();
    if (isChallenge(status)) {
      return;
    }
    boolean redirected = status >= 300 && status < 400;
    if (!open.answered && !redirected) {
      open.answered = true;
      sink.requested(open.role, status >= 300, took);
    }
    if (response.isSuccess()) {
      open.establishedNanos = nowNanos;
      sessions.put(response.callId(), open);
    }
    if (response.isFinal()) {
      sink.attempted(open.role, outcome(status));
    }
  }

  private static Outcome outcome(int status) {
    return switch (status) {
      case 480, 486, 600, 603 -> Outcome.EFFECTIVE;
      case 408 -> Outcome.UNANSWERED;
      case 500, 503, 504 -> Outcome.INEFFECTIVE;
      default ->
          status < 300 ? Outcome.ESTABLISHED : status < 400 ? Outcome.REDIRECTED : Outcome.OTHER;
    };
  }

  /** Requests are in the order of their time: those without an end for five minutes go. */
  private void giveUp(long nowNanos) {
    Iterator<Map.Entry<String, Open>> eldest = requests.entrySet().iterator();
    while (eldest.hasNext()) {
      Map.Entry<String, Open> each = eldest.next();
      boolean old = nowNanos - each.getValue().sinceNanos > GIVEN_UP_NANOS;
      if (!old && requests.size() <= OPEN_MAX) {
        return;
      }
      eldest.remove();
      if (each.getKey().startsWith(SipRequest.INVITE)) {
        sink.attempted(each.getValue().role, Outcome.UNANSWERED);
      } else if (each.getKey().startsWith(SipRequest.REGISTER)) {
        sink.registrationAttempted(each.getValue().role, true);
      }
    }
  }

  private static String key(SipMessage message) {
    return message.cseq().method() + " " + message.cseq().number() + " " + message.callId();
  }

  /** Whether a session of that Call-ID is known to be up. */
  boolean isUp(@Nullable String callId) {
    return callId != null && sessions.containsKey(callId);
  }
}

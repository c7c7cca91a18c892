package io.tandem.protocol.sip.reliable;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which provisional response a PRACK acknowledges (RFC 3262 section 7.2).
 *
 * @param rseq the response's RSeq
 * @param cseq number of the request it answered
 * @param method method of that request
 */
public record RAck(long rseq, long cseq, String method) {

  /** The header's name. */
  public static final String HEADER = "RAck";

  /** The header of what it answers. */
  public static final String RSEQ = "RSeq";

  /** The option tag. */
  public static final String OPTION = "100rel";

  private static final long MOST = 0x7fff_ffffL;

  /** What a PRACK of theirs says; empty without, or with what cannot be read. */
  public static Optional<RAck> of(SipMessage prack) {
    String value = prack.header(HEADER);
    String[] words = value == null ? new String[0] : value.strip().split("\\s+", -1);
    if (words.length != 3) {
      return Optional.empty();
    }
    long rseq = number(words[0]);
    long cseq = number(words[1]);
    return rseq < 0 || cseq < 0 ? Optional.empty() : Optional.of(new RAck(rseq, cseq, words[2]));
  }

  /** What our PRACK says to a response of theirs. */
  public static RAck to(SipResponse provisional) {
    return new RAck(rseq(provisional), provisional.cseq().number(), provisional.cseq().method());
  }

  /** The number of a provisional response; -1 without a readable one (1 to 2^31 - 1). */
  public static long rseq(SipMessage provisional) {
    long number = number(provisional.header(RSEQ));
    return number == 0 ? -1 : number;
  }

  /** As it is written. */
  public String value() {
    return rseq + " " + cseq + " " + method;
  }

  private static long number(@Nullable String text) {
    String digits = text == null ? "" : text.strip();
    boolean readable =
        !digits.isEmpty()
            && digits.length() <= 10
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    long number = readable ? Long.parseLong(digits) : -1;
    return number > MOST ? -1 : number;
  }
}

package io.tandem.node.edge.register;

import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A REGISTER that proved to be from its phone, as the registrar takes it.
 *
 * @param user of the address of record
 * @param wishes a contact each
 * @param all whether everything is to be taken away (a Contact of {@code *})
 * @param outbound whether it asks for a flow of an instance (RFC 5626 section 6)
 * @param path Path values as they were received: the proxy that is nearest to us first, the one
 *     that is nearest to the phone last
 */
public record Registering(
    String user,
    List<Wish> wishes,
    boolean all,
    boolean outbound,
    List<String> path,
    String callId,
    long cseq,
    String userAgent) {
  private static final int DEVICES_MAX = 10;
  private static final int TEXT_MAX = 360;
  private static final int AGENT_MAX = 200;
  private static final int PATH_MAX = 2_000;

  /** The name of option tags that a registrar looks for. */
  public static final String OUTBOUND = "outbound";

  /** RFC 5626 section 11.6: a proxy in between keeps no flow to the phone. */
  public static final int FIRST_HOP_LACKS_OUTBOUND = 439;

  /**
   * What is asked for one contact.
   *
   * @param seconds zero takes it away
   * @param instance the URN of the device, without brackets; empty where it names none
   * @param regId which of its flows; 0 for none
   */
  record Wish(String contact, long seconds, String instance, int regId) {
    Wish atMost(long longest) {
      return new Wish(contact, Math.min(seconds, longest), instance, regId);
    }
  }

  /** What becomes of it before anything is stored. */
  public sealed interface Reading {}

  /** It can be done. */
  public record Readable(Registering registering) implements Reading {}

  /** It cannot: a status, and what a 423 says is the least. */
  public record Refused(int status, long leastSeconds) implements Reading {}

  /**
   * Reads a request.
   *
   * @param least shortest time that is granted
   * @param most longest; who asks for more, or for nothing, gets it
   * @param kept how long the connection stays that it came over and nothing else comes over: a
   *     phone that keeps no flow alive registers again before that; zero for no connection
   */
  public static Reading of(SipRequest request, Duration least, Duration most, Duration kept) {
    List<NameAddress> contacts = request.contacts();
    boolean all = request.hasStarContact();
    if (all && (request.expiresSeconds() != 0 || !contacts.isEmpty())) {
      return new Refused(400, 0);
    }
    List<Wish> wishes = new ArrayList<>();
    for (NameAddress contact : contacts) {
      wishes.add(wish(request, contact, most.toSeconds()));
    }
    if (wishes.stream().filter(wish -> wish.regId() > 0).count() > 1) {
      return new Refused(400, 0); // RFC 5626 section 6: one flow a request
    }
    if (wishes.stream().anyMatch(w -> w.contact().length() > TEXT_MAX)
        || request.callId().length() > TEXT_MAX) {
      return new Refused(400, 0);
    }
    if (wishes.stream().anyMatch(w -> w.seconds() > 0 && w.seconds() < least.toSeconds())) {
      return new Refused(423, least.toSeconds());
    }
    boolean outbound =
        wishes.stream().anyMatch(wish -> wish.regId() > 0)
            && request.optionTags(HeaderName.SUPPORTED).contains(OUTBOUND);
    List<String> path = request.headers().all(HeaderName.PATH);
    if (!kept.isZero() && !outbound && path.isEmpty()) {
      long longest = Math.max(least.toSeconds(), kept.toSeconds());
      wishes.replaceAll(wish -> wish.atMost(longest));
    }
    if (outbound && !keepsItsFlow(request, path)) {
      return new Refused(FIRST_HOP_LACKS_OUTBOUND, 0);
    }
    if (!path.isEmpty() && !leadsSomewhere(path)) {
      return new Refused(400, 0);
    }
    String agent = request.userAgent();
    return new Readable(
        new Registering(
            request.to().uri().userText(),
            List.copyOf(wishes),
            all,
            outbound,
            path,
            request.callId(),
            request.cseq().number(),
            agent == null ? "" : agent.substring(0, Math.min(agent.length(), AGENT_MAX))));
  }

  /** Calls go to the first of it, by its literal address; it is stored as it is. */
  private static boolean leadsSomewhere(List<String> path) {
    return String.join(", ", path).length() <= PATH_MAX
        && uri(path.getFirst()) instanceof SipUri first
        && Destination.of(first).isPresent();
  }

  /**
   * Whether the bindings after it have what it asked for: where an endpoint has as many devices as
   * it may, they are as they were.
   */
  public boolean isIn(List<SipBinding> bound) {
    return all
        || wishes.stream()
            .filter(wish -> wish.seconds() > 0)
            .allMatch(wish -> bound.stream().anyMatch(binding -> isFor(binding, wish)));
  }

  private static Wish wish(SipRequest request, NameAddress contact, long most) {
    long asked =
        contact.expiresSeconds() >= 0 ? contact.expiresSeconds() : request.expiresSeconds();
    String instance = instance(contact);
    return new Wish(
        contact.uri().toString(),
        asked < 0 ? most : Math.min(asked, most),
        instance,
        instance.isEmpty() ? 0 : regId(contact));
  }

  /** {@code +sip.instance="<urn:uuid:…>"} (RFC 5626 section 4.1); empty for none that is usable. */
  private static String instance(NameAddress contact) {
    String quoted = contact.params().unquoted("+sip.instance");
    if (quoted == null
        || !quoted.startsWith("<urn:")
        || !quoted.endsWith(">")
        || quoted.length() >= 200) {
      return "";
    }
    String bare = quoted.substring(1, quoted.length() - 1);
    return bare.matches("[\\w:.-]*") ? bare : "";
  }

  /** RFC 5626 section 4.2: 1 to 2^31 - 1; 0 for what is none. */
  private static int regId(NameAddress contact) {
    String text = contact.params().get("reg-id");
    return text != null && text.matches("[1-9]\\d{0,8}") ? Integer.parseInt(text) : 0;
  }

  /**
   * From the phone itself, or through an edge proxy that keeps the flow ({@code ob} in its URI).
   */
  private static boolean keepsItsFlow(SipRequest request, List<String> path) {
    if (path.isEmpty()) {
      return request.headers().all(HeaderName.VIA).size() == 1;
    }
    return uri(path.getLast()) instanceof SipUri nearest && nearest.params().has("ob");
  }

  private static @Nullable SipUri uri(String value) {
    int open = value.indexOf('<');
    int close = value.indexOf('>', open + 1);
    return open < 0 || close < 0
        ? null
        : SipUri.parse(value.substring(open + 1, close)).orElse(null);
  }

  /**
   * The bindings after it: all of the request or nothing of it; one that is older than what is held
   * changes nothing (RFC 3261 10.3 step 7).
   *
   * @param edgeName ours, through which the phone is reached
   * @param flow where it registered from
   * @param way by which other edges reach its connection to this one; null where they need none
   */
  public List<SipBinding> after(
      List<SipBinding> held, String edgeName, String flow, @Nullable String way, Instant now) {
    if (all) {
      return List.of();
    }
    List<SipBinding> after = new ArrayList<>(held);
    for (Wish wish : wishes) {
      boolean stale =
          held.stream()
              .anyMatch(b -> isFor(b, wish) && b.callId().equals(callId) && b.cseq() >= cseq);
      if (stale) {
        return held;
      }
      after.removeIf(binding -> isFor(binding, wish));
      if (wish.seconds() > 0) {
        after.add(
            new SipBinding(
                user,
                wish.contact(),
                wish.instance(),
                outbound ? wish.regId() : 0,
                callId,
                cseq,
                now.plusSeconds(wish.seconds()),
                edgeName,
                flow,
                path.isEmpty() && way != null ? way : String.join(", ", path),
                userAgent));
      }
    }
    return after.size() > DEVICES_MAX ? held : after;
  }

  /**
   * A flow of an instance replaces what was registered for it, whatever contact it shows (RFC 5626
   * section 6); else the contact is what is registered.
   */
  private boolean isFor(SipBinding binding, Wish wish) {
    return (outbound && wish.regId() > 0)
        ? binding.instance().equals(wish.instance()) && binding.regId() == wish.regId()
        : binding.contact().equals(wish.contact()) && binding.regId() == 0;
  }

  /**
   * A Contact of the answer, with all that the phone may want to know of its binding.
   *
   * @param gruuHost host of the public GRUU; null for a phone that does not know what one is
   */
  public static String contact(SipBinding binding, Instant now, @Nullable String gruuHost) {
    long left = Math.max(0, Duration.between(now, binding.expiresAt()).toSeconds());
    StringBuilder text = new StringBuilder(120);
    text.append('<').append(binding.contact()).append(">;expires=").append(left);
    if (!binding.instance().isEmpty()) {
      text.append(";+sip.instance=\"<").append(binding.instance()).append(">\"");
      if (binding.regId() > 0) {
        text.append(";reg-id=").append(binding.regId());
      }
      if (gruuHost != null) {
        text.append(";pub-gruu=\"").append(gruu(binding, gruuHost)).append('"');
      }
    }
    return text.toString();
  }

  /** The public GRUU of a device (RFC 5627 section 5.4): the same as long as it is the same one. */
  private static SipUri gruu(SipBinding binding, String host) {
    return SipUri.sip(binding.aor(), host, -1).withParam("gr", binding.instance());
  }
}

package io.tandem.node.edge.register;

import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The name of a connection at this edge, as the user part of a URI that others send by (RFC 5626
 * section 5.2): who it leads to, sealed, so that nobody can have us send elsewhere. Without the
 * seal's key it cannot be made; it means nothing once the connection is closed.
 *
 * @param at whom it leads to, and over what
 * @param partner the edge that speaks to it, over UDP; null where any edge may
 */
public record FlowToken(Destination at, @Nullable InetSocketAddress partner) {
  /** The status of a connection that is gone (RFC 5626 section 11.5). */
  public static final int FAILED = 430;

  private static final String MARK = "flow.";

  /**
   * As it is written.
   *
   * @param seal a keyed hash that all edges share
   */
  public String text(UnaryOperator<String> seal) {
    String plain =
        at.protocol().name()
            + " "
            + text(at.address())
            + (partner == null ? "" : " " + text(partner));
    String named =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
    return MARK + named + "." + plainLetters(seal.apply(plain));
  }

  /** One that was sealed with that key; empty for anything else. */
  public static Optional<FlowToken> read(String user, UnaryOperator<String> seal) {
    int dot = user.lastIndexOf('.');
    if (!user.startsWith(MARK) || dot < MARK.length()) {
      return Optional.empty();
    }
    String plain;
    try {
      byte[] octets = Base64.getUrlDecoder().decode(user.substring(MARK.length(), dot));
      plain = new String(octets, StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    String[] words = plain.split(" ", -1);
    boolean sealed =
        MessageDigest.isEqual( // in a time that does not tell how much of it is right
            user.substring(dot + 1).getBytes(StandardCharsets.UTF_8),
            plainLetters(seal.apply(plain)).getBytes(StandardCharsets.UTF_8));
    if (!sealed || (words.length != 3 && words.length != 5)) {
      return Optional.empty();
    }
    return TransportProtocol.named(words[0])
        .flatMap(
            protocol ->
                address(words[1], words[2])
                    .map(
                        phone ->
                            new FlowToken(
                                new Destination(protocol, phone),
                                words.length == 3
                                    ? null
                                    : address(words[3], words[4]).orElse(null))))
        .filter(token -> token.text(seal).equals(user)); // one name each
  }

  /** Whether a way to a phone (RFC 3327) is such a name, and not a proxy's. */
  public static boolean isIn(String path) {
    return path.startsWith("<sip:" + MARK);
  }

  private static String plainLetters(String sealed) {
    return sealed.replaceAll("[^A-Za-z0-9]", "");
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " " + address.getPort();
  }

  private static Optional<InetSocketAddress> address(String host, String port) {
    Optional<InetAddress> literal = Destination.literal(host);
    return literal.map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
  }

  /** Without addresses. */
  @Override
  public String toString() {
    return "FlowToken[" + at.protocol() + "]";
  }
}

package io.tandem.node.boot;

import io.tandem.protocol.sip.defence.Cidr;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.sieve.Sifted;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The SIP front end: where it listens and what it allows; {@code tandem.sip} of the file.
 *
 * @param nameServers address:port of each; empty: the system's
 */
public record SipSettings(
    String host,
    int port,
    String advertised,
    String realm,
    Duration t1,
    Duration minExpires,
    Duration maxExpires,
    SessionPolicy session,
    boolean earlyMedia,
    int samePairMax,
    boolean knownCallersOnly,
    List<String> nameServers,
    Emergency emergency,
    Limits limits,
    Defence defence,
    Hep hep,
    Stir stir,
    Tls tls,
    WebSocket webSocket) {

  /**
   * Emergency numbers (TEL-12).
   *
   * @param numbers as they are dialled
   * @param announcement spoken to who dials one
   */
  public record Emergency(List<String> numbers, String announcement) {}

  /** What is allowed of a message and of connections, all stream transports together. */
  public record Limits(
      int messageBytes,
      int headers,
      int headerBytes,
      int connections,
      int connectionsPerAddress,
      Duration connectTimeout,
      Duration idleTimeout,
      Duration messageTimeout) {}

  /**
   * Who is held to what (ACC-8, OPS-5).
   *
   * @param newPerSecond requests that open something, from one address
   * @param messagesPerSecond all messages of one address
   * @param triesPerSecond attempts to register one user name
   * @param trusted ranges of addresses that are held to nothing
   * @param tracked how many addresses are told apart
   * @param waitMax a new request that waited longer to be read is refused with a 503
   */
  public record Defence(
      int newPerSecond,
      int messagesPerSecond,
      int triesPerSecond,
      List<String> trusted,
      int tracked,
      Duration waitMax) {}

  /**
   * A Homer collector.
   *
   * @param collector host:port, UDP; empty for none
   * @param whole whether messages are sent as they are; else numbers, names and keys are masked
   */
  public record Hep(String collector, int id, String key, boolean whole) {
    @Override
    public String toString() {
      return "Hep[" + collector + "]";
    }
  }

  /**
   * Who vouches for callers' numbers (TEL-12).
   *
   * @param key PEM file of the key that signs calls out; empty: they are not signed
   * @param certificate address where others find its certificate
   * @param trusted PEM file of authorities whose word on calls in counts; empty: nobody's
   * @param allowedAddresses where certificates are fetched although they are not public
   */
  public record Stir(
      String key, String certificate, String trusted, List<String> allowedAddresses) {}

  /** Whether a TLS peer shows a certificate of its own. */
  public enum ClientCertificates {
    NONE,
    WANTED,
    REQUIRED
  }

  /**
   * TLS.
   *
   * @param certificates {@code CHAIN.pem KEY.pem} each; none: TLS is not listened for
   * @param trusted PEM file of authorities; empty for Java's
   * @param lowest TLSv1.2 or TLSv1.3
   */
  public record Tls(
      int port,
      List<String> certificates,
      ClientCertificates clientCertificates,
      String trusted,
      String lowest) {}

  /** WebSocket (RFC 7118); a port of -1 is not listened on. */
  public record WebSocket(int port, int securePort, String path, List<String> origins) {}

  static SipSettings read(SettingsReader in) {
    return new SipSettings(
        in.text("sip.host"),
        in.integer("sip.port", 0, 65535),
        in.text("sip.advertised"),
        in.text("sip.realm"),
        in.duration("sip.t1", Duration.ofMillis(50), Duration.ofSeconds(2)),
        in.duration("sip.min-expires", Duration.ofSeconds(1), Duration.ofHours(1)),
        in.duration("sip.max-expires", Duration.ofSeconds(10), Duration.ofDays(1)),
        session(in),
        in.flag("sip.early-media"),
        in.integer("sip.same-pair", 1, 1_000_000),
        in.parsed("sip.callers", "any or known", SipSettings::knownCallersOnly, false),
        nameServers(in),
        emergency(in),
        limits(in),
        defence(in),
        hep(in),
        new Stir(
            in.text("sip.stir.key"),
            in.text("sip.stir.certificate"),
            in.text("sip.stir.trusted"),
            in.texts("sip.stir.allowed-addresses")),
        tls(in),
        webSocket(in));
  }

  private static SessionPolicy session(SettingsReader in) {
    Duration least =
        in.duration(
            "sip.session.least",
            Duration.ofSeconds(SessionPolicy.LEAST_SECONDS),
            Duration.ofHours(1));
    Duration interval = in.duration("sip.session.interval", least, Duration.ofDays(1));
    return new SessionPolicy(Math.max(interval.toSeconds(), least.toSeconds()), least.toSeconds());
  }

  /** As many as the filter of a socket has room for (ADR 13). */
  private static Emergency emergency(SettingsReader in) {
    List<String> numbers = in.texts("sip.emergency.numbers");
    if (numbers.size() > Sifted.NUMBERS_MAX
        || numbers.stream().anyMatch(number -> !number.matches("[0-9*#]{2,8}"))) {
      in.problem("sip.emergency.numbers", "at most 12 numbers of two to eight digits");
    }
    return new Emergency(numbers, in.text("sip.emergency.announcement"));
  }

  private static List<String> nameServers(SettingsReader in) {
    List<String> servers = in.texts("sip.name-servers");
    if (servers.stream().anyMatch(server -> !server.matches("[0-9A-Fa-f.:\\[\\]]+:\\d{1,5}"))) {
      in.problem("sip.name-servers", "a list of address:port, such as 192.0.2.53:53");
    }
    return servers;
  }

  private static boolean knownCallersOnly(String text) {
    if (!text.equals("any") && !text.equals("known")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("known");
  }

  private static Limits limits(SettingsReader in) {
    return new Limits(
        in.integer("sip.limits.message-bytes", 1_500, 1 << 20),
        in.integer("sip.limits.headers", 20, 2_000),
        in.integer("sip.limits.header-bytes", 256, 65_536),
        in.integer("sip.limits.connections", 1, 1_000_000),
        in.integer("sip.limits.connections-per-address", 1, 1_000_000),
        in.duration("sip.limits.connect-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
        in.duration("sip.limits.idle-timeout", Duration.ofSeconds(10), Duration.ofDays(1)),
        in.duration("sip.limits.message-timeout", Duration.ofMillis(100), Duration.ofMinutes(5)));
  }

  private static Defence defence(SettingsReader in) {
    List<String> trusted = in.texts("sip.defence.trusted");
    if (trusted.stream().anyMatch(range -> Cidr.parse(range).isEmpty())) {
      in.problem("sip.defence.trusted", "a list of addresses or ranges such as 192.0.2.0/24");
    }
    return new Defence(
        in.integer("sip.defence.new-per-second", 1, 1_000_000),
        in.integer("sip.defence.messages-per-second", 1, 1_000_000),
        in.integer("sip.defence.tries-per-second", 1, 1_000),
        trusted,
        in.integer("sip.defence.tracked", 100, 10_000_000),
        in.duration("sip.defence.wait-max", Duration.ofMillis(5), Duration.ofSeconds(2)));
  }

  private static Hep hep(SettingsReader in) {
    String collector = in.text("sip.hep.collector");
    if (!collector.isEmpty() && !collector.matches("[^\\s]+:\\d{1,5}")) {
      in.problem("sip.hep.collector", "empty, or host:port");
    }
    return new Hep(
        collector,
        in.integer("sip.hep.id", 0, Integer.MAX_VALUE),
        in.secret("sip.hep.key"),
        in.flag("sip.hep.whole"));
  }

  private static Tls tls(SettingsReader in) {
    List<String> certificates = in.texts("sip.tls.certificates");
    if (certificates.stream().anyMatch(pair -> pair.strip().split("\\s+", -1).length != 2)) {
      in.problem("sip.tls.certificates", "a list of \"CHAIN.pem KEY.pem\"");
    }
    return new Tls(
        in.integer("sip.tls.port", 0, 65535),
        certificates,
        in.parsed(
            "sip.tls.client-certificates",
            "none, wanted or required",
            text -> ClientCertificates.valueOf(text.toUpperCase(Locale.ROOT)),
            ClientCertificates.NONE),
        in.text("sip.tls.trusted"),
        in.parsed("sip.tls.lowest", "TLSv1.2 or TLSv1.3", SipSettings::version, "TLSv1.2"));
  }

  private static String version(String text) {
    if (!text.equals("TLSv1.2") && !text.equals("TLSv1.3")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static WebSocket webSocket(SettingsReader in) {
    return new WebSocket(
        in.integer("sip.websocket.port", -1, 65535),
        in.integer("sip.websocket.secure-port", -1, 65535),
        in.parsed("sip.websocket.path", "a path that begins with a slash", SipSettings::path, "/"),
        in.texts("sip.websocket.origins"));
  }

  private static String path(String text) {
    if (!text.matches("/[\\x21-\\x7e]*")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }
}

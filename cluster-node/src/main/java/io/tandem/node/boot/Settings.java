package io.tandem.node.boot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.tandem.node.job.S3Objects;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.privacy.KeptByLaw;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.VerifyingKey;
import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.media.socket.Precedence;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The configuration of a node, typed and checked. What each key means stands in {@code
 * tandem.conf}, which also holds every default.
 *
 * @param directory where a single machine keeps its keys, database and operator token
 */
public record Settings(
    String name,
    Set<Role> roles,
    Path directory,
    Cluster cluster,
    Store database,
    Keys keys,
    Proofs proofs,
    SipSettings sip,
    Rtp rtp,
    VoiceSettings voice,
    Http http,
    Webhooks webhooks,
    Security security,
    Privacy privacy,
    Archive archive,
    Edge edge,
    Wallet wallet,
    Market market) {

  private static final Pattern NUMERIC_ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-f:.]{2,45}");

  /** Webhooks are told for three days of what is in the journal. */
  private static final Duration ARCHIVE_AFTER_LEAST = Duration.ofDays(4);

  /** Thirty years: no law that was looked at wants more. */
  private static final Duration PERIOD_MAX = Duration.ofDays(30 * 366);

  /** What a node does (OPS-1). */
  public enum Role {
    EDGE,
    CONTROL,
    API
  }

  /** How nodes find each other, and how they share entities; no {@code seeds}: a cluster of one. */
  public record Cluster(String host, int port, List<String> seeds, int shards, Duration idle) {}

  /** A database; {@code url} empty means H2 in the node's directory. */
  public record Store(String url, String user, String password, int connections) {
    @Override
    public String toString() {
      return "Store[" + url + "]";
    }
  }

  /**
   * The store of data keys; {@code master} empty means one made once and kept in the node's
   * directory.
   */
  public record Keys(String url, String user, String password, String master) {
    @Override
    public String toString() {
      return "Keys[" + url + "]";
    }
  }

  /**
   * What is signed about the journal (AUD-2); {@code key} empty means one derived from the master
   * key. {@code anchors} are in the words of {@link Anchors}.
   */
  public record Proofs(String log, String key, Duration every, List<String> anchors) {
    @Override
    public String toString() {
      return "Proofs[" + log + " every " + every + "]";
    }
  }

  /** The media front end; the first port is even, the last is odd. */
  public record Rtp(
      String host,
      String advertised,
      int firstPort,
      int lastPort,
      MediaLoop loop,
      Precedence precedence,
      SecurityPolicy security) {}

  /** {@code tandem.media.loop}: what carries the media. */
  public enum MediaLoop {
    /** Native where this machine has it, else Netty. */
    AUTO(Wire.best()),
    /** The system's own calls; refused where there are none. */
    NATIVE(Wire.NATIVE),
    /** The same with an io_uring; refused where the kernel lets nobody have one. */
    IO_URING(Wire.IO_URING),
    /** Portable. */
    NETTY(Wire.portable());

    private final Wire wire;

    MediaLoop(Wire wire) {
      this.wire = wire;
    }

    /** What it comes to on this machine. */
    public Wire wire() {
      return wire;
    }
  }

  /**
   * The HTTP front end; {@code operatorToken} empty means one made once and kept in the node's
   * directory.
   */
  public record Http(String host, int port, String operatorToken) {
    @Override
    public String toString() {
      return "Http[" + host + ":" + port + "]";
    }
  }

  /**
   * How long what is known of persons is kept (PRV-1).
   *
   * @param kept by class; whole months go at a time, and a class that is not there is kept until
   *     somebody asks
   * @param law for how long the law wants it kept whoever asks (PRV-9)
   * @param officers who may ask for and agree to disclosures by law (CMP-7)
   */
  public record Privacy(
      Map<DataClass, Duration> kept, KeptByLaw law, List<VerifyingKey> officers) {}

  /**
   * When calls that are over leave the journal (AUD-7).
   *
   * @param directory of the files, the same for all nodes; empty where none leaves by itself
   * @param after a call's last event is older than that when it goes
   */
  public record Archive(Optional<Path> directory, Duration after) {}

  /**
   * Whom webhooks may be told at (ACC-7).
   *
   * @param allowedAddresses addresses that are called although they are not public
   */
  public record Webhooks(List<String> allowedAddresses) {}

  /** How much is journaled of what befalls the doors (ACC-8). */
  public record Security(Duration window, int loginFailures, int sources) {}

  /** What an edge promises. */
  public record Edge(Duration deadAfter, Duration maxCall) {}

  /** WAL-3. */
  public record Wallet(Duration holdAge) {}

  /** COOL-1, COOL-4, MKT-10. */
  public record Market(Cooldown cooldown, Duration inquireAfter) {}

  /** COOL-1, COOL-4. */
  public record Cooldown(
      int windowCalls,
      Duration window,
      int leastCalls,
      int thresholdPercent,
      List<Duration> rungs,
      Duration clean,
      Duration deadAir) {}

  /** Whether this node has a role. */
  public boolean has(Role role) {
    return roles.contains(role);
  }

  /**
   * Reads a file (if any) over the defaults; system properties stand above both.
   *
   * @throws SettingsException when the file cannot be read or anything in it is not allowed
   */
  public static Settings load(File file) {
    try {
      return of(
          ConfigFactory.parseFile(file, ConfigParseOptions.defaults().setAllowMissing(false)));
    } catch (ConfigException e) {
      throw new SettingsException(
          List.of(
              new SettingsException.Problem(
                  "--config " + file, String.valueOf(e.getMessage()), "a file in HOCON or JSON")));
    }
  }

  /** Reads keys over the defaults; system properties stand above both. */
  public static Settings of(Config over) {
    Config defaults = ConfigFactory.parseResources(Settings.class.getClassLoader(), "tandem.conf");
    Config system = ConfigFactory.systemProperties();
    Config own =
        system.hasPath("tandem")
            ? system.getConfig("tandem").atKey("tandem")
            : ConfigFactory.empty();
    return read(
        new SettingsReader(own.withFallback(over).withFallback(defaults).resolve(), "tandem"));
  }

  private static Settings read(SettingsReader in) {
    Settings settings =
        new Settings(
            in.parsed("node.name", "letters, digits and dashes", Settings::plainName, "n1"),
            roles(in),
            Path.of(in.text("node.directory")),
            cluster(in),
            new Store(
                in.parsed(
                    "database.url", "empty, jdbc:h2:… or jdbc:postgresql:…", Settings::jdbcUrl, ""),
                in.text("database.user"),
                in.secret("database.password"),
                in.integer("database.connections", 1, 64)),
            new Keys(
                in.parsed(
                    "keys.url", "empty, jdbc:h2:… or jdbc:postgresql:…", Settings::jdbcUrl, ""),
                in.text("keys.user"),
                in.secret("keys.password"),
                secretHex(in, "keys.master")),
            proofs(in),
            SipSettings.read(in),
            rtp(in),
            VoiceSettings.read(in),
            new Http(in.text("http.host"), in.integer("http.port", 0, 65535), operatorToken(in)),
            webhooks(in),
            new Security(
                in.duration("security.window", Duration.ofSeconds(1), Duration.ofDays(1)),
                in.integer("security.login-failures", 1, 1_000),
                in.integer("security.sources", 1, 10_000)),
            privacy(in),
            new Archive(
                Optional.of(in.text("archive.directory"))
                    .filter(text -> !text.isEmpty())
                    .map(Path::of),
                in.duration("archive.after", ARCHIVE_AFTER_LEAST, PERIOD_MAX)),
            new Edge(
                in.duration("edge.dead-after", Duration.ofSeconds(2), Duration.ofMinutes(5)),
                in.duration("edge.max-call", Duration.ofMinutes(1), Duration.ofDays(1))),
            new Wallet(in.duration("wallet.hold-age", Duration.ofMinutes(1), Duration.ofDays(1))),
            market(in));
    in.finish();
    return settings;
  }

  private static Privacy privacy(SettingsReader in) {
    Map<DataClass, Duration> kept = new EnumMap<>(DataClass.class);
    kept.put(
        DataClass.CALL_NUMBER,
        in.duration("privacy.call-numbers-kept", Duration.ofDays(1), PERIOD_MAX));
    kept.put(DataClass.CONTENT, in.duration("privacy.recordings-kept", Duration.ZERO, PERIOD_MAX));
    kept.values().removeIf(Duration::isZero);
    Map<DataClass, Duration> law = new EnumMap<>(DataClass.class);
    law.put(
        DataClass.CONTACT, in.duration("privacy.kept-by-law.contacts", Duration.ZERO, PERIOD_MAX));
    law.put(
        DataClass.CALL_NUMBER,
        in.duration("privacy.kept-by-law.call-numbers", Duration.ZERO, PERIOD_MAX));
    law.put(
        DataClass.CONTENT,
        in.duration("privacy.kept-by-law.recordings", Duration.ZERO, PERIOD_MAX));
    law.values().removeIf(Duration::isZero);
    return new Privacy(kept, new KeptByLaw(law), officers(in));
  }

  private static Cluster cluster(SettingsReader in) {
    List<String> seeds = in.texts("cluster.seeds");
    if (seeds.stream().anyMatch(seed -> !seed.matches("[^:\\s]+:\\d{1,5}"))) {
      in.problem("cluster.seeds", "a list of host:port");
    }
    return new Cluster(
        in.text("cluster.host"),
        in.integer("cluster.port", 0, 65535),
        seeds,
        in.integer("cluster.shards", 1, 1024),
        in.duration("cluster.idle", Duration.ofSeconds(1), Duration.ofDays(1)));
  }

  private static Rtp rtp(SettingsReader in) {
    String host = in.text("rtp.host");
    String advertised = in.text("rtp.advertised");
    String allowed =
        "FIRST-LAST between 1024 and 65535 with an even FIRST and an odd LAST, such as 20000-29999";
    int[] ports = in.parsed("rtp.ports", allowed, Settings::portRange, new int[] {20000, 29999});
    MediaLoop loop =
        in.parsed(
            "media.loop",
            "auto, netty, native (Linux on x86-64 or aarch64), or io_uring (where its kernel"
                + " allows)",
            Settings::mediaLoop,
            MediaLoop.AUTO);
    Precedence precedence =
        in.parsed(
            "media.precedence",
            "real-time, favoured, ordinary",
            Settings::precedence,
            Precedence.REAL_TIME);
    SecurityPolicy security =
        in.parsed(
            "media.security",
            "none, optional, required, dtls",
            text -> SecurityPolicy.named(text).orElseThrow(IllegalArgumentException::new),
            SecurityPolicy.NONE);
    return new Rtp(
        host.isEmpty() ? in.text("sip.host") : host,
        advertised,
        ports[0],
        ports[1],
        loop,
        precedence,
        security);
  }

  private static Market market(SettingsReader in) {
    return new Market(
        new Cooldown(
            in.integer("market.cooldown.window-calls", 1, 1000),
            in.duration("market.cooldown.window", Duration.ofMinutes(1), Duration.ofDays(90)),
            in.integer("market.cooldown.least-calls", 1, 1000),
            in.integer("market.cooldown.threshold-percent", 1, 100),
            in.durations("market.cooldown.rungs"),
            in.duration("market.cooldown.clean", Duration.ofHours(1), Duration.ofDays(366)),
            in.duration("market.cooldown.dead-air", Duration.ofSeconds(2), Duration.ofHours(1))),
        in.duration("market.inquire-after", Duration.ofMinutes(10), Duration.ofDays(2)));
  }

  private static Set<Role> roles(SettingsReader in) {
    Set<Role> roles = new TreeSet<>();
    for (String role : in.texts("node.roles")) {
      switch (role) {
        case "all" -> roles.addAll(List.of(Role.values()));
        case "edge", "control", "api" -> roles.add(Role.valueOf(role.toUpperCase(Locale.ROOT)));
        default -> in.problem("node.roles", "a list of edge, control, api, or all");
      }
    }
    if (roles.isEmpty()) {
      in.problem("node.roles", "at least one of edge, control, api, or all");
    }
    return roles;
  }

  private static String operatorToken(SettingsReader in) {
    String token = in.secret("http.operator-token");
    if (!token.isEmpty() && token.length() < 16) {
      in.secretProblem("http.operator-token", "empty, or at least 16 characters");
    }
    return token;
  }

  private static Webhooks webhooks(SettingsReader in) {
    List<String> addresses = in.texts("webhooks.allowed-addresses");
    for (String each : addresses) {
      if (!NUMERIC_ADDRESS.matcher(each).matches()) {
        in.problem("webhooks.allowed-addresses", "a list of numeric addresses such as 127.0.0.1");
      }
    }
    return new Webhooks(addresses);
  }

  private static Proofs proofs(SettingsReader in) {
    List<String> anchors = in.texts("proofs.anchors");
    for (String each : anchors) {
      if (!Anchors.allows(each, S3Objects.FROM_ENVIRONMENT)) {
        in.problem("proofs.anchors", "a list of " + Anchors.ALLOWED);
      }
    }
    return new Proofs(
        in.parsed("proofs.log", "letters, digits and dashes", Settings::plainName, "tandem"),
        secretHex(in, "proofs.key"),
        in.duration("proofs.every", Duration.ofSeconds(1), Duration.ofHours(1)),
        anchors);
  }

  private static List<VerifyingKey> officers(SettingsReader in) {
    List<VerifyingKey> officers = new ArrayList<>();
    for (String each : in.texts("privacy.officers")) {
      try {
        officers.add(VerifyingKey.parse(each));
      } catch (IllegalArgumentException e) {
        in.problem("privacy.officers", "a list of public keys, name+keyhash+base64");
      }
    }
    return List.copyOf(officers);
  }

  private static String secretHex(SettingsReader in, String name) {
    String key = in.secret(name);
    if (!key.isEmpty() && !isHex32(key)) {
      in.secretProblem(name, "empty, or 64 hexadecimal digits");
    }
    return key;
  }

  private static boolean isHex32(String key) {
    try {
      return HexFormat.of().parseHex(key).length == 32;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String plainName(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9-]{0,62}")) {
      throw new IllegalArgumentException(name);
    }
    return name;
  }

  private static String jdbcUrl(String url) {
    if (!url.isEmpty() && !url.startsWith("jdbc:h2:") && !url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(url);
    }
    return url;
  }

  private static Precedence precedence(String text) {
    return Precedence.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static MediaLoop mediaLoop(String text) {
    for (MediaLoop loop : MediaLoop.values()) {
      if (loop.name().toLowerCase(Locale.ROOT).equals(text) && loop.wire().available()) {
        return loop;
      }
    }
    throw new IllegalArgumentException(text);
  }

  private static int[] portRange(String text) {
    if (!text.matches("\\d{4,5}-\\d{4,5}")) {
      throw new IllegalArgumentException(text);
    }
    int dash = text.indexOf('-');
    int first = Integer.parseInt(text.substring(0, dash));
    int last = Integer.parseInt(text.substring(dash + 1));
    if (first < 1024 || last > 65535 || first % 2 != 0 || last % 2 != 1 || last < first) {
      throw new IllegalArgumentException(text);
    }
    return new int[] {first, last};
  }
}

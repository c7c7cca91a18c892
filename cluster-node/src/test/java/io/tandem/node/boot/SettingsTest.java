package io.tandem.node.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key there is, what it changes, and what a wrong one is answered with. */
class SettingsTest {
  /** Another allowed value for every key: a key that is missing here fails a test. */
  private static final Map<String, Object> OTHER =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("tandem.node.name", "n2"),
              Map.entry("tandem.node.roles", java.util.List.of("edge")),
              Map.entry("tandem.node.directory", "elsewhere"),
              Map.entry("tandem.cluster.host", "127.0.0.2"),
              Map.entry("tandem.cluster.port", 2551),
              Map.entry("tandem.cluster.seeds", java.util.List.of("127.0.0.1:2551")),
              Map.entry("tandem.cluster.shards", 16),
              Map.entry("tandem.cluster.idle", "10 minutes"),
              Map.entry("tandem.database.url", "jdbc:postgresql://localhost/tandem"),
              Map.entry("tandem.database.user", "tandem"),
              Map.entry("tandem.database.password", "p"),
              Map.entry("tandem.database.connections", 8),
              Map.entry("tandem.keys.url", "jdbc:h2:mem:keys"),
              Map.entry("tandem.keys.user", "keys"),
              Map.entry("tandem.keys.password", "p"),
              Map.entry("tandem.keys.master", "0f".repeat(32)),
              Map.entry("tandem.proofs.log", "another"),
              Map.entry("tandem.proofs.key", "1e".repeat(32)),
              Map.entry("tandem.proofs.every", "1 minute"),
              Map.entry("tandem.proofs.anchors", java.util.List.of("https://example.org/log")),
              Map.entry("tandem.sip.host", "127.0.0.2"),
              Map.entry("tandem.sip.port", 5070),
              Map.entry("tandem.sip.advertised", "192.0.2.1"),
              Map.entry("tandem.sip.realm", "example"),
              Map.entry("tandem.sip.t1", "200 ms"),
              Map.entry("tandem.sip.min-expires", "30 s"),
              Map.entry("tandem.sip.max-expires", "30 minutes"),
              Map.entry("tandem.sip.early-media", false),
              Map.entry("tandem.sip.same-pair", 20),
              Map.entry("tandem.sip.session.interval", "10 minutes"),
              Map.entry("tandem.sip.session.least", "2 minutes"),
              Map.entry("tandem.sip.callers", "known"),
              Map.entry("tandem.sip.name-servers", java.util.List.of("192.0.2.53:53")),
              Map.entry("tandem.sip.emergency.numbers", java.util.List.of("117")),
              Map.entry("tandem.sip.emergency.announcement", "Not from here."),
              Map.entry("tandem.sip.limits.message-bytes", 16_000),
              Map.entry("tandem.sip.limits.headers", 100),
              Map.entry("tandem.sip.limits.header-bytes", 4_096),
              Map.entry("tandem.sip.limits.connections", 1_000),
              Map.entry("tandem.sip.limits.connections-per-address", 10),
              Map.entry("tandem.sip.limits.connect-timeout", "2 s"),
              Map.entry("tandem.sip.limits.idle-timeout", "1 minute"),
              Map.entry("tandem.sip.limits.message-timeout", "3 s"),
              Map.entry("tandem.sip.defence.new-per-second", 50),
              Map.entry("tandem.sip.defence.messages-per-second", 500),
              Map.entry("tandem.sip.defence.tries-per-second", 1),
              Map.entry("tandem.sip.defence.trusted", java.util.List.of("10.0.0.0/8")),
              Map.entry("tandem.sip.defence.tracked", 1_000),
              Map.entry("tandem.sip.defence.wait-max", "100 ms"),
              Map.entry("tandem.sip.hep.collector", "homer:9060"),
              Map.entry("tandem.sip.hep.id", 7),
              Map.entry("tandem.sip.hep.key", "shared"),
              Map.entry("tandem.sip.hep.whole", true),
              Map.entry("tandem.sip.stir.key", "stir.key"),
              Map.entry("tandem.sip.stir.certificate", "https://cert.example.com/t.pem"),
              Map.entry("tandem.sip.stir.trusted", "sti.pem"),
              Map.entry("tandem.sip.stir.allowed-addresses", java.util.List.of("10.0.0.9")),
              Map.entry("tandem.sip.tls.port", 5062),
              Map.entry("tandem.sip.tls.certificates", java.util.List.of("a.pem a.key")),
              Map.entry("tandem.sip.tls.client-certificates", "wanted"),
              Map.entry("tandem.sip.tls.trusted", "ca.pem"),
              Map.entry("tandem.sip.tls.lowest", "TLSv1.3"),
              Map.entry("tandem.sip.websocket.port", 8088),
              Map.entry("tandem.sip.websocket.secure-port", 8443),
              Map.entry("tandem.sip.websocket.path", "/sip"),
              Map.entry("tandem.sip.websocket.origins", java.util.List.of("https://example.com")),
              Map.entry("tandem.rtp.host", "127.0.0.3"),
              Map.entry("tandem.rtp.advertised", "192.0.2.2"),
              Map.entry("tandem.rtp.ports", "30000-30099"),
              Map.entry("tandem.media.loop", "netty"),
              Map.entry("tandem.media.precedence", "ordinary"),
              Map.entry("tandem.media.security", "optional"),
              Map.entry("tandem.media.voice.threads", 3),
              Map.entry("tandem.media.voice.ringback", "gb"),
              Map.entry("tandem.media.voice.recordings", "elsewhere"),
              Map.entry("tandem.media.voice.hold-music", "none"),
              Map.entry("tandem.media.voice.speech.engine", "espeak-ng"),
              Map.entry("tandem.media.voice.speech.language", "de"),
              Map.entry("tandem.media.voice.speech.url", "https://speech.example.com/v1"),
              Map.entry("tandem.media.voice.speech.key", "k"),
              Map.entry("tandem.media.voice.speech.model", "tts-2"),
              Map.entry("tandem.media.voice.speech.voice", "echo"),
              Map.entry("tandem.media.voice.speech.limit", "10 s"),
              Map.entry("tandem.media.voice.recording-format", "opus"),
              Map.entry("tandem.media.voice.s3.endpoint", "https://s3.example.com"),
              Map.entry("tandem.media.voice.s3.region", "eu-central-1"),
              Map.entry("tandem.media.voice.s3.bucket", "calls"),
              Map.entry("tandem.media.voice.s3.prefix", "a/"),
              Map.entry("tandem.media.voice.s3.access-key", "id"),
              Map.entry("tandem.media.voice.s3.secret-key", "s"),
              Map.entry("tandem.media.voice.s3.limit", "1 minute"),
              Map.entry("tandem.http.host", "127.0.0.2"),
              Map.entry("tandem.http.port", 8090),
              Map.entry("tandem.http.operator-token", "a-token-of-24-characters"),
              Map.entry("tandem.privacy.call-numbers-kept", "500 days"),
              Map.entry("tandem.privacy.recordings-kept", "100 days"),
              Map.entry("tandem.privacy.kept-by-law.contacts", "2557 days"),
              Map.entry("tandem.privacy.kept-by-law.call-numbers", "30 days"),
              Map.entry("tandem.privacy.kept-by-law.recordings", "3653 days"),
              Map.entry(
                  "tandem.privacy.officers",
                  java.util.List.of("alice+028690fc+AS2kGr2awIsxEH3MR/XtgfdFS68HMQOAYh627rJRTLi9")),
              Map.entry("tandem.archive.directory", "/mnt/archive"),
              Map.entry("tandem.archive.after", "30 days"),
              Map.entry("tandem.webhooks.allowed-addresses", java.util.List.of("127.0.0.1")),
              Map.entry("tandem.security.window", "1 minute"),
              Map.entry("tandem.security.login-failures", 3),
              Map.entry("tandem.security.sources", 20),
              Map.entry("tandem.edge.dead-after", "5 s"),
              Map.entry("tandem.edge.max-call", "1 h"),
              Map.entry("tandem.wallet.hold-age", "1 h"),
              Map.entry("tandem.market.cooldown.window-calls", 30),
              Map.entry("tandem.market.cooldown.window", "12 h"),
              Map.entry("tandem.market.cooldown.least-calls", 8),
              Map.entry("tandem.market.cooldown.threshold-percent", 40),
              Map.entry("tandem.market.cooldown.rungs", java.util.List.of("1 h")),
              Map.entry("tandem.market.cooldown.clean", "20 days"),
              Map.entry("tandem.market.cooldown.dead-air", "20 s"),
              Map.entry("tandem.market.inquire-after", "3 h")));

  static Set<String> keys() {
    Config defaults = ConfigFactory.parseResources(Settings.class.getClassLoader(), "tandem.conf");
    return defaults.entrySet().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private static Config with(String key, Object value) {
    return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value));
  }

  @Test
  void every_key_of_the_reference_configuration_is_tested() {
    assertThat(OTHER.keySet()).containsExactlyInAnyOrderElementsOf(keys());
  }

  @ParameterizedTest
  @MethodSource("keys")
  void every_key_changes_something(String key) {
    Settings standard = Settings.of(ConfigFactory.empty());
    assertThat(Settings.of(with(key, OTHER.get(key)))).as(key).isNotEqualTo(standard);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void a_value_of_the_wrong_kind_names_its_key(String key) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(with(key, Map.of("what", "is this"))))
        .satisfies(
            e -> assertThat(e.problems()).extracting(SettingsException.Problem::key).contains(key))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .allMatch(p -> !p.found().isBlank() && !p.allowed().isBlank()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tandem.node.name            | two words   | letters, digits and dashes
          tandem.node.roles           | [king]      | edge, control, api, or all
          tandem.node.roles           | []          | edge, control, api, or all
          tandem.cluster.port         | 65536       | 0 to 65535
          tandem.cluster.seeds        | [here]      | host:port
          tandem.cluster.shards       | 0           | 1 to 1024
          tandem.cluster.idle         | 0 s         | 1 s to
          tandem.database.url         | jdbc:mysql:x| jdbc:postgresql:
          tandem.database.connections | 0           | 1 to 64
          tandem.keys.master          | abc         | 64 hexadecimal digits
          tandem.proofs.key           | abc         | 64 hexadecimal digits
          tandem.proofs.anchors       | [here]      | directory:PATH
          tandem.sip.port             | -1          | 0 to 65535
          tandem.sip.t1               | 10 ms       | 50 ms to 2 s
          tandem.sip.min-expires      | 2 h         | 1 s to 3600 s
          tandem.sip.callers          | some        | any or known
          tandem.sip.limits.message-bytes | 100     | 1500 to 1048576
          tandem.sip.limits.idle-timeout | 1 s      | 10 s to 86400 s
          tandem.sip.defence.trusted  | [example.com] | addresses or ranges
          tandem.sip.hep.collector    | homer       | host:port
          tandem.sip.tls.certificates | [alone.pem] | CHAIN.pem KEY.pem
          tandem.sip.tls.client-certificates | maybe | none, wanted or required
          tandem.sip.tls.lowest       | TLSv1       | TLSv1.2 or TLSv1.3
          tandem.sip.websocket.port   | -2          | -1 to 65535
          tandem.sip.websocket.path   | sip         | begins with a slash
          tandem.rtp.ports            | 20001-20010 | FIRST-LAST
          tandem.rtp.ports            | 20010-20001 | FIRST-LAST
          tandem.media.voice.ringback | xx          | us, de or gb
          tandem.media.loop           | select      | auto, netty, native
          tandem.media.precedence     | first       | real-time, favoured, ordinary
          tandem.media.security       | zrtp        | none, optional, required, dtls
          tandem.http.operator-token  | short       | at least 16 characters
          tandem.edge.dead-after      | 1 s         | 2 s to 300 s
          tandem.wallet.hold-age      | 1 s         | 60 s
          tandem.market.cooldown.rungs| []          | at least one duration
          tandem.market.cooldown.threshold-percent | 101 | 1 to 100
          """)
  void a_value_that_is_not_allowed_is_named_with_what_is(String key, String value, String allowed) {
    String written = value.startsWith("[") ? value : '"' + value + '"';
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(ConfigFactory.parseString(key + " = " + written)))
        .withMessageContaining(key)
        .withMessageContaining(allowed);
  }

  @Test
  void a_key_nobody_knows_is_refused_with_the_ones_that_stand_beside_it() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(with("tandem.sip.prot", 5060)))
        .withMessageContaining("tandem.sip.prot")
        .withMessageContaining("tandem.sip.port");
  }

  @Test
  void all_mistakes_are_told_at_once_and_secrets_are_not_shown() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () ->
                Settings.of(
                    with("tandem.keys.master", "my-own-secret")
                        .withFallback(with("tandem.http.operator-token", "hush"))
                        .withFallback(with("tandem.sip.port", 70_000))))
        .satisfies(e -> assertThat(e.problems()).hasSize(3))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("my-own-secret", "hush"));
  }
}

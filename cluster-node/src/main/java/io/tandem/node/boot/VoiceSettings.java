package io.tandem.node.boot;

import io.tandem.protocol.media.playout.Tones;
import java.time.Duration;
import java.util.Locale;

/**
 * What decodes, plays, speaks, mixes and records; {@code tandem.media.voice} of the file.
 *
 * @param threads that do so; 0: half of the processors
 * @param ringback the tone plan of a caller who was told something: {@code us}, {@code de}, {@code
 *     gb}
 * @param holdMusic empty for the built-in music, {@link #NONE}, or a WAV file
 * @param speech who speaks texts
 * @param recordings where they are kept; empty: in the node's directory
 * @param opus recordings are Ogg/Opus in place of WAV
 * @param s3 where finished recordings go
 */
public record VoiceSettings(
    int threads,
    Tones.Country ringback,
    String holdMusic,
    Speaking speech,
    String recordings,
    boolean opus,
    S3 s3) {
  /** No music of ours: who is on hold hears what the holder sends, if anything. */
  static final String NONE = "none";

  private static final Duration LIMIT_LEAST = Duration.ofSeconds(1);

  /** What makes sound of text. */
  public enum Engine {
    BUILT_IN,
    ESPEAK_NG,
    HTTP
  }

  /**
   * Who speaks texts (TEL-7).
   *
   * @param language of espeak-ng
   * @param url of the provider over HTTP, and the key, the model and the voice it wants
   * @param limit for a text as a whole
   */
  public record Speaking(
      Engine engine,
      String language,
      String url,
      String key,
      String model,
      String voice,
      Duration limit) {
    static Speaking read(SettingsReader in) {
      return new Speaking(
          in.parsed(
              "media.voice.speech.engine",
              "built-in, espeak-ng or http",
              text -> Engine.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')),
              Engine.BUILT_IN),
          in.text("media.voice.speech.language"),
          in.text("media.voice.speech.url"),
          in.secret("media.voice.speech.key"),
          in.text("media.voice.speech.model"),
          in.text("media.voice.speech.voice"),
          in.duration("media.voice.speech.limit", LIMIT_LEAST, Duration.ofMinutes(2)));
    }

    @Override
    public String toString() {
      return "Speaking[" + engine + ", " + language + ", " + url + ", masked, " + limit + "]";
    }
  }

  /**
   * A service that speaks S3; none where the endpoint is empty.
   *
   * @param accessKey and its secret, which is shown nowhere
   * @param limit for one upload or download as a whole
   */
  public record S3(
      String endpoint,
      String region,
      String bucket,
      String prefix,
      String accessKey,
      String secretKey,
      Duration limit) {
    static S3 read(SettingsReader in) {
      return new S3(
          in.text("media.voice.s3.endpoint"),
          in.text("media.voice.s3.region"),
          in.text("media.voice.s3.bucket"),
          in.text("media.voice.s3.prefix"),
          in.text("media.voice.s3.access-key"),
          in.secret("media.voice.s3.secret-key"),
          in.duration("media.voice.s3.limit", LIMIT_LEAST, Duration.ofHours(1)));
    }

    @Override
    public String toString() {
      return "S3[" + endpoint + ", " + region + ", " + bucket + ", " + prefix + ", masked]";
    }
  }

  static VoiceSettings read(SettingsReader in) {
    return new VoiceSettings(
        in.integer("media.voice.threads", 0, 64),
        in.parsed(
            "media.voice.ringback",
            "us, de or gb",
            text -> Tones.Country.valueOf(text.toUpperCase(Locale.ROOT)),
            Tones.Country.US),
        in.text("media.voice.hold-music"),
        Speaking.read(in),
        in.text("media.voice.recordings"),
        in.parsed("media.voice.recording-format", "wav or opus", VoiceSettings::isOpus, false),
        S3.read(in));
  }

  private static boolean isOpus(String format) {
    return switch (format) {
      case "opus" -> true;
      case "wav" -> false;
      default -> throw new IllegalArgumentException(format);
    };
  }
}

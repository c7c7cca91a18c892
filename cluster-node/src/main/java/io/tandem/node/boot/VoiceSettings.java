package io.tandem.node.boot;

import io.tandem.protocol.media.playout.Tones;
import java.util.Locale;

/**
 * What decodes, plays and mixes; {@code tandem.media.voice} of the file.
 *
 * @param threads that do so; 0: half of the processors
 * @param ringback the tone plan of a caller who was told something: {@code us}, {@code de}, {@code
 *     gb}
 * @param recordings where they are kept; empty: in the node's directory
 * @param holdMusic empty for the built-in music, {@link #NONE}, or a WAV file
 */
public record VoiceSettings(
    int threads, Tones.Country ringback, String recordings, String holdMusic) {
  /** No music of ours: who is on hold hears what the holder sends, if anything. */
  static final String NONE = "none";

  static VoiceSettings read(SettingsReader in) {
    return new VoiceSettings(
        in.integer("media.voice.threads", 0, 64),
        in.parsed(
            "media.voice.ringback",
            "us, de or gb",
            text -> Tones.Country.valueOf(text.toUpperCase(Locale.ROOT)),
            Tones.Country.US),
        in.text("media.voice.recordings"),
        in.text("media.voice.hold-music"));
  }
}

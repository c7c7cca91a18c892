package io.tandem.node.boot;

/**
 * What decodes, plays and mixes; {@code tandem.media.voice} of the file.
 *
 * @param threads that do so; 0: half of the processors
 * @param holdMusic empty for the built-in music, {@link #NONE}, or a WAV file
 */
public record VoiceSettings(int threads, String holdMusic) {
  /** No music of ours: who is on hold hears what the holder sends, if anything. */
  static final String NONE = "none";

  static VoiceSettings read(SettingsReader in) {
    return new VoiceSettings(
        in.integer("media.voice.threads", 0, 64), in.text("media.voice.hold-music"));
  }
}

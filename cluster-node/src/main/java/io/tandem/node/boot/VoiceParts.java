package io.tandem.node.boot;

import io.tandem.node.edge.voice.VoiceDesk;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.playout.HoldMusic;
import io.tandem.protocol.media.playout.Prompt;
import io.tandem.protocol.media.playout.Tones;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.speech.FreeTtsSpeech;
import io.tandem.protocol.media.speech.SpokenTexts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the voice path of a node from its configuration. */
final class VoiceParts {
  private static final int TEXTS_KEPT = 200;
  private static final String HOLD_MUSIC = "tandem.media.voice.hold-music: ";

  private VoiceParts() {}

  static VoiceDesk desk(Node node, MediaAnchor anchor) {
    VoiceSettings settings = node.settings().voice();
    int processors = Runtime.getRuntime().availableProcessors();
    int threads = settings.threads() == 0 ? Math.max(1, processors / 2) : settings.threads();
    return new VoiceDesk(
        threads,
        anchor.nanoClock(),
        new VoiceDesk.Sounds(
            holdMusic(settings.holdMusic()),
            Tones.ringback(settings.ringback()),
            new SpokenTexts(new FreeTtsSpeech(), TEXTS_KEPT)),
        recordings(node),
        node.blocking());
  }

  static RecordingShelf recordings(Node node) {
    String wanted = node.settings().voice().recordings();
    Path directory =
        wanted.isEmpty() ? node.settings().directory().resolve("recordings") : Path.of(wanted);
    return new RecordingShelf(
        directory, node.settings().name(), node.stores().keys(), node.parts().wall());
  }

  private static Optional<Sound> holdMusic(String wanted) {
    if (wanted.equals(VoiceSettings.NONE)) {
      return Optional.empty();
    }
    if (wanted.isEmpty()) {
      return Optional.of(HoldMusic.built());
    }
    try (InputStream file = Files.newInputStream(Path.of(wanted))) {
      return switch (Prompt.wav(file)) {
        case Prompt.Reading.Read(Prompt prompt) -> Optional.of(prompt.looped());
        case Prompt.Reading.Refused(String reason) ->
            throw new CannotStart(HOLD_MUSIC + reason, new IllegalArgumentException(reason));
      };
    } catch (IOException | InvalidPathException unreadable) {
      throw new CannotStart(HOLD_MUSIC + unreadable, unreadable);
    }
  }
}

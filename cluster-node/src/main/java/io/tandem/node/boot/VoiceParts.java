package io.tandem.node.boot;

import io.tandem.node.edge.voice.VoiceDesk;
import io.tandem.node.recording.FolderFiles;
import io.tandem.node.recording.RecordingFiles;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.node.recording.SpooledFiles;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.playout.HoldMusic;
import io.tandem.protocol.media.playout.Prompt;
import io.tandem.protocol.media.playout.Tones;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.speech.EspeakSpeech;
import io.tandem.protocol.media.speech.FreeTtsSpeech;
import io.tandem.protocol.media.speech.HttpSpeech;
import io.tandem.protocol.media.speech.Speech;
import io.tandem.protocol.media.speech.SpokenTexts;
import io.tandem.protocol.media.store.AccessKey;
import io.tandem.protocol.media.store.RecordingSpool;
import io.tandem.protocol.media.store.S3Settings;
import io.tandem.protocol.media.store.S3Store;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the voice path of a node from its configuration. */
public final class VoiceParts {
  private static final int TEXTS_KEPT = 200;
  private static final String SPEECH = "tandem.media.voice.speech: ";
  private static final String S3 = "tandem.media.voice.s3: ";
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
            new SpokenTexts(speech(settings.speech()), TEXTS_KEPT)),
        recordings(node, true),
        node.blocking(),
        node.meters());
  }

  private static Speech speech(VoiceSettings.Speaking wanted) {
    try {
      return switch (wanted.engine()) {
        case BUILT_IN -> new FreeTtsSpeech();
        case ESPEAK_NG ->
            speaking(new EspeakSpeech("espeak-ng", wanted.language(), wanted.limit()));
        case HTTP ->
            new HttpSpeech(
                new HttpSpeech.Provider(
                    URI.create(wanted.url()),
                    wanted.key(),
                    wanted.model(),
                    wanted.voice(),
                    wanted.limit()));
      };
    } catch (IllegalArgumentException unusable) {
      throw new CannotStart(SPEECH + unusable.getMessage(), unusable);
    }
  }

  /** A program that is not there, or does not know the language, is told at the start. */
  private static Speech speaking(Speech program) {
    return switch (program.speak("one")) {
      case Speech.Spoken.Said said -> program;
      case Speech.Spoken.Failed(String reason) -> throw new IllegalArgumentException(reason);
    };
  }

  /**
   * @param writes whether this is the one shelf of the process that calls are recorded to
   */
  static RecordingShelf recordings(Node node, boolean writes) {
    return recordings(node.settings(), node.stores().keys(), node.parts().wall(), writes);
  }

  /** The same without a node, to read. */
  public static RecordingShelf recordings(
      Settings of, KeyStore keys, InstantSource wall, boolean writes) {
    VoiceSettings settings = of.voice();
    String wanted = settings.recordings();
    Path directory =
        (wanted.isEmpty() ? of.directory().resolve("recordings") : Path.of(wanted))
            .toAbsolutePath()
            .normalize();
    return new RecordingShelf(
        files(directory, settings.s3(), writes, wall),
        settings.opus() ? RecordingShelf.Format.OPUS : RecordingShelf.Format.WAV,
        of.name(),
        keys,
        wall);
  }

  private static RecordingFiles files(
      Path directory, VoiceSettings.S3 wanted, boolean writes, InstantSource wall) {
    if (wanted.endpoint().isEmpty()) {
      return new FolderFiles(directory);
    }
    S3Store store;
    try {
      store =
          new S3Store(
              new S3Settings(
                  URI.create(wanted.endpoint()),
                  wanted.region(),
                  wanted.bucket(),
                  wanted.prefix(),
                  new AccessKey(wanted.accessKey(), wanted.secretKey()),
                  wanted.limit()),
              wall);
    } catch (IllegalArgumentException unusable) {
      throw new CannotStart(S3 + unusable.getMessage(), unusable);
    }
    if (!writes) {
      return SpooledFiles.reading(directory, store);
    }
    return switch (RecordingSpool.open(directory, store)) {
      case RecordingSpool.Opening.Opened(RecordingSpool spool, int leftBehind) ->
          SpooledFiles.writing(directory, store, spool);
      case RecordingSpool.Opening.Refused(String reason) ->
          throw new CannotStart(S3 + reason, new IllegalStateException(reason));
    };
  }

  private static Optional<Sound> holdMusic(String wanted) {
    Optional<Sound> music = readHoldMusic(wanted);
    for (VoiceCodec codec : VoiceCodec.values()) {
      // resampled here and now, not on the signalling loop when the first caller is put on hold
      music.ifPresent(sound -> sound.at(codec.sampleRateHz()));
    }
    return music;
  }

  private static Optional<Sound> readHoldMusic(String wanted) {
    if (wanted.equals(VoiceSettings.NONE)) {
      return Optional.empty();
    }
    if (wanted.isEmpty()) {
      return Optional.of(HoldMusic.built());
    }
    try (InputStream file = Files.newInputStream(Path.of(wanted))) {
      return switch (Prompt.read(file)) {
        case Prompt.Reading.Read(Prompt prompt) -> Optional.of(prompt.looped());
        case Prompt.Reading.Refused(String reason) ->
            throw new CannotStart(HOLD_MUSIC + reason, new IllegalArgumentException(reason));
      };
    } catch (IOException | InvalidPathException unreadable) {
      throw new CannotStart(HOLD_MUSIC + unreadable, unreadable);
    }
  }
}

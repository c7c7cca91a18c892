package io.tandem.protocol.media.speech;

import io.tandem.protocol.media.playout.Prompt;

/** Makes sound of text (TEL-7). May take as long as the text; never call it from a beat. */
public interface Speech extends AutoCloseable {
  /** What speaking comes to. */
  sealed interface Spoken {
    /** It can be played. */
    record Said(Prompt prompt) implements Spoken {}

    /**
     * It could not be spoken.
     *
     * @param reason without the text, for logs
     */
    record Failed(String reason) implements Spoken {}
  }

  /** Name and version of the voice: another one makes other sound of the same text. */
  String voice();

  /** Speaks a text of at most {@link SpokenTexts#MAX_CHARACTERS}. */
  Spoken speak(String text);

  /** Nothing is spoken any more. */
  @Override
  default void close() {}
}

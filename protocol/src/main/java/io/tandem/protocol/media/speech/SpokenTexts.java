package io.tandem.protocol.media.speech;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Speaks each text once: the sound is kept by the hash of voice and text, the least used ones are
 * given up. Thread-safe; two threads that want one new text wait for one speaking.
 */
public final class SpokenTexts implements AutoCloseable {
  /** The longest text that is spoken. */
  public static final int MAX_CHARACTERS = 2000;

  private final Speech speech;
  private final Map<String, Speech.Spoken.Said> kept;
  private final Map<String, FutureTask<Speech.Spoken>> underWay = new HashMap<>();

  /**
   * @param maxKept texts kept at once
   */
  public SpokenTexts(Speech speech, int maxKept) {
    this.speech = speech;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Speech.Spoken.Said> eldest) {
            return size() > maxKept;
          }
        };
  }

  /** The sound of a text; a failure is not kept. Waits for the voice, not for other texts. */
  public Speech.Spoken say(String text) {
    if (text.isBlank() || text.length() > MAX_CHARACTERS) {
      return new Speech.Spoken.Failed("a text of 1 to " + MAX_CHARACTERS + " characters");
    }
    String key = key(text);
    FutureTask<Speech.Spoken> speaking;
    boolean ours;
    synchronized (this) {
      Speech.Spoken.Said known = kept.get(key);
      if (known != null) {
        return known;
      }
      FutureTask<Speech.Spoken> others = underWay.get(key);
      ours = others == null;
      speaking = others == null ? new FutureTask<>(() -> speech.speak(text)) : others;
      underWay.put(key, speaking);
    }
    if (ours) {
      speaking.run();
      keep(key, speaking);
    }
    return spoken(speaking);
  }

  private synchronized void keep(String key, FutureTask<Speech.Spoken> speaking) {
    underWay.remove(key);
    if (spoken(speaking) instanceof Speech.Spoken.Said said) {
      kept.put(key, said);
    }
  }

  private static Speech.Spoken spoken(FutureTask<Speech.Spoken> speaking) {
    try {
      return speaking.get();
    } catch (ExecutionException broken) {
      return new Speech.Spoken.Failed("the voice broke: " + broken.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return new Speech.Spoken.Failed("interrupted");
    }
  }

  private String key(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(speech.voice().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JVM has SHA-256", missing);
    }
  }

  /** Nothing is spoken any more. */
  @Override
  public void close() {
    speech.close();
  }
}

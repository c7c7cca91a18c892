package io.tandem.protocol.media.voice;

/** Hears the keys a party presses; called by the leg's packet thread, must not wait. */
@FunctionalInterface
public interface KeyListener {
  /**
   * A key, once.
   *
   * @param key 0–9, *, #, A–D; never for logs
   */
  void key(char key);
}

package io.tandem.persistence.proof;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/** Anchors by the words of a configuration. */
public final class Anchors {

  /** What {@link #of} takes, for messages. */
  public static final String ALLOWED = "file:PATH, directory:PATH, or an http or https address";

  private Anchors() {}

  /** Whether {@link #of} takes these words. */
  public static boolean allows(String words) {
    try {
      Anchor unused = of(words, Path.of(""));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * {@code file:PATH} is a {@link FileAnchor}, {@code directory:PATH} an {@link ObjectAnchor} in a
   * {@link DirectoryStore}, {@code http://…} and {@code https://…} an {@link HttpAnchor}.
   *
   * @param base what relative paths are below
   * @throws IllegalArgumentException for any other words
   */
  public static Anchor of(String words, Path base) {
    String lower = words.toLowerCase(Locale.ROOT);
    if (lower.startsWith("file:") && words.length() > 5) {
      return new FileAnchor(base.resolve(words.substring(5)));
    }
    if (lower.startsWith("directory:") && words.length() > 10) {
      return new ObjectAnchor(new DirectoryStore(base.resolve(words.substring(10))));
    }
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      URI url = URI.create(words);
      if (url.getHost() != null) {
        return new HttpAnchor(url);
      }
    }
    throw new IllegalArgumentException("found '" + words + "', allowed: " + ALLOWED);
  }
}

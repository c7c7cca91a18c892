package io.tandem.persistence.proof;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/** Anchors by the words of a configuration. */
public final class Anchors {

  /** What {@link #of} takes, for messages. */
  public static final String ALLOWED =
      "file:PATH, directory:PATH, an http or https address, or"
          + " s3:https://HOST/BUCKET/PREFIX?region=REGION";

  /** Opens object stores that are reached over a network. */
  @FunctionalInterface
  public interface Remote {
    /**
     * @param address such as {@code https://s3.eu-central-1.amazonaws.com/bucket/tandem?region=…}
     * @throws IllegalArgumentException where it is none
     */
    ObjectStore open(URI address);
  }

  private static final Remote NONE =
      address -> {
        throw new IllegalArgumentException("no object store is reached from here");
      };

  private Anchors() {}

  /** Whether {@link #of} takes these words. */
  public static boolean allows(String words, Remote remote) {
    try {
      Anchor unused = of(words, Path.of(""), remote);
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
    return of(words, base, NONE);
  }

  /** The same, and {@code s3:https://…} an {@link ObjectAnchor} in what {@code remote} opens. */
  public static Anchor of(String words, Path base, Remote remote) {
    String lower = words.toLowerCase(Locale.ROOT);
    if (lower.startsWith("file:") && words.length() > 5) {
      return new FileAnchor(base.resolve(words.substring(5)));
    }
    if (lower.startsWith("directory:") && words.length() > 10) {
      return new ObjectAnchor(new DirectoryStore(base.resolve(words.substring(10))));
    }
    if (lower.startsWith("s3:http")) {
      return new ObjectAnchor(remote.open(URI.create(words.substring(3))));
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

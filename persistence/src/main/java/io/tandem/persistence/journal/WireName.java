package io.tandem.persistence.journal;

/**
 * The stable name of a record on the wire and on disk, such as {@code wallet.held/1}.
 *
 * @param name lower-case words joined by dots and dashes, first the noun
 * @param version from 1; raised when the shape changes, with an {@link Upcaster} from the old one
 */
public record WireName(String name, int version) {

  public WireName {
    if (name.isEmpty() || version < 1 || !isPlain(name)) {
      throw new IllegalArgumentException(
          "a wire name is lower-case words and a version from 1, not '"
              + name
              + "/"
              + version
              + "'");
    }
  }

  /** Reads {@code name/version}. */
  public static WireName parse(String text) {
    int slash = text.lastIndexOf('/');
    try {
      return new WireName(
          text.substring(0, Math.max(slash, 0)), Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no version in wire name '" + text + "'", e);
    }
  }

  @Override
  public String toString() {
    return name + '/' + version;
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
      if (!plain) {
        return false;
      }
    }
    return true;
  }
}

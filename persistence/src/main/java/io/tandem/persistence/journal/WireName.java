package io.tandem.persistence.journal;

import java.util.concurrent.atomic.AtomicReferenceArray;

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

  /** Names that were looked at before, each at the place of its text: they come by the million. */
  private static final AtomicReferenceArray<WireName> KNOWN = new AtomicReferenceArray<>(1 << 8);

  /** The same as the constructor, without looking at every letter of it each time. */
  static WireName of(String name, int version) {
    int place = (name.hashCode() * 31 + version) & (KNOWN.length() - 1);
    WireName known = KNOWN.getPlain(place);
    if (known != null && known.version == version && known.name.equals(name)) {
      return known;
    }
    WireName made = new WireName(name, version);
    KNOWN.setRelease(place, made);
    return made;
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

package io.tandem.protocol.sip.sdp;

import org.jspecify.annotations.Nullable;

/**
 * One {@code type=value} line (RFC 8866 section 5).
 *
 * @param type a letter
 * @param value what follows the equals sign, as written, without the line end
 */
public record SdpLine(char type, String value) {

  public SdpLine {
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("an SDP line is one line");
    }
  }

  static SdpLine attribute(String nameAndValue) {
    return new SdpLine('a', nameAndValue);
  }

  /** Whether this is {@code a=name} or {@code a=name:…}. */
  boolean isAttribute(String name) {
    return type == 'a'
        && value.startsWith(name)
        && (value.length() == name.length() || value.charAt(name.length()) == ':');
  }

  /** The value of this attribute when it has that name: empty for a flag; null for another line. */
  @Nullable String attributeValue(String name) {
    if (!isAttribute(name)) {
      return null;
    }
    return value.length() == name.length() ? "" : value.substring(name.length() + 1);
  }

  @Override
  public String toString() {
    return type + "=" + value;
  }
}

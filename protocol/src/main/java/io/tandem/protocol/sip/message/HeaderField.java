package io.tandem.protocol.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * One header line: canonical name and value. The value's parsed form is kept with it, so that a
 * field copied from a request into its response is never parsed or formatted again.
 */
public final class HeaderField {
  private final String name;
  private @Nullable String value;
  private @Nullable Object parsed;

  private HeaderField(String name, @Nullable String value, @Nullable Object parsed) {
    this.name = name;
    this.value = value;
    this.parsed = parsed;
  }

  /**
   * A field of ours.
   *
   * @throws IllegalArgumentException when the name is no token or the value not one line
   */
  public static HeaderField of(String name, String value) {
    if (!Chars.isToken(name)) {
      throw new IllegalArgumentException("a header name must be a token");
    }
    return new HeaderField(HeaderName.canonical(name), Quoted.requireOneLine(value), null);
  }

  /** A field from a value of this package (Via, NameAddress, CSeq, AuthParams). */
  static HeaderField ofValue(String canonicalName, Object parsed) {
    return new HeaderField(canonicalName, null, parsed);
  }

  /** A field whose text is known too. */
  static HeaderField ofBoth(String canonicalName, String value, Object parsed) {
    return new HeaderField(canonicalName, value, parsed);
  }

  static HeaderField fromWire(String canonicalName, String value) {
    return new HeaderField(canonicalName, value, null);
  }

  public String name() {
    return name;
  }

  public String value() {
    String text = value;
    if (text == null) {
      text = String.valueOf(parsed);
      value = text;
    }
    return text;
  }

  /** The parsed form; a name has one grammar only, so what is kept is of its type. */
  @SuppressWarnings("unchecked")
  <T> T parsed(Grammar<T> grammar) throws SipSyntax {
    Object known = parsed;
    if (known == null) {
      known = grammar.read(value());
      parsed = known;
    }
    return (T) known;
  }

  boolean isNamed(String canonicalName) {
    return name.equalsIgnoreCase(
        canonicalName); // the same object, nearly always, or another length
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeaderField field
        && name.equalsIgnoreCase(field.name)
        && value().equals(field.value());
  }

  @Override
  public int hashCode() {
    return value().hashCode();
  }

  @Override
  public String toString() {
    return name + ": " + value();
  }

  /** Reads a header value. */
  @FunctionalInterface
  interface Grammar<T> {
    T read(String text) throws SipSyntax;
  }
}

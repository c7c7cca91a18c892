package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a message in their order; immutable. Lists of addresses and Vias are one
 * field a value (a comma-separated line is split when read), Content-Length is not among them: it
 * follows from the body. Names are taken in any case, and in canonical spelling fastest.
 */
public final class SipHeaders implements Iterable<HeaderField> {
  public static final SipHeaders NONE = new SipHeaders(new HeaderField[0]);

  private final HeaderField[] fields;

  private SipHeaders(HeaderField[] fields) {
    this.fields = fields;
  }

  static SipHeaders of(List<HeaderField> fields) {
    return new SipHeaders(fields.toArray(new HeaderField[0]));
  }

  @Nullable HeaderField firstField(String name) {
    for (HeaderField field : fields) {
      if (field.isNamed(name)) {
        return field;
      }
    }
    return null;
  }

  /** The value of the first field of that name, or null. */
  public @Nullable String first(String name) {
    HeaderField field = firstField(name);
    return field == null ? null : field.value();
  }

  /** The values of all fields of that name, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (HeaderField field : fields) {
      if (field.isNamed(name)) {
        values.add(field.value());
      }
    }
    return values;
  }

  /** The fields of that name themselves, to copy them into another message. */
  public List<HeaderField> fieldsNamed(String name) {
    List<HeaderField> named = new ArrayList<>(2);
    for (HeaderField field : fields) {
      if (field.isNamed(name)) {
        named.add(field);
      }
    }
    return named;
  }

  public int size() {
    return fields.length;
  }

  /** With this one field in the place of the first of its name, others of that name gone. */
  public SipHeaders with(HeaderField field) {
    List<HeaderField> next = new ArrayList<>(fields.length + 1);
    boolean placed = false;
    for (HeaderField old : fields) {
      if (!old.isNamed(field.name())) {
        next.add(old);
      } else if (!placed) {
        next.add(field);
        placed = true;
      }
    }
    if (!placed) {
      next.add(field);
    }
    return of(next);
  }

  /** With the first field of its name replaced, others of that name kept: a Via seen by us. */
  public SipHeaders replacingFirst(HeaderField field) {
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].isNamed(field.name())) {
        HeaderField[] next = fields.clone();
        next[i] = field;
        return new SipHeaders(next);
      }
    }
    return adding(field);
  }

  /** With the field at the end. */
  public SipHeaders adding(HeaderField field) {
    HeaderField[] next = Arrays.copyOf(fields, fields.length + 1);
    next[fields.length] = field;
    return new SipHeaders(next);
  }

  /** With the field before all others: a Via or Record-Route of ours. */
  public SipHeaders addingFirst(HeaderField field) {
    HeaderField[] next = new HeaderField[fields.length + 1];
    next[0] = field;
    System.arraycopy(fields, 0, next, 1, fields.length);
    return new SipHeaders(next);
  }

  /** Without any field of that name. */
  public SipHeaders without(String name) {
    List<HeaderField> next = new ArrayList<>(fields.length);
    for (HeaderField field : fields) {
      if (!field.isNamed(name)) {
        next.add(field);
      }
    }
    return next.size() == fields.length ? this : of(next);
  }

  /** Without the first field of that name. */
  public SipHeaders withoutFirst(String name) {
    List<HeaderField> next = new ArrayList<>(Arrays.asList(fields));
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].isNamed(name)) {
        next.remove(i);
        return of(next);
      }
    }
    return this;
  }

  @Override
  public Iterator<HeaderField> iterator() {
    return Arrays.asList(fields).iterator();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SipHeaders headers && Arrays.equals(fields, headers.fields);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields);
  }
}

package io.tandem.persistence.journal.cbor;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes records of one class to the bytes, to the last one, that Jackson makes of them: every
 * component, by its name, in the order of its declaration, after the {@link JsonTypeName} of a
 * family where it is of one.
 *
 * <p>There is none for a class that holds something {@link WritingMaker} does not know.
 * Thread-safe; make one and keep it.
 */
public final class RecordWriting {

  /** What a page is begun with where nothing was written before. */
  private static final int FIRST_LENGTH = 256;

  /** A page for something long grows; it is not begun with every time after. */
  private static final int USUAL_MAX = 8 << 10;

  /** Room a value more or less may take. */
  private static final int SLACK = 32;

  /** Writes one value that is there; where there is none, null is written without it. */
  @FunctionalInterface
  public interface Writing {
    void of(CborPen out, Object value);
  }

  /** How values are written that this package knows nothing of; null where they are not known. */
  @FunctionalInterface
  public interface Leaves {
    @Nullable Writing written(Class<?> raw, Type type);
  }

  private final Plan plan;

  /** About how long what is written is; a race does no harm. */
  private int usual = FIRST_LENGTH;

  private RecordWriting(Plan plan) {
    this.plan = plan;
  }

  /** How a class of record is written; empty where it is left to the general library. */
  public static Optional<RecordWriting> of(Class<? extends Record> type, Leaves leaves) {
    return Optional.ofNullable(new WritingMaker(leaves).made(type)).map(RecordWriting::new);
  }

  /**
   * The bytes of a record, of exactly the class this was made for.
   *
   * @throws RuntimeException {@link Unlike} and others where the general library is to write it, or
   *     to say why it cannot be written
   */
  public byte[] written(Record record) {
    CborPen pen = new CborPen(usual + SLACK);
    plan.of(pen, record);
    byte[] written = pen.written();
    if (written.length > usual) {
      usual = Math.min(written.length, USUAL_MAX);
    }
    return written;
  }

  /** How records of one class are written, wherever they stand. */
  static final class Plan implements Writing, RecordTeller.Listener {

    private enum Plain {
      TEXT,
      OTHER
    }

    private final byte[] opening;
    private final byte[][] keys;
    private final Plain[] plain;
    private final Writing[] writings;
    private final RecordTeller teller;

    /**
     * @param opening what every record of the class begins with
     * @param writings how its components are written
     */
    Plan(Class<? extends Record> type, byte[] opening, Writing[] writings) {
      RecordComponent[] components = type.getRecordComponents();
      this.opening = opening;
      this.keys = new byte[components.length][];
      this.plain = new Plain[components.length];
      this.writings = writings;
      this.teller = RecordTeller.forClass(type);
      for (int i = 0; i < components.length; i++) {
        keys[i] = CborPen.alone(components[i].getName());
        plain[i] = components[i].getType() == String.class ? Plain.TEXT : Plain.OTHER;
      }
    }

    @Override
    public void of(CborPen out, Object value) {
      out.put(opening);
      teller.tell((Record) value, this, out);
      out.close();
    }

    @Override
    public void number(CborPen out, int component, long value) {
      out.put(keys[component]);
      out.number(value);
    }

    @Override
    public void truth(CborPen out, int component, boolean value) {
      out.put(keys[component]);
      out.truth(value);
    }

    @Override
    public void value(CborPen out, int component, @Nullable Object value) {
      out.put(keys[component]);
      if (value == null) {
        out.nothing();
      } else if (plain[component] == Plain.TEXT) {
        out.text((String) value);
      } else {
        writings[component].of(out, value);
      }
    }
  }
}

package io.tandem.persistence.journal.cbor;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * Tells the components of a record in the order of their declaration, each by its accessor and
 * without boxing it. Each class of record gets a few instructions of its own, for the reason its
 * {@link RecordMaker} does.
 */
public interface RecordTeller {

  /** Who is told the components of one class of record. */
  interface Listener {

    /** A component is a whole number. */
    void number(CborPen out, int component, long value);

    /** A component is a boolean. */
    void truth(CborPen out, int component, boolean value);

    /** A component is of another type, or boxed, or not there. */
    void value(CborPen out, int component, @Nullable Object value);
  }

  /** Tells a record of the class this was made for. */
  void tell(Record record, Listener to, CborPen out);

  /**
   * One for a class; of its nest, so that it may be private there.
   *
   * @throws IllegalArgumentException where a component is of a primitive type that is not stored
   */
  static RecordTeller forClass(Class<? extends Record> type) {
    return Nestmate.of(
        type,
        RecordTeller.class,
        "tell",
        MethodTypeDesc.of(
            ConstantDescs.CD_void,
            Nestmate.desc(Record.class),
            Nestmate.desc(Listener.class),
            Nestmate.desc(CborPen.class)),
        body -> tell(body, Nestmate.desc(type), type.getRecordComponents()));
  }

  private static void tell(CodeBuilder body, ClassDesc record, RecordComponent[] components) {
    int typed = 4; // after this, the record, the listener and the pen
    CodeBuilder unused = body.aload(1).checkcast(record).astore(typed);
    for (int i = 0; i < components.length; i++) {
      Class<?> type = components[i].getType();
      unused =
          body.aload(2)
              .aload(3)
              .loadConstant(i)
              .aload(typed)
              .invokevirtual(
                  record,
                  components[i].getAccessor().getName(),
                  MethodTypeDesc.of(Nestmate.desc(type)));
      if (!type.isPrimitive()) {
        call(body, "value", ConstantDescs.CD_Object);
      } else if (type == boolean.class) {
        call(body, "truth", ConstantDescs.CD_boolean);
      } else if (type == long.class) {
        call(body, "number", ConstantDescs.CD_long);
      } else if (type == int.class) {
        unused = body.i2l();
        call(body, "number", ConstantDescs.CD_long);
      } else {
        throw new IllegalArgumentException("a component of type " + type);
      }
    }
    unused = body.return_();
  }

  private static void call(CodeBuilder body, String method, ClassDesc value) {
    CodeBuilder unused =
        body.invokeinterface(
            Nestmate.desc(Listener.class),
            method,
            MethodTypeDesc.of(
                ConstantDescs.CD_void, Nestmate.desc(CborPen.class), ConstantDescs.CD_int, value));
  }
}

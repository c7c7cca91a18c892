package io.tandem.persistence.journal.cbor;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Calls the canonical constructor of a class of record. Each class gets a few instructions of its
 * own, as if they were written by hand: through reflection or a method handle that is no constant a
 * record costs several times as much.
 */
public interface RecordMaker {

  /**
   * A record of its components, boxed, in the order of their declaration.
   *
   * @throws RuntimeException what the constructor throws, and {@link NullPointerException} where a
   *     primitive is missing
   */
  Record of(@Nullable Object[] components);

  /** One for a class; of its nest, so that it may be private there. */
  static RecordMaker forClass(Class<? extends Record> type) {
    return Nestmate.of(
        type,
        RecordMaker.class,
        "of",
        MethodTypeDesc.of(Nestmate.desc(Record.class), ConstantDescs.CD_Object.arrayType()),
        body -> construct(body, Nestmate.desc(type), type.getRecordComponents()));
  }

  private static void construct(CodeBuilder body, ClassDesc record, RecordComponent[] components) {
    CodeBuilder unused = body.new_(record).dup();
    for (int i = 0; i < components.length; i++) {
      unused = body.aload(1).loadConstant(i).aaload();
      unbox(body, components[i].getType());
    }
    ClassDesc[] parameters =
        Arrays.stream(components)
            .map(each -> Nestmate.desc(each.getType()))
            .toArray(ClassDesc[]::new);
    unused =
        body.invokespecial(
                record,
                ConstantDescs.INIT_NAME,
                MethodTypeDesc.of(ConstantDescs.CD_void, parameters))
            .areturn();
  }

  private static void unbox(CodeBuilder body, Class<?> type) {
    if (!type.isPrimitive()) {
      CodeBuilder unused = body.checkcast(Nestmate.desc(type));
      return;
    }
    ClassDesc box = Nestmate.desc(MethodType.methodType(type).wrap().returnType());
    CodeBuilder unused =
        body.checkcast(box)
            .invokevirtual(box, type.getName() + "Value", MethodTypeDesc.of(Nestmate.desc(type)));
  }
}

package io.tandem.persistence.journal.cbor;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.AccessFlag;
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
    ClassDesc record = type.describeConstable().orElseThrow();
    ClassDesc self = ClassDesc.of(type.getPackageName(), type.getSimpleName() + "Maker");
    RecordComponent[] components = type.getRecordComponents();
    byte[] code =
        ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS) // it has no branches
            .build(
                self,
                made ->
                    made.withFlags(
                            AccessFlag.PUBLIC,
                            AccessFlag.FINAL,
                            AccessFlag.SUPER,
                            AccessFlag.SYNTHETIC)
                        .withInterfaceSymbols(RecordMaker.class.describeConstable().orElseThrow())
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            ClassFile.ACC_PUBLIC,
                            body ->
                                body.aload(0)
                                    .invokespecial(
                                        ConstantDescs.CD_Object,
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody(
                            "of",
                            MethodTypeDesc.of(
                                Record.class.describeConstable().orElseThrow(),
                                ConstantDescs.CD_Object.arrayType()),
                            ClassFile.ACC_PUBLIC,
                            body -> construct(body, record, components)));
    try {
      Lookup inside = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      return (RecordMaker)
          inside
              .defineHiddenClass(code, true, Lookup.ClassOption.NESTMATE)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }

  private static void construct(CodeBuilder body, ClassDesc record, RecordComponent[] components) {
    CodeBuilder unused = body.new_(record).dup();
    for (int i = 0; i < components.length; i++) {
      unused = body.aload(1).loadConstant(i).aaload();
      unbox(body, components[i].getType());
    }
    ClassDesc[] parameters =
        Arrays.stream(components)
            .map(each -> each.getType().describeConstable().orElseThrow())
            .toArray(ClassDesc[]::new);
    unused =
        body.invokespecial(
                record,
                ConstantDescs.INIT_NAME,
                MethodTypeDesc.of(ConstantDescs.CD_void, parameters))
            .areturn();
  }

  private static void unbox(CodeBuilder body, Class<?> type) {
    ClassDesc desc = type.describeConstable().orElseThrow();
    if (!type.isPrimitive()) {
      CodeBuilder unused = body.checkcast(desc);
      return;
    }
    ClassDesc box =
        java.lang.invoke.MethodType.methodType(type)
            .wrap()
            .returnType()
            .describeConstable()
            .orElseThrow();
    CodeBuilder unused =
        body.checkcast(box).invokevirtual(box, type.getName() + "Value", MethodTypeDesc.of(desc));
  }
}

package io.tandem.persistence.journal.cbor;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.reflect.AccessFlag;
import java.util.function.Consumer;

/** A class of one method that is made beside a class of record, and may do what that may. */
final class Nestmate {

  private Nestmate() {}

  /**
   * The only instance of the class that is made.
   *
   * @param role the interface it has, whose only method is {@code method}
   * @param body the method's instructions, without branches
   */
  static <T> T of(
      Class<? extends Record> beside,
      Class<T> role,
      String method,
      MethodTypeDesc type,
      Consumer<CodeBuilder> body) {
    ClassDesc self =
        ClassDesc.of(beside.getPackageName(), beside.getSimpleName() + role.getSimpleName());
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
                        .withInterfaceSymbols(desc(role))
                        .withMethodBody(
                            ConstantDescs.INIT_NAME,
                            ConstantDescs.MTD_void,
                            ClassFile.ACC_PUBLIC,
                            init ->
                                init.aload(0)
                                    .invokespecial(
                                        ConstantDescs.CD_Object,
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void)
                                    .return_())
                        .withMethodBody(method, type, ClassFile.ACC_PUBLIC, body));
    try {
      Lookup inside = MethodHandles.privateLookupIn(beside, MethodHandles.lookup());
      return role.cast(
          inside
              .defineHiddenClass(code, true, Lookup.ClassOption.NESTMATE)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a class has a place for another beside it", e);
    }
  }

  /** How instructions name a class. */
  static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}

package io.tandem.ops.system;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Whole nodes with phones come after everything else, so that a test that only waits ({@link
 * KilledAtEveryEventTest}) does it beside those that only compute.
 */
public final class PeersLast implements ClassOrderer {
  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.comparing(PeersLast::isOfNodes)
                .thenComparing(each -> each.getTestClass().getName()));
  }

  private static boolean isOfNodes(ClassDescriptor each) {
    Class<?> type = each.getTestClass();
    return type.getPackage().equals(PeersLast.class.getPackage())
        && type != KilledAtEveryEventTest.class
        && type != TwoSchemasTest.class;
  }
}

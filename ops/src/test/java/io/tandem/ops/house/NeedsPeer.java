package io.tandem.ops.house;

import java.io.File;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A test that talks to a program nobody here wrote. Where the program is not installed the test is
 * skipped with {@code needs peer: <name>}; {@code .ci/run} installs the peers and fails on that
 * message.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPeer.Condition.class)
public @interface NeedsPeer {
  /** The programs, as found on the PATH, for example {@code sipp}. */
  String[] value();

  /** Skips what needs a program that is not there. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      var needs = AnnotationSupport.findAnnotation(context.getElement(), NeedsPeer.class);
      List<String> missing =
          needs.stream()
              .flatMap(peer -> Stream.of(peer.value()))
              .filter(name -> !isInstalled(name))
              .toList();
      return missing.isEmpty()
          ? ConditionEvaluationResult.enabled("peers are installed")
          : ConditionEvaluationResult.disabled("needs peer: " + String.join(", ", missing));
    }

    static boolean isInstalled(String program) {
      String path = System.getenv().getOrDefault("PATH", "");
      return Stream.of(path.split(File.pathSeparator))
          .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }
  }
}

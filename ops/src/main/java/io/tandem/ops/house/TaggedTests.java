package io.tandem.ops.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tests that say which product rule they keep: {@code @Tag("rule:WAL-2")} on a method or its
 * class.
 */
public final class TaggedTests {
  private static final String PREFIX = "rule:";
  private static final Set<String> TEST_ANNOTATIONS =
      Set.of(
          "Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "FuzzTest");

  private TaggedTests() {}

  /**
   * A test that keeps a rule.
   *
   * @param rule the id, for example {@code WAL-2}
   * @param type the class, nested ones as {@code Outer.Inner}
   * @param sentence what it says: the method's name in words
   */
  public record RuleTest(String rule, String type, String sentence) {}

  /**
   * All rule tests of the given sources, by file, class and method in their written order; one for
   * each tag.
   */
  public static List<RuleTest> in(List<JavaSources.Source> sources) {
    var found = new ArrayList<RuleTest>();
    for (var source : sources) {
      source.unit().accept(new Scan(found), null);
    }
    return List.copyOf(found);
  }

  /** Walks one file, remembering which classes it is inside of and their tags. */
  private static final class Scan extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final List<RuleTest> found;
    private final Deque<String> types = new ArrayDeque<>();
    private final Deque<Set<String>> inherited = new ArrayDeque<>();

    Scan(List<RuleTest> found) {
      this.found = found;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      var tags = rules(type.getModifiers());
      if (!inherited.isEmpty()) {
        tags.addAll(inherited.getLast());
      }
      types.addLast(type.getSimpleName().toString());
      inherited.addLast(tags);
      super.visitClass(type, nothing);
      types.removeLast();
      inherited.removeLast();
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      if (names(method.getModifiers()).anyMatch(TEST_ANNOTATIONS::contains)) {
        var rules = rules(method.getModifiers());
        rules.addAll(inherited.getLast());
        for (String rule : rules) {
          String sentence = method.getName().toString().replace('_', ' ');
          found.add(new RuleTest(rule, String.join(".", types), sentence));
        }
      }
      return super.visitMethod(method, nothing);
    }
  }

  private static Stream<String> names(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream().map(TaggedTests::name);
  }

  /** The simple name of an annotation, however it was written. */
  private static String name(AnnotationTree annotation) {
    String written = annotation.getAnnotationType().toString();
    return written.substring(written.lastIndexOf('.') + 1);
  }

  private static Set<String> rules(ModifiersTree modifiers) {
    var rules = new TreeSet<String>();
    modifiers.getAnnotations().forEach(a -> collect(a, rules));
    return rules;
  }

  private static void collect(ExpressionTree expression, Set<String> rules) {
    switch (expression) {
      case AnnotationTree a when name(a).equals("Tag") || name(a).equals("Tags") ->
          a.getArguments().forEach(argument -> collect(argument, rules));
      case AssignmentTree assignment -> collect(assignment.getExpression(), rules);
      case NewArrayTree array ->
          array.getInitializers().forEach(element -> collect(element, rules));
      case LiteralTree literal when String.valueOf(literal.getValue()).startsWith(PREFIX) ->
          rules.add(String.valueOf(literal.getValue()).substring(PREFIX.length()));
      default -> {
        // another annotation, or a value that names no rule
      }
    }
  }
}

package io.tandem.ops.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import io.tandem.ops.house.JavaSources.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.type.TypeKind;

/**
 * House rules that can be read off a syntax tree. Each check gives its findings as {@code
 * path:line: what}.
 */
final class SyntaxChecks {
  static final int METHOD_LINES_MAX = 60;
  private static final Set<String> BANNED_WORDS =
      Set.of("Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Data", "Info");

  /** The cryptographer's data key, and the class of data it is for (PRV-1, PRV-2, PRV-9). */
  private static final Set<String> TRADE_NAMES = Set.of("DataKey", "DataClass");

  private static final Pattern MONEY_PACKAGE =
      Pattern.compile(".*\\.(money|wallet|ledger|rating|invoice)(\\..*)?");

  private SyntaxChecks() {}

  /**
   * Methods longer than a screen: {@code path#method} to its lines, from its first annotation to
   * its closing brace.
   */
  static Map<String, Integer> longMethods(Source source) {
    var found = new TreeMap<String, Integer>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void nothing) {
        int lines = source.lastLine(method) - source.firstLine(method) + 1;
        if (lines > METHOD_LINES_MAX && method.getBody() != null) {
          found.merge(source.path() + "#" + method.getName(), lines, Math::max);
        }
        return super.visitMethod(method, nothing);
      }
    }.scan(source.unit(), null);
    return found;
  }

  /** Sleeping: {@code Thread.sleep} and {@code TimeUnit.X.sleep}. */
  static List<String> sleeps(Source source) {
    var found = new ArrayList<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
        String written = call.getMethodSelect().toString();
        if (written.matches(
            "(.*\\.)?(Thread|SECONDS|M[A-Z]+SECONDS|NANOSECONDS|TimeUnit\\.\\w+)\\.sleep|sleep")) {
          found.add(at(source, call) + "sleeps; wait for the event itself, or inject a clock");
        }
        return super.visitMethodInvocation(call, nothing);
      }
    }.scan(source.unit(), null);
    return found;
  }

  /** Main code that speaks to the console instead of the log; the tools may. */
  static List<String> consoleOutput(Source source) {
    var found = new ArrayList<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
        if (select.toString().matches("(java\\.lang\\.)?System\\.(out|err)|.+\\.printStackTrace")) {
          found.add(at(source, select) + select + " in main code; use the log");
        }
        return super.visitMemberSelect(select, nothing);
      }
    }.scan(source.unit(), null);
    return found;
  }

  /** Tests switched off with {@code @Disabled} or one of its conditions. */
  static List<String> disabledTests(Source source) {
    var found = new ArrayList<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
        String name = annotation.getAnnotationType().toString();
        if (name.substring(name.lastIndexOf('.') + 1).startsWith("Disabled")) {
          found.add(at(source, annotation) + "a test is switched off; mend it or take it out");
        }
        return super.visitAnnotation(annotation, nothing);
      }
    }.scan(source.unit(), null);
    return found;
  }

  /**
   * True for main code in which amounts are at home, and for all main code (but the tools') that
   * imports them.
   */
  static boolean isMoneyCode(Source source) {
    boolean importsMoney =
        source.unit().getImports().stream()
            .map(ImportTree::getQualifiedIdentifier)
            .anyMatch(name -> name.toString().startsWith("io.tandem.persistence.money."));
    boolean tool = source.packageName().startsWith("io.tandem.ops");
    return source.path().contains("src/main/")
        && (MONEY_PACKAGE.matcher(source.packageName()).matches() || (importsMoney && !tool));
  }

  /** Floating point in any form: primitive, boxed, or a literal. */
  static List<String> floatingPoint(Source source) {
    var found = new ArrayList<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitPrimitiveType(PrimitiveTypeTree type, Void nothing) {
        if (type.getPrimitiveTypeKind() == TypeKind.DOUBLE
            || type.getPrimitiveTypeKind() == TypeKind.FLOAT) {
          found.add(at(source, type) + "floating point near money");
        }
        return null;
      }

      @Override
      public Void visitLiteral(LiteralTree literal, Void nothing) {
        if (literal.getValue() instanceof Double || literal.getValue() instanceof Float) {
          found.add(at(source, literal) + "a floating point number near money");
        }
        return null;
      }

      @Override
      public Void visitIdentifier(IdentifierTree name, Void nothing) {
        if (name.getName().contentEquals("Double") || name.getName().contentEquals("Float")) {
          found.add(at(source, name) + "floating point near money");
        }
        return null;
      }

      @Override
      public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
        if (select.getIdentifier().toString().matches("doubleValue|floatValue")) {
          found.add(at(source, select) + "floating point near money");
        }
        return super.visitMemberSelect(select, nothing);
      }
    }.scan(source.unit(), null);
    return found;
  }

  /**
   * Type names with a word that says nothing. Words are split as written: {@code DataSource} has
   * one, {@code Database} none.
   */
  static List<String> emptyNames(Source source) {
    var found = new ArrayList<String>();
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitClass(ClassTree type, Void nothing) {
        String name = type.getSimpleName().toString();
        for (String word : name.split("(?=\\p{Upper})")) {
          if (BANNED_WORDS.contains(word) && !TRADE_NAMES.contains(name)) {
            found.add(
                at(source, type)
                    + type.getSimpleName()
                    + ": '"
                    + word
                    + "' says nothing; use the trade's word");
          }
        }
        return super.visitClass(type, nothing);
      }
    }.scan(source.unit(), null);
    return found;
  }

  /**
   * Main packages without a package-info, and package-infos without a story or {@code @NullMarked}.
   */
  static List<String> packageStories(List<Source> sources) {
    var packages = new TreeSet<String>();
    var told = new TreeSet<String>();
    var found = new ArrayList<String>();
    for (Source source : sources) {
      if (!source.path().contains("src/main/")) {
        continue;
      }
      String place = source.path().substring(0, source.path().lastIndexOf('/'));
      packages.add(place);
      if (source.path().endsWith("/package-info.java")) {
        told.add(place);
        String text = source.unit().toString();
        boolean story =
            source.unit().getPackage() != null
                && text.contains("/**")
                && text.contains("@NullMarked");
        if (!story) {
          found.add(source.path() + ": no story (job, way in, neighbours) or not @NullMarked");
        }
      }
    }
    packages.removeAll(told);
    packages.forEach(place -> found.add(place + ": no package-info.java"));
    return found;
  }

  private static String at(Source source, Tree node) {
    return source.path() + ":" + source.firstLine(node) + ": ";
  }
}

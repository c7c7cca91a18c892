package io.tandem.ops.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Java files as syntax trees, read with the JDK's own parser; nothing is compiled or resolved. */
public final class JavaSources {
  private JavaSources() {}

  /**
   * One parsed file.
   *
   * @param path where it stands, relative to the root it was read from, with forward slashes
   * @param unit its syntax tree
   * @param trees gives positions for the nodes of {@code unit}
   */
  public record Source(String path, CompilationUnitTree unit, Trees trees) {
    /** The package the file declares; empty for the unnamed one. */
    public String packageName() {
      return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
    }

    /** The 1-based line on which a node begins. */
    public int firstLine(Tree node) {
      return lineAt(trees.getSourcePositions().getStartPosition(unit, node));
    }

    /** The 1-based line on which a node ends. */
    public int lastLine(Tree node) {
      return lineAt(trees.getSourcePositions().getEndPosition(unit, node));
    }

    private int lineAt(long position) {
      return (int) unit.getLineMap().getLineNumber(position);
    }
  }

  /**
   * Every {@code .java} file under the modules' {@code src} of a Tandem tree whose relative path is
   * wanted.
   */
  public static List<Source> read(Path root, Predicate<String> wanted) {
    return parse(root, files(root).stream().filter(f -> wanted.test(relative(root, f))).toList());
  }

  /** Parses the given files; a file that does not parse is an error, for it could hide anything. */
  public static List<Source> parse(Path root, List<Path> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("reading sources needs a whole JDK, this is only a runtime");
    }
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var manager = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
      var objects = manager.getJavaFileObjectsFromPaths(files);
      var task = (JavacTask) compiler.getTask(null, manager, problems, null, null, objects);
      var trees = Trees.instance(task);
      var sources = new ArrayList<Source>();
      for (CompilationUnitTree unit : task.parse()) {
        sources.add(new Source(relative(root, Path.of(unit.getSourceFile().toUri())), unit, trees));
      }
      if (!problems.getDiagnostics().isEmpty()) {
        throw new IllegalStateException("does not parse: " + problems.getDiagnostics());
      }
      return List.copyOf(sources);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path root) {
    var found = new ArrayList<Path>();
    for (String module : List.of("protocol", "persistence", "cluster-node", "ops")) {
      Path src = root.resolve(module).resolve("src");
      if (Files.isDirectory(src)) {
        try (Stream<Path> walk = Files.walk(src)) {
          walk.filter(p -> p.toString().endsWith(".java")).sorted().forEach(found::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return found;
  }

  private static String relative(Path root, Path file) {
    return root.toAbsolutePath().relativize(file.toAbsolutePath()).toString().replace('\\', '/');
  }
}

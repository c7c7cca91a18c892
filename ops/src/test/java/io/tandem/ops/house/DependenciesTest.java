package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Every direct dependency and plugin of the poms has a whole line in docs/dependencies.md, and no
 * line is stale.
 */
class DependenciesTest {
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final Pattern VERSION = Pattern.compile("<([a-z0-9-]+)\\.version>([^<]+)</");
  @TempDir Path dir;

  @Test
  void this_house_accounts_for_all_it_builds_with() throws Exception {
    assertThat(findings(HouseTree.root())).isEmpty();
  }

  @Test
  void what_is_kept_out_on_purpose_is_not_on_the_class_path() {
    for (String type : List.of("org/lmdbjava/Env", "net/jpountz/lz4/LZ4Factory")) {
      assertThat(getClass().getResource("/" + type + ".class")).as(type).isNull();
    }
  }

  @Test
  void a_missing_a_stale_and_a_half_empty_line_and_an_old_version_are_found() throws Exception {
    Files.createDirectories(dir.resolve("docs"));
    Files.writeString(
        dir.resolve("pom.xml"),
        """
        <project><properties><good.version>1.2</good.version><old.version>3.4</old.version></properties>
        <dependencies>
          <dependency><groupId>org.good</groupId><artifactId>good_${scala.binary}</artifactId></dependency>
          <dependency><groupId>org.lost</groupId><artifactId>lost</artifactId></dependency>
          <dependency><groupId>io.tandem</groupId><artifactId>ours</artifactId></dependency>
        </dependencies></project>
        """);
    Files.writeString(
        dir.resolve("docs/dependencies.md"),
        """
        | coordinates | version | what for | licence | why this one | what would replace it |
        | --- | --- | --- | --- | --- | --- |
        | `org.good:good` | 1.2 | good | MIT |  | better |
        | `org.gone:gone` | 1.0 | x | MIT | x | x |
        """);
    assertThat(findings(dir))
        .containsExactlyInAnyOrder(
            "org.lost:lost is used but has no line",
            "org.gone:gone has a line but no pom uses it",
            "good: a cell is empty: `org.good:good`",
            "old.version is 3.4 in the parent pom, which no line names");
  }

  private static List<String> findings(Path root) throws Exception {
    var found = new ArrayList<String>();
    var listed = new TreeSet<String>();
    var versions = new StringBuilder();
    for (String line : Files.readAllLines(root.resolve("docs/dependencies.md"))) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 8 && cells[1].contains("`")) {
        NAME.matcher(cells[1]).results().forEach(name -> listed.add(name.group(1)));
        versions.append(cells[2]);
        // a plugin of Maven's own needs no word on what would replace it
        int needed = cells[1].contains(":") ? 6 : 5;
        if (Stream.of(cells).skip(1).limit(needed).anyMatch(String::isBlank)) {
          found.add(listed.last().replaceAll(".*:", "") + ": a cell is empty: " + cells[1].strip());
        }
      }
    }
    var used = used(root);
    used.stream()
        .filter(name -> !listed.contains(name))
        .forEach(name -> found.add(name + " is used but has no line"));
    listed.stream()
        .filter(name -> !used.contains(name))
        .forEach(name -> found.add(name + " has a line but no pom uses it"));
    Matcher version = VERSION.matcher(Files.readString(root.resolve("pom.xml")));
    while (version.find()) {
      // management is pinned for the cluster bootstrap to come, and nothing depends on it yet
      if (!version.group(1).equals("akka-management")
          && !versions.toString().contains(version.group(2))) {
        found.add(
            version.group(1)
                + ".version is "
                + version.group(2)
                + " in the parent pom, which no line names");
      }
    }
    return found;
  }

  /** Direct dependencies and annotation processors as group:artifact, plugins as artifact. */
  private static TreeSet<String> used(Path root) throws Exception {
    var used = new TreeSet<String>();
    for (String module : List.of(".", "protocol", "persistence", "cluster-node", "ops")) {
      Path pom = root.resolve(module).resolve("pom.xml");
      if (Files.exists(pom)) {
        for (Element element : elements(pom)) {
          String artifact = child(element, "artifactId").replaceAll("_\\$\\{.*", "");
          String group = child(element, "groupId");
          boolean managed = inside(element, "dependencyManagement");
          switch (element.getNodeName()) {
            case "plugin" -> used.add(artifact);
            case "dependency", "path" -> {
              if (!managed && !group.equals("io.tandem")) {
                used.add(group + ":" + artifact);
              }
            }
            default -> {
              // an exclusion, a parent or the project itself
            }
          }
        }
      }
    }
    return used;
  }

  private static List<Element> elements(Path pom) throws Exception {
    var all =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getElementsByTagName("*");
    var elements = new ArrayList<Element>();
    for (int i = 0; i < all.getLength(); i++) {
      elements.add((Element) all.item(i));
    }
    return elements;
  }

  private static String child(Element element, String name) {
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node.getNodeName().equals(name)) {
        return node.getTextContent().strip();
      }
    }
    return "";
  }

  private static boolean inside(Node node, String name) {
    for (Node at = node; at != null; at = at.getParentNode()) {
      if (at.getNodeName().equals(name)) {
        return true;
      }
    }
    return false;
  }
}

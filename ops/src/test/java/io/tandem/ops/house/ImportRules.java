package io.tandem.ops.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;

/**
 * Which way imports go, as docs/ARCHITECTURE.md says. A rule over a package that is still empty
 * holds. That each rule can fail is shown in {@link ImportRulesBadSamplesTest}.
 */
final class ImportRules {
  private static final String[] AKKA = {"akka.."};

  /**
   * Everything that speaks to a database; a {@code javax.sql.DataSource} alone is an opaque handle
   * and may be passed on.
   */
  private static final String[] SQL = {
    "java.sql..", "org.h2..", "org.postgresql..", "com.zaxxer..", "org.flywaydb.."
  };

  private static final String[] ENTITIES =
      Stream.of(
              "call",
              "wallet",
              "agent",
              "account",
              "campaign",
              "vertical",
              "number",
              "endpoint",
              "security",
              "trunk")
          .map(noun -> "io.tandem.node." + noun + "..")
          .toArray(String[]::new);

  private static final DescribedPredicate<JavaClass> PURE =
      DescribedPredicate.describe(
          "are XxxRules or routing",
          type ->
              type.getPackageName().startsWith("io.tandem.node.routing")
                  || (type.getPackageName().startsWith("io.tandem.node")
                      && outermost(type).getSimpleName().endsWith("Rules")));

  /** An address taken to pieces touches no network. */
  private static final DescribedPredicate<JavaClass> VALUES =
      DescribedPredicate.describe(
          "are addresses as values",
          type -> Set.of("java.net.URI", "java.net.URISyntaxException").contains(type.getName()));

  private static final Set<String> CLOCK_READERS =
      Set.of(
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Timer",
          "java.util.concurrent.ScheduledExecutorService");

  private ImportRules() {}

  static final ArchRule PROTOCOL_KNOWS_NO_PERSISTENCE =
      noClasses()
          .that()
          .resideInAPackage("io.tandem.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.tandem.persistence..")
          .allowEmptyShould(true);

  static final ArchRule PERSISTENCE_KNOWS_NO_PROTOCOL =
      noClasses()
          .that()
          .resideInAPackage("io.tandem.persistence..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.tandem.protocol..")
          .allowEmptyShould(true);

  static final ArchRule WIRES_AND_HISTORY_KNOW_NO_NODE =
      noClasses()
          .that()
          .resideInAnyPackage("io.tandem.protocol..", "io.tandem.persistence..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.tandem.node..")
          .allowEmptyShould(true);

  static final ArchRule NOTHING_KNOWS_OPS =
      noClasses()
          .that()
          .resideInAnyPackage("io.tandem.protocol..", "io.tandem.persistence..", "io.tandem.node..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.tandem.ops..")
          .allowEmptyShould(true);

  static final ArchRule AKKA_ONLY_IN_THE_SHELL_OF_THE_NODE =
      noClasses()
          .that(
              resideInAPackage("io.tandem..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage(
                              "io.tandem.node.entity..",
                              "io.tandem.node.edge..",
                              "io.tandem.node.http..",
                              "io.tandem.node.job..",
                              "io.tandem.node.boot.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(AKKA)
          .allowEmptyShould(true);

  /** The bench compares with plain SQL on purpose. */
  static final ArchRule SQL_ONLY_IN_PERSISTENCE =
      noClasses()
          .that(
              resideInAPackage("io.tandem..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage("io.tandem.persistence..", "io.tandem.ops.bench.."))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SQL)
          .allowEmptyShould(true);

  static final ArchRule ENTITIES_KNOW_NO_EDGE =
      noClasses()
          .that()
          .resideInAnyPackage(ENTITIES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.tandem.node.edge..", "io.tandem.node.http..")
          .allowEmptyShould(true);

  static final ArchRule RULES_AND_ROUTING_KNOW_NO_ACTOR_SOCKET_OR_DATABASE =
      noClasses()
          .that(PURE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "akka..",
                      "java.sql..",
                      "javax.sql..",
                      "java.net..",
                      "java.nio.channels..",
                      "io.netty..",
                      "java.io..")
                  .and(DescribedPredicate.not(VALUES)))
          .allowEmptyShould(true);

  static final ArchRule RULES_AND_ROUTING_READ_NO_CLOCK =
      classes().that(PURE).should(readNoClock()).allowEmptyShould(true);

  static final ArchRule ONE_CLASS_IS_EVENT_SOURCED =
      classes()
          .that()
          .resideInAPackage("io.tandem..")
          .should(beTheOnlyUserOf("EventSourcedBehavior"))
          .allowEmptyShould(true);

  static final ArchRule RULE_TESTS_GO_THROUGH_THE_SURFACE =
      noClasses()
          .that(
              DescribedPredicate.describe(
                  "hold a test tagged for a product rule", ImportRules::holdsRuleTest))
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are XxxRules",
                  type ->
                      type.getPackageName().startsWith("io.tandem.node")
                          && outermost(type).getSimpleName().endsWith("Rules")))
          .allowEmptyShould(true);

  /** The rules over main classes. */
  static List<ArchRule> ofMainClasses() {
    return List.of(
        PROTOCOL_KNOWS_NO_PERSISTENCE,
        PERSISTENCE_KNOWS_NO_PROTOCOL,
        WIRES_AND_HISTORY_KNOW_NO_NODE,
        NOTHING_KNOWS_OPS,
        AKKA_ONLY_IN_THE_SHELL_OF_THE_NODE,
        SQL_ONLY_IN_PERSISTENCE,
        ENTITIES_KNOW_NO_EDGE,
        RULES_AND_ROUTING_KNOW_NO_ACTOR_SOCKET_OR_DATABASE,
        RULES_AND_ROUTING_READ_NO_CLOCK,
        ONE_CLASS_IS_EVENT_SOURCED);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ImportRules::outermost).orElse(type);
  }

  private static boolean holdsRuleTest(JavaClass type) {
    return Stream.concat(Stream.of(type), type.getMethods().stream())
        .anyMatch(ImportRules::isTaggedForRule);
  }

  private static boolean isTaggedForRule(HasAnnotations<?> element) {
    return Stream.concat(
            element.tryGetAnnotationOfType(Tag.class).stream(),
            element.tryGetAnnotationOfType(Tags.class).stream()
                .flatMap(tags -> Stream.of(tags.value())))
        .anyMatch(tag -> tag.value().startsWith("rule:"));
  }

  /** Time comes in as an argument: no clock type, no {@code now()}, no {@code System} time. */
  private static ArchCondition<JavaClass> readNoClock() {
    return new ArchCondition<>("read no clock") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> CLOCK_READERS.contains(dependency.getTargetClass().getName()))
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
        type.getMethodCallsFromSelf().stream()
            .filter(
                call -> {
                  String owner = call.getTargetOwner().getName();
                  String name = call.getName();
                  return (owner.startsWith("java.time.") && name.equals("now"))
                      || (owner.equals("java.lang.System")
                          && (name.equals("nanoTime") || name.equals("currentTimeMillis")));
                })
            .forEach(
                call -> events.add(SimpleConditionEvent.violated(type, call.getDescription())));
      }
    };
  }

  /** At most one outermost class of {@code io.tandem.node.entity} touches the named Akka type. */
  private static ArchCondition<JavaClass> beTheOnlyUserOf(String simpleName) {
    return new ArchCondition<>("be the only user of " + simpleName + ", in io.tandem.node.entity") {
      private final Set<String> users = new TreeSet<>();

      @Override
      public void init(java.util.Collection<JavaClass> all) {
        users.clear();
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean uses =
            type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getName())
                .anyMatch(
                    name ->
                        name.startsWith("akka.persistence.") && name.contains("." + simpleName));
        if (uses) {
          users.add(outermost(type).getName());
          if (!type.getPackageName().startsWith("io.tandem.node.entity")) {
            events.add(SimpleConditionEvent.violated(type, type.getName() + " uses " + simpleName));
          }
        }
      }

      @Override
      public void finish(ConditionEvents events) {
        if (users.size() > 1) {
          events.add(SimpleConditionEvent.violated(users, simpleName + " is used by " + users));
        }
      }
    };
  }

  /** Checks one rule and gives its violations, empty when it holds. */
  static List<String> violations(ArchRule rule, JavaClasses classes) {
    return rule.evaluate(classes).getFailureReport().getDetails();
  }
}

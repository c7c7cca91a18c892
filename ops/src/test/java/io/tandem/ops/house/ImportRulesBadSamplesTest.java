package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each import rule is shown classes that break it, compiled on the spot. */
class ImportRulesBadSamplesTest {
  @TempDir Path dir;
  private final Map<String, String> samples = new LinkedHashMap<>();

  @Test
  void a_wire_that_knows_history_or_the_node_or_the_tools_is_found() {
    sample(
        "io.tandem.persistence.money.Amount",
        "public class Amount { io.tandem.protocol.sip.Wire wire; }");
    sample(
        "io.tandem.protocol.sip.Wire",
        "public class Wire { io.tandem.persistence.money.Amount amount; }");
    sample("io.tandem.node.call.Turn", "public class Turn { io.tandem.ops.Tool tool; }");
    sample("io.tandem.protocol.sip.Other", "public class Other { io.tandem.node.call.Turn turn; }");
    sample("io.tandem.ops.Tool", "public class Tool {}");
    assertBroken(ImportRules.PROTOCOL_KNOWS_NO_PERSISTENCE, 1);
    assertBroken(ImportRules.PERSISTENCE_KNOWS_NO_PROTOCOL, 1);
    assertBroken(ImportRules.WIRES_AND_HISTORY_KNOW_NO_NODE, 1);
    assertBroken(ImportRules.NOTHING_KNOWS_OPS, 1);
  }

  @Test
  void akka_outside_of_the_shell_is_found() {
    sample(
        "io.tandem.node.wallet.Wallet",
        "public class Wallet { akka.actor.typed.ActorRef<String> ref; }");
    sample(
        "io.tandem.protocol.sip.Wire",
        "public class Wire { akka.actor.typed.ActorSystem<String> system; }");
    sample(
        "io.tandem.node.entity.Host",
        "public class Host { akka.actor.typed.ActorRef<String> allowed; }");
    assertBroken(ImportRules.AKKA_ONLY_IN_THE_SHELL_OF_THE_NODE, 2);
  }

  @Test
  void sql_outside_of_persistence_is_found() {
    sample(
        "io.tandem.node.http.Query",
        "public class Query { java.sql.Connection connection; javax.sql.DataSource handle; }");
    sample(
        "io.tandem.persistence.journal.Store",
        "public class Store { java.sql.Connection allowed; }");
    assertBroken(ImportRules.SQL_ONLY_IN_PERSISTENCE, 1);
  }

  @Test
  void an_entity_that_knows_an_edge_is_found() {
    sample("io.tandem.node.edge.Leg", "public class Leg {}");
    sample("io.tandem.node.call.Call", "public class Call { io.tandem.node.edge.Leg leg; }");
    assertBroken(ImportRules.ENTITIES_KNOW_NO_EDGE, 1);
  }

  @Test
  void rules_and_routing_that_touch_the_world_are_found() {
    sample(
        "io.tandem.node.wallet.WalletRules",
        "public class WalletRules { java.net.Socket a; static class Inner { akka.actor.typed.ActorRef<String> b; } }");
    sample(
        "io.tandem.node.routing.Plan",
        "public class Plan { java.nio.channels.SocketChannel c; java.sql.Connection d; }");
    assertBroken(ImportRules.RULES_AND_ROUTING_KNOW_NO_ACTOR_SOCKET_OR_DATABASE, 4);
  }

  @Test
  void rules_and_routing_that_read_a_clock_are_found() {
    sample(
        "io.tandem.node.wallet.WalletRules",
        "public class WalletRules { java.time.Clock a; java.time.Instant b(java.time.Instant now) { return now; } }");
    sample(
        "io.tandem.node.routing.Plan",
        "public class Plan { Object a() { return java.time.Instant.now(); } long b() { return System.nanoTime(); } }");
    assertBroken(ImportRules.RULES_AND_ROUTING_READ_NO_CLOCK, 3);
  }

  @Test
  void a_second_event_sourced_class_is_found_and_one_outside_of_entity_too() {
    String body =
        " { akka.persistence.typed.javadsl.EventSourcedBehavior<String, String, String> behavior; }";
    sample("io.tandem.node.entity.Host", "public class Host" + body);
    assertBroken(ImportRules.ONE_CLASS_IS_EVENT_SOURCED, 0);
    sample("io.tandem.node.entity.Second", "public class Second" + body);
    assertBroken(ImportRules.ONE_CLASS_IS_EVENT_SOURCED, 1);
    sample("io.tandem.node.job.Third", "public class Third" + body);
    assertBroken(ImportRules.ONE_CLASS_IS_EVENT_SOURCED, 2);
  }

  @Test
  void a_rule_test_that_knows_the_rules_is_found_and_a_unit_test_of_them_is_not() {
    sample("io.tandem.node.wallet.WalletRules", "public class WalletRules {}");
    sample(
        "io.tandem.node.wallet.OnMethod",
        "class OnMethod { WalletRules r; @org.junit.jupiter.api.Tag(\"rule:WAL-2\") void a() {} }");
    sample(
        "io.tandem.node.wallet.OnBoth",
        "class OnBoth { WalletRules r; @org.junit.jupiter.api.Tag(\"rule:WAL-2\") @org.junit.jupiter.api.Tag(\"rule:WAL-3\") void a() {} }");
    sample(
        "io.tandem.node.wallet.OnClass",
        "@org.junit.jupiter.api.Tag(\"rule:WAL-2\") class OnClass { WalletRules r; }");
    sample(
        "io.tandem.node.wallet.UnitTest",
        "class UnitTest { WalletRules r; @org.junit.jupiter.api.Tag(\"slow\") void a() {} }");
    assertBroken(ImportRules.RULE_TESTS_GO_THROUGH_THE_SURFACE, 3);
  }

  private void sample(String type, String text) {
    int dot = type.lastIndexOf('.');
    samples.put(
        type.replace('.', '/') + ".java", "package " + type.substring(0, dot) + ";\n" + text);
  }

  private void assertBroken(ArchRule rule, int times) {
    assertThat(ImportRules.violations(rule, compiled())).as(rule.getDescription()).hasSize(times);
  }

  private JavaClasses compiled() {
    try {
      var arguments = new ArrayList<>(List.of("-d", dir.resolve("classes").toString()));
      for (var sample : samples.entrySet()) {
        Path file = dir.resolve(sample.getKey());
        Files.createDirectories(file.getParent());
        Files.writeString(file, sample.getValue());
        arguments.add(file.toString());
      }
      arguments.addAll(List.of("-proc:none", "-cp", System.getProperty("java.class.path")));
      int result =
          ToolProvider.getSystemJavaCompiler()
              .run(null, null, null, arguments.toArray(String[]::new));
      assertThat(result).as("the samples compile").isZero();
      return new ClassFileImporter().importPath(dir.resolve("classes"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

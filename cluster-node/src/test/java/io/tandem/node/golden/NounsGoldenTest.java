package io.tandem.node.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.account.AccountRules;
import io.tandem.node.agent.AgentRules;
import io.tandem.node.campaign.CampaignRules;
import io.tandem.node.dispute.DisputeRules;
import io.tandem.node.endpoint.EndpointRules;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EdgeSignal;
import io.tandem.node.entity.Reply;
import io.tandem.node.number.NumberRules;
import io.tandem.node.security.SecurityRules;
import io.tandem.node.trunk.TrunkRules;
import io.tandem.node.vertical.VerticalRules;
import io.tandem.node.wallet.WalletRules;
import io.tandem.node.webhook.WebhookRules;
import io.tandem.persistence.golden.GoldenFile;
import io.tandem.persistence.journal.TypeNames;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of every event, state, command and reply of every noun but the call, which has its own
 * (AUD-5). A form that changes fails here; it gets a new version and an upcaster, and the old file
 * stays. {@code -Dgolden.write=true} writes the files of new types. Until the first release a file
 * may be deleted and written anew; from then on none is ever changed.
 */
class NounsGoldenTest {

  private static final Path FOLDER = Path.of("src/test/resources/golden");

  static Stream<Arguments> nouns() {
    return Stream.of(
        Arguments.of("account", AccountRules.types()),
        Arguments.of("agent", AgentRules.types()),
        Arguments.of("campaign", CampaignRules.types()),
        Arguments.of("dispute", DisputeRules.types()),
        Arguments.of("endpoint", EndpointRules.types()),
        Arguments.of("number", NumberRules.types()),
        Arguments.of("security", SecurityRules.types()),
        Arguments.of("trunk", TrunkRules.types()),
        Arguments.of("vertical", VerticalRules.types()),
        Arguments.of("wallet", WalletRules.types()),
        Arguments.of("webhook", WebhookRules.types()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nouns")
  void what_is_stored_keeps_its_form(String noun, TypeNames types) {
    TypeNames stored = only(types, type -> !crossesNodes(type));

    GoldenFile.stored(stored).in(FOLDER.resolve(noun).resolve("stored")).check(Samples.of(stored));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nouns")
  void what_crosses_nodes_keeps_its_form(String noun, TypeNames types) {
    TypeNames sent = only(types, NounsGoldenTest::crossesNodes);

    GoldenFile.sent(sent).in(FOLDER.resolve(noun).resolve("sent")).check(Samples.of(sent));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nouns")
  void every_wire_name_begins_with_its_noun(String noun, TypeNames types) {
    assertThat(types.all().keySet()).allMatch(name -> name.name().startsWith(noun + "."));
  }

  private static boolean crossesNodes(Class<?> type) {
    return Command.class.isAssignableFrom(type)
        || Reply.class.isAssignableFrom(type)
        || EdgeSignal.class.isAssignableFrom(type);
  }

  private static TypeNames only(TypeNames types, Predicate<Class<?>> which) {
    TypeNames.Builder names = TypeNames.builder();
    types
        .all()
        .forEach(
            (name, type) -> {
              if (which.test(type)) {
                names.add(type, name);
              }
            });
    return names.build();
  }
}

package io.tandem.node.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.wallet.WalletView;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** States come from two sides, in any order. */
class DirectoryTest {
  private static final String WALLET = "acct_1:USD";
  private final Directory directory = new Directory();

  @Test
  void a_state_that_is_older_than_what_is_known_changes_nothing() {
    directory.accept("wallet", WALLET, 7, view(700));
    directory.accept("wallet", WALLET, 5, view(500));
    assertThat(directory.balances("acct_1", "USD")).contains(new Balances(700, 0));

    directory.accept("wallet", WALLET, 8, view(800));
    assertThat(directory.balances("acct_1", "USD")).contains(new Balances(800, 0));
  }

  @Test
  void an_entity_of_this_node_and_the_read_model_are_taken_alike() {
    directory.accept("agent", "agent_1", 1, AgentState.NEW);
    assertThat(directory.agent("agent_1")).contains(AgentView.seen(AgentState.NEW));
    directory.accept("agent", "agent_2", 1, AgentView.NEW);
    assertThat(directory.agent("agent_2")).contains(AgentView.NEW.agent());
    directory.accept("wallet", WALLET, 1, WalletState.initial(WALLET));
    assertThat(directory.balances("acct_1", "USD")).contains(Balances.ZERO);
  }

  @Test
  void entities_of_one_name_and_other_nouns_have_histories_of_their_own() {
    directory.accept("endpoint", "anna", 9, EndpointState.initial("anna"));
    directory.accept("agent", "anna", 1, AgentState.NEW);
    directory.accept("call", "anna", 12, CallState.fresh("anna"));

    assertThat(directory.agent("anna")).isPresent();
    assertThat(directory.endpoint("anna")).isPresent();
  }

  private static WalletView view(long availableMicros) {
    return new WalletView("acct_1", "USD", new Balances(availableMicros, 0), 0, Instant.EPOCH);
  }
}

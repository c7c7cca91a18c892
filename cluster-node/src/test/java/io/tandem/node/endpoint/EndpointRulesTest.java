package io.tandem.node.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.endpoint.EndpointCommand.ChangePassword;
import io.tandem.node.endpoint.EndpointCommand.Create;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.persistence.endpoint.EndpointEvent;
import io.tandem.persistence.endpoint.EndpointState;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointRulesTest {

  private final PlayedEntity<EndpointCommand, EndpointReply, EndpointEvent, EndpointState> phone =
      played("ann");

  @Test
  void a_user_name_belongs_to_one_account() {
    phone.ask(create("acct_1", "secret"));

    assertThat(phone.ask(create("acct_1", "secret")))
        .isEqualTo(new EndpointReply.Done(phone.state(), true));
    assertThat(phone.ask(create("acct_2", "secret")))
        .isEqualTo(new EndpointReply.Taken("username"));
    assertThat(phone.ask(create("acct_1", "other")))
        .isEqualTo(new EndpointReply.Conflict("password"));
  }

  @Test
  void a_new_password_takes_the_place_of_the_old_one() {
    assertThat(phone.ask(change("new", List.of("MD5")))).isEqualTo(new EndpointReply.Unknown());
    phone.ask(create("acct_1", "old"));
    phone.ask(change("new", List.of("MD5")));

    assertThat(phone.state().credentials().ha1Md5().value()).contains("md5 of new");
    assertThat(phone.state().credentials().algorithms()).containsExactly("MD5");
    assertThat(phone.replay("ann")).isEqualTo(phone.state());
  }

  @Test
  void a_challenge_needs_an_algorithm_that_we_know() {
    phone.ask(create("acct_1", "old"));

    for (List<String> bad : List.of(List.<String>of(), List.of("SHA-1"), List.of("MD5", "MD5"))) {
      assertThat(phone.ask(change("new", bad))).isInstanceOf(EndpointReply.Invalid.class);
    }
  }

  @Test
  void a_user_name_is_what_a_phone_can_type() {
    assertThat(played("ann smith").ask(create("acct_1", "secret")))
        .isInstanceOf(EndpointReply.Invalid.class);
    assertThat(played("").ask(create("acct_1", "secret")))
        .isInstanceOf(EndpointReply.Invalid.class);
  }

  @Test
  void no_secret_shows_when_an_event_or_a_command_is_printed() {
    phone.ask(create("acct_1", "hush"));

    assertThat(phone.lastEvent().toString() + create("acct_1", "hush")).doesNotContain("hush");
  }

  private static Create create(String accountId, String password) {
    return new Create(
        accountId,
        "tandem.example",
        PlayedEntity.personal("md5 of " + password),
        PlayedEntity.personal("sha256 of " + password),
        List.of("MD5", "SHA-256"));
  }

  private static ChangePassword change(String password, List<String> algorithms) {
    return new ChangePassword(
        PlayedEntity.personal("md5 of " + password),
        PlayedEntity.personal("sha256 of " + password),
        algorithms);
  }

  private static PlayedEntity<EndpointCommand, EndpointReply, EndpointEvent, EndpointState> played(
      String id) {
    return new PlayedEntity<>(EndpointRules.type(), id);
  }
}

package io.tandem.persistence.privacy;

import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.PersonalSealer;
import io.tandem.persistence.journal.SealedWord;
import io.tandem.persistence.readmodel.EntityViews;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person is called where it is an agent or an account, to be looked for in what was kept in
 * the clear: asked for before its keys are destroyed, for nobody knows it afterwards.
 */
public final class ShownNames {

  private final EntityViews views;
  private final PersonalSealer sealer;

  /**
   * @param views read by a codec that opens what is sealed
   */
  public ShownNames(EntityViews views, PersonalSealer sealer) {
    this.views = views;
    this.sealer = sealer;
  }

  /**
   * Name and number, as far as there are any.
   *
   * @param noun {@code agent} or {@code account}; nothing of any other
   * @throws JournalException UNAVAILABLE
   */
  public List<String> of(String noun, String id) {
    List<String> all = new ArrayList<>();
    Object state = views.byId(noun, id).map(view -> (Object) view.state()).orElse(noun);
    if (state instanceof AccountState account
        && account.profile() instanceof AccountState.Profile profile) {
      profile.name().value().ifPresent(all::add);
    }
    if (state instanceof AgentView view
        && view.agent().profile() instanceof AgentState.Profile agent) {
      agent.name().value().ifPresent(all::add);
      if (SealedWord.is(agent.endpoint())) {
        SealedWord.open(sealer, agent.endpoint()).ifPresent(all::add);
      } else if (agent.endpoint().startsWith("+")) {
        all.add(agent.endpoint());
      }
    }
    return all;
  }
}

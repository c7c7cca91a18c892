package io.tandem.persistence.agent;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.window.Memory;
import org.pcollections.TreePVector;

/**
 * What lists and routing see of an agent: a fold of the same events that stays small, where {@link
 * AgentState} remembers a day of ended offers and the calls of its sheet, and would be written
 * whole with every call.
 *
 * @param agent without what is over: nothing on the sheet and no ended offers
 * @param ratio after the last call that counted (COOL-1)
 */
@Wire("agent.view/1")
public record AgentView(AgentState agent, ShortCallRatio ratio)
    implements DomainState<AgentView, AgentEvent> {

  /** An agent without events. */
  public static final AgentView NEW = new AgentView(AgentState.NEW, new ShortCallRatio(0, 0));

  @Override
  public AgentView apply(AgentEvent event) {
    return new AgentView(seen(agent.apply(event)), after(event));
  }

  /** What routing sees of a state. */
  public static AgentState seen(AgentState state) {
    Conduct conduct = state.conduct();
    return new AgentState(
        state.profile(),
        state.licences(),
        state.online(),
        state.idleSince(),
        state.reservations(),
        state.today(),
        new Conduct(TreePVector.empty(), conduct.rung(), conduct.cooldown(), conduct.cleanSince()),
        Memory.empty());
  }

  private ShortCallRatio after(AgentEvent event) {
    if (event instanceof AgentEvent.CooldownStarted) {
      return NEW.ratio(); // a new sheet
    }
    ShortCallRatio counted =
        switch (event) {
          case AgentEvent.OfferEnded ended -> ended.ratio();
          case AgentEvent.CallExcused excused -> excused.ratio();
          default -> null;
        };
    return counted == null ? ratio : counted;
  }
}

package io.tandem.node.call;

import io.tandem.node.entity.EntityType;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.journal.TypeNames;

/** The call as the host runs it. */
public final class CallEntity {

  /** The noun; part of every stored id. */
  public static final String NAME = "call";

  private CallEntity() {}

  /**
   * Everything of a call that is stored or crosses nodes; the signals to its legs too, and what
   * edges tell each other of it.
   */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(CallEvent.class)
        .addAll(CallState.class)
        .addAll(CallCommand.class)
        .addAll(CallReply.class)
        .addAll(LegCommand.class)
        .addAll(EdgeNews.class)
        .build();
  }

  /** The call's type; a call has too few events to be worth a snapshot. */
  public static EntityType<CallCommand, CallReply, CallEvent, CallState> type(
      CallSettings settings) {
    return new EntityType<>(
        NAME,
        CallCommand.class,
        CallEvent.class,
        CallState::fresh,
        new CallRules(settings),
        types(),
        0);
  }
}

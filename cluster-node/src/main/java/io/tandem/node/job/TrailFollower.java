package io.tandem.node.job;

import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.security.SecurityCommand;
import io.tandem.node.security.SecurityReply;
import io.tandem.node.security.SecurityRules;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.privacy.Disclosure;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.security.SecurityState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Journals what was done with persons' data (AUD-1): each line of the logs of erasures and of legal
 * holds and each note of the trail of disclosures, which commands write beside the journal without
 * a running node.
 */
public final class TrailFollower implements Daemon.Work {
  private static final Logger LOG = LoggerFactory.getLogger(TrailFollower.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int LINES_A_STEP = 500;

  private final ErasureLog erasures;
  private final DisclosureLog disclosures;
  private final EntityGateway gateway;
  private final InstantSource clock;
  private final String actor;
  private long erased = -1;
  private long held = -1;
  private long disclosed = -1;

  public TrailFollower(
      ErasureLog erasures,
      DisclosureLog disclosures,
      EntityGateway gateway,
      InstantSource clock,
      String actor) {
    this.erasures = erasures;
    this.disclosures = disclosures;
    this.gateway = gateway;
    this.clock = clock;
    this.actor = actor;
  }

  @Override
  public Duration step() {
    return erasures() + holds() + disclosures() > 0 ? Duration.ZERO : PAUSE;
  }

  private int erasures() {
    EntityKey log = SecurityRules.following(SecurityState.ERASURES);
    if (erased < 0) {
      erased = state(log).erasures();
    }
    List<ErasureLog.Line> lines = erasures.after(erased, LINES_A_STEP);
    for (ErasureLog.Line line : lines) {
      note(
          log,
          new SecurityCommand.NoteErasure(
              line.number(),
              line.subject(),
              line.dataClass().name(),
              line.period(),
              line.by(),
              line.at()));
      erased = line.number();
    }
    return lines.size();
  }

  private int holds() {
    EntityKey log = SecurityRules.following(SecurityState.HOLDS);
    if (held < 0) {
      held = state(log).events();
    }
    List<ErasureLog.HoldLine> lines = erasures.holdsAfter(held, LINES_A_STEP);
    for (ErasureLog.HoldLine line : lines) {
      DataClass dataClass = line.hold().dataClass();
      note(
          log,
          new SecurityCommand.NoteHold(
              line.number(),
              line.placed(),
              line.hold().subject(),
              dataClass == null ? null : dataClass.name(),
              line.by(),
              line.at()));
      held = line.number();
    }
    return lines.size();
  }

  private int disclosures() {
    EntityKey log = SecurityRules.following(SecurityState.DISCLOSURES);
    if (disclosed < 0) {
      disclosed = state(log).disclosures();
    }
    if (disclosures.newest() <= disclosed) {
      return 0;
    }
    List<Disclosure> steps =
        disclosures
            .genuine((what, number, wrong) -> LOG.error("{}#{} is {}", what, number, wrong))
            .stream()
            .filter(step -> step.number() > disclosed)
            .toList();
    for (Disclosure step : steps) {
      note(
          log,
          new SecurityCommand.NoteDisclosure(
              step.number(),
              step.step().name(),
              step.request(),
              step.caseId(),
              step.by(),
              step.at()));
      disclosed = step.number();
    }
    return steps.size();
  }

  private SecurityState state(EntityKey log) {
    return ask(log, new SecurityCommand.Read()) instanceof SecurityReply.View view
        ? view.state()
        : SecurityState.initial(log.id());
  }

  private void note(EntityKey log, SecurityCommand line) {
    Reply reply = ask(log, line);
    if (!(reply instanceof SecurityReply.Noted)) {
      throw new IllegalStateException("a line was not taken: " + reply);
    }
  }

  private Reply ask(EntityKey log, SecurityCommand command) {
    Origin origin = new Origin(TimedId.at("trail", clock.instant()), "trail", actor);
    try {
      return gateway.ask(log, command, origin).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}

package io.tandem.persistence.webhook;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.webhook.WebhookEvent.Changed;
import io.tandem.persistence.webhook.WebhookEvent.Created;
import io.tandem.persistence.webhook.WebhookEvent.ReplayAsked;
import io.tandem.persistence.webhook.WebhookEvent.SecretChanged;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook after its events so far (ACC-7).
 *
 * @param id its id
 * @param target null before it was created
 */
@Wire("webhook.state/1")
public record WebhookState(String id, @Nullable Target target)
    implements DomainState<WebhookState, WebhookEvent> {

  private static final String ALL = "*";
  private static final String ALL_OF_NOUN = ".*";

  /**
   * Whom it tells, where, and of what.
   *
   * @param events names such as {@code call.ended}, nouns such as {@code call.*}, or {@code *}
   * @param enabled whether anything is noted and sent
   * @param since nothing from before is told
   */
  public record Target(
      String accountId,
      String url,
      List<String> events,
      Personal<String> secret,
      boolean enabled,
      Instant since) {

    /** Whether it is about events of this name. */
    public boolean wants(String event) {
      for (String each : events) {
        if (each.equals(ALL)
            || each.equals(event)
            || (each.endsWith(ALL_OF_NOUN)
                && event.startsWith(each.substring(0, each.length() - 1)))) {
          return true;
        }
      }
      return false;
    }
  }

  /** A webhook without events. */
  public static WebhookState initial(String id) {
    return new WebhookState(id, null);
  }

  @Override
  public WebhookState apply(WebhookEvent event) {
    return switch (event) {
      case Created e ->
          new WebhookState(
              id, new Target(e.accountId(), e.url(), e.events(), e.secret(), true, e.at()));
      case Changed e ->
          target == null
              ? this
              : new WebhookState(
                  id,
                  new Target(
                      target.accountId,
                      e.url(),
                      e.events(),
                      target.secret,
                      e.enabled(),
                      target.since));
      case SecretChanged e ->
          target == null
              ? this
              : new WebhookState(
                  id,
                  new Target(
                      target.accountId,
                      target.url,
                      target.events,
                      e.secret(),
                      target.enabled,
                      target.since));
      case ReplayAsked _ -> this;
    };
  }
}

package io.tandem.node.webhook;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.entity.Repetition;
import io.tandem.node.webhook.WebhookCommand.Change;
import io.tandem.node.webhook.WebhookCommand.ChangeSecret;
import io.tandem.node.webhook.WebhookCommand.Create;
import io.tandem.node.webhook.WebhookCommand.Read;
import io.tandem.node.webhook.WebhookCommand.Replay;
import io.tandem.node.webhook.WebhookCommand.Wake;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.webhook.WebhookEvent;
import io.tandem.persistence.webhook.WebhookState;
import io.tandem.persistence.webhook.WebhookState.Target;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook does (ACC-7): it keeps where an account is told of what. Where its name leads is
 * looked at each time something is sent, not here.
 */
public final class WebhookRules
    implements QuietRules<WebhookCommand, WebhookReply, WebhookEvent, WebhookState>,
        FiledRules<WebhookCommand, WebhookReply, WebhookEvent, WebhookState> {

  /** The noun's name. */
  public static final String NAME = "webhook";

  private static final int SNAPSHOT_EVERY = 100;
  private static final int URL_CHARS_MAX = 500;
  private static final int EVENTS_MAX = 50;
  private static final Pattern EVENT = Pattern.compile("\\*|[a-z]{1,20}\\.(\\*|[a-z-]{1,40})");

  /** The noun as the host runs it. */
  public static EntityType<WebhookCommand, WebhookReply, WebhookEvent, WebhookState> type() {
    return new EntityType<>(
        NAME,
        WebhookCommand.class,
        WebhookEvent.class,
        WebhookState::initial,
        new WebhookRules(),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that it says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(WebhookCommand.class)
        .addAll(WebhookReply.class)
        .addAll(WebhookEvent.class)
        .add(WebhookState.class)
        .build();
  }

  @Override
  public Decision<WebhookEvent, WebhookReply> decide(
      WebhookState state, WebhookCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    if (command instanceof Create c) {
      return create(state, c, now);
    }
    Target target = state.target();
    if (command instanceof Wake) {
      return Decision.reply(new WebhookReply.Awake());
    }
    if (target == null) {
      return Decision.reply(new WebhookReply.Unknown());
    }
    return switch (command) {
      case Change c -> change(state, target, c, now);
      case ChangeSecret c -> done(state, new WebhookEvent.SecretChanged(c.secret(), now));
      case Replay c ->
          c.from().isBefore(c.to())
              ? done(
                  state,
                  new WebhookEvent.ReplayAsked(
                      c.eventId(), c.from().truncatedTo(MICROS), c.to().truncatedTo(MICROS), now))
              : invalid("to", c.to().toString(), "an instant after 'from'");
      default -> Decision.reply(new WebhookReply.View(state));
    };
  }

  private Decision<WebhookEvent, WebhookReply> create(WebhookState state, Create c, Instant now) {
    Target target = state.target();
    if (target != null) {
      return repeated(
          state,
          Repetition.of("accountId", target.accountId(), c.accountId())
              .and("url", target.url(), c.url())
              .and("events", target.events(), c.events()));
    }
    String wrong = wrongUrl(c.url(), c.plain());
    if (wrong != null) {
      return invalid("url", c.url(), wrong);
    }
    return badEvents(c.events())
        ? invalid("events", c.events().toString(), events())
        : done(
            state, new WebhookEvent.Created(c.accountId(), c.url(), c.events(), c.secret(), now));
  }

  private Decision<WebhookEvent, WebhookReply> change(
      WebhookState state, Target target, Change c, Instant now) {
    String wrong = wrongUrl(c.url(), c.plain());
    if (wrong != null) {
      return invalid("url", c.url(), wrong);
    }
    if (badEvents(c.events())) {
      return invalid("events", c.events().toString(), events());
    }
    return target.url().equals(c.url())
            && target.events().equals(c.events())
            && target.enabled() == c.enabled()
        ? already(state)
        : done(state, new WebhookEvent.Changed(c.url(), c.events(), c.enabled(), now));
  }

  /** What an address has to be; null where it is. */
  private static @Nullable String wrongUrl(String url, boolean plain) {
    String allowed =
        (plain ? "an http or https" : "an https")
            + " address of at most "
            + URL_CHARS_MAX
            + " characters, without a user, a password or a fragment";
    try {
      URI uri = new URI(url);
      boolean scheme =
          "https".equalsIgnoreCase(uri.getScheme())
              || (plain && "http".equalsIgnoreCase(uri.getScheme()));
      return scheme
              && url.length() <= URL_CHARS_MAX
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
          ? null
          : allowed;
    } catch (URISyntaxException e) {
      return allowed;
    }
  }

  private static boolean badEvents(List<String> events) {
    return events.isEmpty()
        || events.size() > EVENTS_MAX
        || !events.stream().allMatch(each -> EVENT.matcher(each).matches());
  }

  private static String events() {
    return "1 to " + EVENTS_MAX + " names such as call.ended, wallet.* or *";
  }

  @Override
  public WebhookCommand wake() {
    return new Wake();
  }

  @Override
  public boolean remembered(WebhookCommand command) {
    return !(command instanceof Read || command instanceof Wake);
  }

  @Override
  public WebhookReply onFile(WebhookState state, boolean already) {
    return new WebhookReply.Done(state, already);
  }

  @Override
  public WebhookReply conflict(String field) {
    return new WebhookReply.Conflict(field);
  }

  @Override
  public WebhookReply notAllowed(String field, String found, String allowed) {
    return new WebhookReply.Invalid(field, found, allowed);
  }
}

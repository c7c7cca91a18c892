package io.tandem.node.trunk;

import io.tandem.persistence.trunk.TrunkTerms;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What terms of a trunk may be. */
final class TermsCheck {
  private static final int LIST_MAX = 50;
  private static final Pattern TARGET = Pattern.compile("sips?:[^@\\s]+");
  private static final Pattern RANGE = Pattern.compile("[0-9a-fA-F.:]+(/\\d{1,3})?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*.:@_-]{1,253}");
  private static final Pattern CODEC = Pattern.compile("[A-Za-z0-9._-]{1,32}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{0,15}");
  private static final Pattern DIALLED = Pattern.compile("[0-9*#]{0,10}");
  private static final Set<String> STYLES = Set.of("PLUS", "DIGITS", "NATIONAL");
  private static final int REGISTER_SECONDS_MAX = 86_400;

  private TermsCheck() {}

  /** The first thing that is not allowed; null when all is. */
  static TrunkReply.@Nullable Invalid invalid(TrunkTerms terms) {
    TrunkReply.Invalid bad = each("targets", terms.targets(), TARGET, "SIP URIs without a user");
    if (bad == null) {
      bad = each("addresses", terms.addresses(), RANGE, "addresses or ranges");
    }
    if (bad == null) {
      bad = each("certificates", terms.certificates(), NAME, "names");
    }
    if (bad == null) {
      bad = each("codecs", terms.codecs(), CODEC, "encoding names such as PCMU");
    }
    if (bad == null) {
      bad = least("callsPerSecond", terms.callsPerSecond());
    }
    if (bad == null) {
      bad = least("concurrentCalls", terms.concurrentCalls());
    }
    if (bad == null) {
      bad = login(terms.login());
    }
    if (bad == null) {
      bad = numbers(terms.numbers());
    }
    return bad == null ? routes(terms.routes()) : bad;
  }

  private static TrunkReply.@Nullable Invalid each(
      String field, List<String> values, Pattern allowed, String words) {
    for (String value : values) {
      if (!allowed.matcher(value).matches()) {
        return bad(field, "'" + value + "'", words);
      }
    }
    return values.size() > LIST_MAX
        ? bad(field, Integer.toString(values.size()), "at most " + LIST_MAX)
        : null;
  }

  private static TrunkReply.@Nullable Invalid least(String field, @Nullable Integer value) {
    return value != null && value < 0 ? bad(field, value.toString(), "0 or more") : null;
  }

  private static TrunkReply.@Nullable Invalid login(TrunkTerms.@Nullable Login login) {
    if (login == null) {
      return null;
    }
    if (!NAME.matcher(login.username()).matches()) {
      return bad("login.username", "'" + login.username() + "'", "1 to 253 plain characters");
    }
    int seconds = login.registerSeconds();
    return seconds != 0 && (seconds < 60 || seconds > REGISTER_SECONDS_MAX)
        ? bad("login.registerSeconds", Integer.toString(seconds), "0, or 60 to 86400")
        : null;
  }

  private static TrunkReply.@Nullable Invalid numbers(TrunkTerms.Numbers numbers) {
    if (!STYLES.contains(numbers.style())) {
      return bad("numbers.style", numbers.style(), "PLUS, DIGITS or NATIONAL");
    }
    if (numbers.style().equals("NATIONAL") && !numbers.country().matches("[1-9][0-9]{0,2}")) {
      return bad("numbers.country", "'" + numbers.country() + "'", "a calling code such as 1");
    }
    for (String dialled :
        List.of(numbers.trunkPrefix(), numbers.internationalPrefix(), numbers.technicalPrefix())) {
      if (!DIALLED.matcher(dialled).matches()) {
        return bad("numbers", "'" + dialled + "'", "at most ten digits, * and #");
      }
    }
    return null;
  }

  private static TrunkReply.@Nullable Invalid routes(List<TrunkTerms.Route> routes) {
    for (TrunkTerms.Route route : routes) {
      if (!DIGITS.matcher(route.prefix()).matches()) {
        return bad("routes.prefix", "'" + route.prefix() + "'", "at most 15 digits");
      }
      if (route.rank() < 0) {
        return bad("routes.rank", Integer.toString(route.rank()), "0 or more");
      }
    }
    return routes.size() > 20 * LIST_MAX
        ? bad("routes", Integer.toString(routes.size()), "at most " + 20 * LIST_MAX)
        : null;
  }

  private static TrunkReply.Invalid bad(String field, String found, String allowed) {
    return new TrunkReply.Invalid(field, found, allowed);
  }
}

package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.readmodel.DisputeRates;
import io.tandem.persistence.readmodel.DisputeRates.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often disputes are approved, by agent, publisher (the account of a campaign) and reason; and
 * which publishers have too many (DSP-7).
 */
final class DisputeReport {
  private static final Duration SPAN = Duration.ofDays(30);
  private static final Duration WEEK = Duration.ofDays(7);

  /** So many of a hundred charged calls of a week with an approved dispute are too many. */
  private static final int PERCENT_MAX = 15;

  private final Entities entities;

  DisputeReport(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    return List.of(
        Operation.get("reportDisputes", "/v1/reports/disputes", Access.OPERATOR, this::report));
  }

  private Work report(ApiRequest request) {
    Instant now = entities.ports().clock().instant();
    Instant from = request.query().instant("from").orElse(now.minus(SPAN));
    Instant to = request.query().instant("to").orElse(now);
    By by = request.query().text("by").map(DisputeReport::by).orElse(By.REASON);
    return origin -> {
      ArrayNode items = Forms.array();
      if (by == By.PUBLISHER) {
        publishers(from, to, now, items);
      } else {
        rates().filed(by.column, from, to).forEach(rate -> items.add(json(rate)));
      }
      ObjectNode answer = Forms.object();
      answer.set("items", items);
      return Answer.ok(answer);
    };
  }

  private enum By {
    AGENT(DisputeRates.By.AGENT),
    PUBLISHER(DisputeRates.By.CAMPAIGN),
    REASON(DisputeRates.By.REASON);

    private final DisputeRates.By column;

    By(DisputeRates.By column) {
      this.column = column;
    }
  }

  private static By by(String text) {
    for (By each : By.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
        return each;
      }
    }
    throw Refusal.field("by", "'" + text + "'", "agent, publisher or reason");
  }

  private void publishers(Instant from, Instant to, Instant now, ArrayNode items) {
    Map<String, Rate> rates = new TreeMap<>();
    for (Rate each : rates().filed(DisputeRates.By.CAMPAIGN, from, to)) {
      String publisher = publisher(each.key());
      Rate unused =
          rates.merge(
              publisher,
              new Rate(publisher, each.filed(), each.decided(), each.approved()),
              Rate::plus);
    }
    Map<String, Long> charged = byPublisher(rates().chargedCalls(now.minus(WEEK), now));
    Map<String, Long> approved = byPublisher(rates().approvedCalls(now.minus(WEEK), now));
    approved.keySet().forEach(each -> rates.putIfAbsent(each, new Rate(each, 0, 0, 0)));
    rates.forEach(
        (publisher, rate) -> {
          long calls = charged.getOrDefault(publisher, 0L);
          long lost = approved.getOrDefault(publisher, 0L);
          items.add(
              json(rate)
                  .put("weekCharged", calls)
                  .put("weekApproved", lost)
                  .put("flagged", lost * 100 > PERCENT_MAX * calls));
        });
  }

  private Map<String, Long> byPublisher(Map<String, Long> byCampaign) {
    Map<String, Long> sums = new TreeMap<>();
    byCampaign.forEach(
        (campaign, count) -> {
          Long unused = sums.merge(publisher(campaign), count, Long::sum);
        });
    return sums;
  }

  /** The account of a campaign; a campaign nobody knows any more stands for itself. */
  private String publisher(String campaignId) {
    return entities
        .ports()
        .directory()
        .campaign(campaignId)
        .map(campaign -> campaign.profile())
        .map(profile -> profile.accountId())
        .orElse(campaignId);
  }

  private static ObjectNode json(Rate rate) {
    return Forms.object()
        .put("key", rate.key())
        .put("filed", rate.filed())
        .put("decided", rate.decided())
        .put("approved", rate.approved())
        .put(
            "approvedPercent",
            rate.decided() == 0 ? null : (Long) (rate.approved() * 100 / rate.decided()));
  }

  private DisputeRates rates() {
    return entities.ports().disputeRates();
  }
}

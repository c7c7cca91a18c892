package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Fields;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.campaign.CampaignVoice;
import java.util.List;
import java.util.Optional;

/** Campaigns: where calls come in, and how their agents are rung (MKT-1, MKT-3, MKT-10). */
final class CampaignOperations {
  private static final int COUNT_MAX = 10_000_000;
  private static final long RING_MILLIS = 18_000;
  private static final long ATTEMPTS = 3;

  private final Entities entities;

  CampaignOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/campaigns/{campaignId}";
    return List.of(
        Operation.post("createCampaign", "/v1/campaigns", Access.WRITE, this::create),
        Operation.get("listCampaigns", "/v1/campaigns", Access.READ, this::list),
        Operation.get("readCampaign", one, Access.READ, this::read),
        Operation.put("changeCampaignTerms", one + "/terms", Access.WRITE, this::changeTerms));
  }

  private Work create(ApiRequest request) {
    var owner = entities.owner(request);
    String name = request.body().text("name", 200);
    CampaignTerms terms = terms(request.body().object("terms"));
    return origin -> {
      String accountId = owner.apply(origin);
      AgentOperations.requireVertical(entities, "terms.verticalId", terms.verticalId(), origin);
      String id = Entities.idOf("camp", origin);
      Reply reply =
          entities.ask("campaign", id, new CampaignCommand.Create(accountId, name, terms), origin);
      return Answer.created(json(id, done(reply, "")));
    };
  }

  private Work list(ApiRequest request) {
    return entities.page(
        "campaign",
        request,
        view ->
            view.state() instanceof CampaignState campaign && campaign.profile() != null
                ? Optional.of(json(view.entityId(), campaign))
                : Optional.empty());
  }

  private Work read(ApiRequest request) {
    String id = request.path("campaignId");
    return origin ->
        Answer.ok(
            json(id, seen(entities, id, request.caller(), origin).orElseThrow(Refusal::notFound)));
  }

  private Work changeTerms(ApiRequest request) {
    String id = request.path("campaignId");
    CampaignTerms terms = terms(request.body());
    return origin -> {
      CampaignState unused =
          seen(entities, id, request.caller(), origin).orElseThrow(Refusal::notFound);
      AgentOperations.requireVertical(entities, "verticalId", terms.verticalId(), origin);
      Reply reply = entities.ask("campaign", id, new CampaignCommand.ChangeTerms(terms), origin);
      return Answer.ok(json(id, done(reply, "terms")));
    };
  }

  /** A campaign, where the caller sees it. */
  static Optional<CampaignState> seen(Entities entities, String id, Caller caller, Origin origin) {
    return entities.ask("campaign", id, new CampaignCommand.Read(), origin)
                instanceof CampaignReply.View view
            && view.state().profile() instanceof CampaignState.Profile profile
            && caller.sees(profile.accountId())
        ? Optional.of(view.state())
        : Optional.empty();
  }

  private static CampaignState done(Reply reply, String part) {
    return switch (reply) {
      case CampaignReply.Done done -> done.state();
      default -> throw Refusals.of(reply, part);
    };
  }

  private static CampaignTerms terms(Fields fields) {
    return new CampaignTerms(
        fields.text("verticalId", 100),
        fields.choice("ringing", CampaignTerms.Ringing.class),
        fields.optionalNumber("ringMillis", 1, 600_000).orElse(RING_MILLIS),
        Math.toIntExact(fields.optionalNumber("ringAtOnce", 1, 100).orElse(1L)),
        Math.toIntExact(fields.optionalNumber("attempts", 1, 100).orElse(ATTEMPTS)),
        fields.optionalNumber("dailyCalls", 0, COUNT_MAX).map(Math::toIntExact).orElse(null),
        fields.optionalNumber("concurrentCalls", 0, COUNT_MAX).map(Math::toIntExact).orElse(null),
        fields.optionalMoney("dailyBudget").orElse(null),
        Forms.schedule(fields.object("schedule")),
        fields.has("voice") ? voice(fields.object("voice")) : CampaignVoice.SILENT);
  }

  private static CampaignVoice voice(Fields fields) {
    return new CampaignVoice(
        fields.optionalText("greeting", CampaignVoice.TEXT_MAX).orElse(""),
        fields.choice("recording", CampaignVoice.Recording.class),
        fields.optionalText("notice", CampaignVoice.TEXT_MAX).orElse(CampaignVoice.NOTICE));
  }

  private static ObjectNode json(String id, CampaignState campaign) {
    CampaignState.Profile profile = campaign.profile();
    if (profile == null) {
      throw Refusal.notFound();
    }
    CampaignTerms terms = profile.terms();
    ObjectNode json =
        Forms.object()
            .put("id", id)
            .put("accountId", profile.accountId())
            .put("name", profile.name())
            .put("admittedCalls", campaign.admissions().size());
    ObjectNode shown =
        json.putObject("terms")
            .put("verticalId", terms.verticalId())
            .put("ringing", terms.ringing().name())
            .put("ringMillis", terms.ringMillis())
            .put("ringAtOnce", terms.ringAtOnce())
            .put("attempts", terms.attempts())
            .put("dailyCalls", terms.dailyCalls())
            .put("concurrentCalls", terms.concurrentCalls());
    Forms.money(shown, "dailyBudget", terms.dailyBudget());
    shown.set("schedule", Forms.schedule(terms.schedule()));
    shown
        .putObject("voice")
        .put("greeting", terms.voice().greeting())
        .put("recording", terms.voice().recording().name())
        .put("notice", terms.voice().notice());
    return json;
  }
}

package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Answer;
import io.tandem.node.http.ApiRequest;
import io.tandem.node.http.Caller;
import io.tandem.node.http.Operation;
import io.tandem.node.http.Operation.Access;
import io.tandem.node.http.Operation.Work;
import io.tandem.node.http.Refusal;
import io.tandem.node.number.NumberCommand;
import io.tandem.node.number.NumberReply;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.number.NumberState;
import java.util.List;
import java.util.Optional;

/**
 * Our phone numbers and where their calls go. The operator gives a number to an account with its
 * first assignment; an account moves its numbers between its own campaigns and gives them back.
 */
final class NumberOperations {
  private final Entities entities;

  NumberOperations(Entities entities) {
    this.entities = entities;
  }

  List<Operation> table() {
    String one = "/v1/numbers/{number}";
    return List.of(
        Operation.get("listNumbers", "/v1/numbers", Access.READ, this::list),
        Operation.get("readNumber", one, Access.READ, this::read),
        Operation.post("assignNumber", one + "/assign", Access.WRITE, this::assign),
        Operation.post("unassignNumber", one + "/unassign", Access.WRITE, this::unassign));
  }

  private Work list(ApiRequest request) {
    return entities.page(
        "number",
        request,
        view ->
            view.state() instanceof NumberState number
                ? Optional.ofNullable(number.assignment()).map(a -> json(number.number(), a))
                : Optional.empty());
  }

  private Work read(ApiRequest request) {
    String number = request.path("number");
    return origin -> Answer.ok(json(number, seen(number, request.caller(), origin)));
  }

  private NumberState.Assignment seen(String number, Caller caller, Origin origin) {
    if (entities.ask("number", number, new NumberCommand.Read(), origin)
            instanceof NumberReply.View view
        && view.state().assignment() instanceof NumberState.Assignment assignment
        && caller.sees(assignment.accountId())) {
      return assignment;
    }
    throw Refusal.notFound();
  }

  private Work assign(ApiRequest request) {
    String number = request.path("number");
    String campaignId = request.body().text("campaignId", 100);
    return origin -> {
      if (request.caller() instanceof Caller.Tenant) {
        NumberState.Assignment unused = seen(number, request.caller(), origin);
      }
      String accountId = ownerOf(campaignId, request.caller(), origin);
      Reply reply =
          entities.ask("number", number, new NumberCommand.Assign(accountId, campaignId), origin);
      if (reply instanceof NumberReply.Done done
          && done.state().assignment() instanceof NumberState.Assignment assignment) {
        return Answer.ok(json(number, assignment));
      }
      throw Refusals.of(reply);
    };
  }

  /** The account of the campaign: the number becomes that account's. */
  private String ownerOf(String campaignId, Caller caller, Origin origin) {
    if (campaignId.matches("[A-Za-z0-9._:-]+")
        && entities.ask("campaign", campaignId, new CampaignCommand.Read(), origin)
            instanceof CampaignReply.View view
        && view.state().profile() instanceof CampaignState.Profile profile
        && caller.sees(profile.accountId())) {
      return profile.accountId();
    }
    throw Refusal.field("campaignId", "'" + campaignId + "'", "the id of a campaign");
  }

  private Work unassign(ApiRequest request) {
    String number = request.path("number");
    String reason = request.body().text("reason", 200);
    return origin -> {
      if (request.caller() instanceof Caller.Tenant) {
        NumberState.Assignment unused = seen(number, request.caller(), origin);
      }
      Reply reply = entities.ask("number", number, new NumberCommand.Unassign(reason), origin);
      if (!(reply instanceof NumberReply.Done)) {
        throw Refusals.of(reply);
      }
      ObjectNode json = Forms.object().put("number", number);
      return Answer.ok(json.putNull("accountId").putNull("campaignId"));
    };
  }

  private static ObjectNode json(String number, NumberState.Assignment assignment) {
    return Forms.object()
        .put("number", number)
        .put("accountId", assignment.accountId())
        .put("campaignId", assignment.campaignId());
  }
}

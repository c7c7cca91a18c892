package io.tandem.node.http.operation;

import io.tandem.node.account.AccountReply;
import io.tandem.node.agent.AgentReply;
import io.tandem.node.call.CallReply;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.node.dispute.DisputeReply;
import io.tandem.node.endpoint.EndpointReply;
import io.tandem.node.entity.Reply;
import io.tandem.node.http.Problem;
import io.tandem.node.http.Problem.Type;
import io.tandem.node.http.Refusal;
import io.tandem.node.number.NumberReply;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.node.vertical.VerticalReply;
import io.tandem.node.wallet.WalletReply;
import io.tandem.node.webhook.WebhookReply;
import io.tandem.persistence.dispute.DisputeReason;
import java.util.stream.Stream;

/** What an entity's no is over HTTP: the one table of it. */
final class Refusals {
  private Refusals() {}

  /** The problem of a refusing answer; an answer nobody expected is the node's own fault. */
  static Refusal of(Reply reply) {
    return new Refusal(problem(reply));
  }

  /**
   * The same where the body is not the whole command but a part of it, such as its terms: fields
   * are named from there.
   */
  static Refusal of(Reply reply, String part) {
    Problem problem = problem(reply);
    String field = problem.field();
    return problem.type() == Type.INVALID_FIELD && field != null && field.startsWith(part + '.')
        ? new Refusal(
            Problem.field(
                field.substring(part.length() + 1),
                problem.found(),
                String.valueOf(problem.allowed())))
        : new Refusal(problem);
  }

  private static Problem problem(Reply reply) {
    return switch (reply) {
      case AccountReply.Unknown _,
          AgentReply.Unknown _,
          CampaignReply.Unknown _,
          VerticalReply.Unknown _,
          NumberReply.Unknown _,
          EndpointReply.Unknown _,
          WebhookReply.Unknown _,
          DisputeReply.Unknown _,
          TrunkReply.Unknown _,
          CallReply.Unknown _ ->
          Problem.notFound();
      case AccountReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case AgentReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case CampaignReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case VerticalReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case NumberReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case EndpointReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case WebhookReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case DisputeReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case TrunkReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case WalletReply.Invalid no -> invalid(no.field(), no.found(), no.allowed());
      case WalletReply.BadAmount no -> invalid("amount", no.found().toString(), no.allowed());
      case WalletReply.WrongCurrency no -> invalid("amount.currency", no.found(), no.allowed());
      case AccountReply.Conflict no -> conflict(no.field());
      case AgentReply.Conflict no -> conflict(no.field());
      case CampaignReply.Conflict no -> conflict(no.field());
      case VerticalReply.Conflict no -> conflict(no.field());
      case NumberReply.Conflict no -> conflict(no.field());
      case EndpointReply.Conflict no -> conflict(no.field());
      case WebhookReply.Conflict no -> conflict(no.field());
      case DisputeReply.Conflict no -> conflict(no.field());
      case TrunkReply.Conflict no -> conflict(no.field());
      case WalletReply.Conflict no -> conflict(no.field());
      case DisputeReply.CannotWin no -> cannotWin(no);
      case DisputeReply.TooLate no -> tooLate(no);
      case DisputeReply.WrongPhase no ->
          Problem.of(
              Type.CONFLICT, "The dispute is " + no.found() + ", needed is " + no.needed() + ".");
      case NumberReply.Taken _, EndpointReply.Taken _ -> taken();
      case WalletReply.TooOld _ ->
          Problem.of(Type.CONFLICT, "The request is older than the wallet's memory of a week.");
      default ->
          Problem.of(
              Type.INTERNAL, "An entity answered with " + reply.getClass().getSimpleName() + ".");
    };
  }

  private static Problem invalid(String field, String found, String allowed) {
    return Problem.field(field, found, allowed);
  }

  /** DSP-3: refused with an explanation. */
  private static Problem cannotWin(DisputeReply.CannotWin no) {
    return new Problem(
        Type.INVALID_FIELD,
        "A dispute for this reason cannot win: " + no.reason().explanation() + ".",
        "reason",
        no.reason().name(),
        "one of " + Stream.of(DisputeReason.values()).filter(DisputeReason::canWin).toList());
  }

  /** DSP-1: refused with the deadline. */
  private static Problem tooLate(DisputeReply.TooLate no) {
    return new Problem(
        Type.TOO_LATE,
        "The call could be disputed before "
            + no.deadline()
            + ", the end of the fifth business day after it.",
        "callId",
        null,
        "filed before " + no.deadline());
  }

  private static Problem conflict(String field) {
    return new Problem(Type.CONFLICT, "It is there with another " + field + ".", field, null, null);
  }

  /** The same for a name in use by oneself and by another (ACC-5). */
  static Problem taken() {
    return Problem.of(Type.NAME_TAKEN, "It is in use.");
  }
}

package io.tandem.node.call;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentReply;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.campaign.CampaignReply;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.Reply;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import java.util.Optional;

/**
 * What the answers of wallet, agent and campaign mean to a call. A yes acknowledges the effect and
 * costs nothing; a no becomes a command that the call decides. What ends something (release, end of
 * offer, discharge) has no no: whatever its receiver answers, it is over there.
 */
final class CallAnswers {

  /**
   * The campaign refused for a reason that is not one of its caps; the call cannot be counted, so
   * it is not taken.
   */
  static final String NOT_ADMITTED = "NOT_ADMITTED";

  private CallAnswers() {}

  static Optional<CallCommand> meaning(Effect.Ask effect, Reply reply) {
    Command asked = effect.command();
    return switch (asked) {
      case WalletCommand.Hold hold -> held(hold.offerId(), reply);
      case WalletCommand.Capture _ -> captured(reply);
      case AgentCommand.Reserve reserve -> reserved(reserve.offerId(), reply);
      case CampaignCommand.Admit _ -> admitted(reply);
      default -> Optional.empty();
    };
  }

  private static Optional<CallCommand> held(String offerId, Reply reply) {
    return switch (reply) {
      case WalletReply.Held _ -> Optional.empty();
      case WalletReply.InsufficientFunds no ->
          refused(
              offerId, "INSUFFICIENT_FUNDS", "holds " + no.available() + ", needs " + no.asked());
      case WalletReply.WrongCurrency no ->
          refused(offerId, "WRONG_CURRENCY", "found " + no.found() + ", allowed " + no.allowed());
      case WalletReply.BadAmount no ->
          refused(offerId, "BAD_AMOUNT", "found " + no.found() + ", allowed " + no.allowed());
      case WalletReply.HoldEnded no -> refused(offerId, "HOLD_ENDED", "ended before: " + no.how());
      case WalletReply.Conflict no ->
          refused(offerId, "CONFLICT", "the hold's " + no.field() + " differs");
      case WalletReply.TooOld _ ->
          refused(offerId, "TOO_OLD", "the call is older than the wallet's memory");
      default -> refused(offerId, "NO_HOLD", reply.getClass().getSimpleName());
    };
  }

  private static Optional<CallCommand> reserved(String offerId, Reply reply) {
    return switch (reply) {
      case AgentReply.Reserved _ -> Optional.empty();
      case AgentReply.NotAvailable no -> refused(offerId, no.reason(), no.detail());
      case AgentReply.Unknown _ -> refused(offerId, "UNKNOWN_AGENT", "there is no such agent");
      case AgentReply.Invalid no ->
          refused(
              offerId,
              "INVALID",
              no.field() + ": found " + no.found() + ", allowed " + no.allowed());
      case AgentReply.Conflict no ->
          refused(offerId, "CONFLICT", "the reservation's " + no.field() + " differs");
      default -> refused(offerId, "NO_RESERVATION", reply.getClass().getSimpleName());
    };
  }

  private static Optional<CallCommand> admitted(Reply reply) {
    return switch (reply) {
      case CampaignReply.Admitted _ -> Optional.empty();
      case CampaignReply.NotAdmitted no ->
          Optional.of(new CallCommand.AdmissionRefused(no.reason(), no.detail()));
      default ->
          Optional.of(
              new CallCommand.AdmissionRefused(NOT_ADMITTED, reply.getClass().getSimpleName()));
    };
  }

  private static Optional<CallCommand> captured(Reply reply) {
    return switch (reply) {
      case WalletReply.Captured _ -> Optional.empty();
      case WalletReply.Conflict no ->
          chargeRefused("CONFLICT", "the charge's " + no.field() + " differs");
      case WalletReply.TooOld _ ->
          chargeRefused("TOO_OLD", "the call is older than the wallet's memory");
      case WalletReply.WrongCurrency no ->
          chargeRefused("WRONG_CURRENCY", "found " + no.found() + ", allowed " + no.allowed());
      case WalletReply.BadAmount no ->
          chargeRefused("BAD_AMOUNT", "found " + no.found() + ", allowed " + no.allowed());
      default -> chargeRefused("NO_CAPTURE", reply.getClass().getSimpleName());
    };
  }

  private static Optional<CallCommand> refused(String offerId, String reason, String detail) {
    return Optional.of(new CallCommand.OfferRefused(offerId, reason, detail));
  }

  private static Optional<CallCommand> chargeRefused(String reason, String detail) {
    return Optional.of(new CallCommand.ChargeRefused(reason, detail));
  }
}

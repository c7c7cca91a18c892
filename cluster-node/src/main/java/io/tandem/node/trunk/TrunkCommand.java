package io.tandem.node.trunk;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.trunk.TrunkTerms;

/** What can be asked of a trunk (TEL-3, MKT-10). */
public sealed interface TrunkCommand extends Command {

  /** Make the trunk, or give it other terms for calls that come from now on. */
  @Wire("trunk.do.define/1")
  record Define(TrunkTerms terms) implements TrunkCommand {}

  /** Use it, or do not, for calls that come from now on. */
  @Wire("trunk.do.switch/1")
  record Switch(boolean on, String reason) implements TrunkCommand {}

  /** Count a call against the limits. Natural key: the call. */
  @Wire("trunk.do.admit/1")
  record Admit(String callId) implements TrunkCommand {}

  /** The call says that an old admission still counts. */
  @Wire("trunk.do.keep-admission/1")
  record KeepAdmission(String callId) implements TrunkCommand {}

  /** The call is over; one that was never admitted is forestalled. */
  @Wire("trunk.do.release/1")
  record Release(String callId) implements TrunkCommand {}

  /** Time has come: an admitted call that is very old is asked for (never leaked). */
  @Wire("trunk.do.wake/1")
  record Wake() implements TrunkCommand {}

  /** Tell how the trunk is. */
  @Wire("trunk.do.read/1")
  record Read() implements TrunkCommand {}
}

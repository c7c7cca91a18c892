package io.tandem.node.endpoint;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.util.List;

/** What can be asked of a SIP endpoint (TEL-1). */
public sealed interface EndpointCommand extends Command {

  /** Make the endpoint; the caller has hashed the password. */
  @Wire("endpoint.do.create/1")
  record Create(
      String accountId,
      String realm,
      Personal<String> ha1Md5,
      Personal<String> ha1Sha256,
      List<String> algorithms)
      implements EndpointCommand {}

  /** Set a new password. */
  @Wire("endpoint.do.change-password/1")
  record ChangePassword(
      Personal<String> ha1Md5, Personal<String> ha1Sha256, List<String> algorithms)
      implements EndpointCommand {}

  /** Time has come. */
  @Wire("endpoint.do.wake/1")
  record Wake() implements EndpointCommand {}

  /** Tell the endpoint. */
  @Wire("endpoint.do.read/1")
  record Read() implements EndpointCommand {}
}

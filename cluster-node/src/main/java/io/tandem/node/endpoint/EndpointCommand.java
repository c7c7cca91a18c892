package io.tandem.node.endpoint;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Personal;
import java.util.List;

/** What can be asked of a SIP endpoint (TEL-1). */
public sealed interface EndpointCommand extends Command {

  /** Make the endpoint; the caller has hashed the password. */
  record Create(
      String accountId,
      String realm,
      Personal<String> ha1Md5,
      Personal<String> ha1Sha256,
      List<String> algorithms)
      implements EndpointCommand {}

  /** Set a new password. */
  record ChangePassword(Personal<String> ha1Md5, Personal<String> ha1Sha256, List<String> algorithms)
      implements EndpointCommand {}

  /** Time has come. */
  record Wake() implements EndpointCommand {}

  /** Tell the endpoint. */
  record Read() implements EndpointCommand {}
}

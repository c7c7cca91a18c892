package io.tandem.node.http.operation;

import io.tandem.node.http.Operation;
import java.util.List;
import java.util.stream.Stream;

/** The whole API. */
public final class Operations {
  private Operations() {}

  /** All operations. */
  public static List<Operation> table(OperationPorts ports) {
    Entities entities = new Entities(ports);
    List<Operation> all =
        Stream.of(
                new PlatformOperations(ports).table(),
                new AccountOperations(entities).table(),
                new WalletOperations(entities).table(),
                new VerticalOperations(entities).table(),
                new AgentOperations(entities).table(),
                new CampaignOperations(entities).table(),
                new NumberOperations(entities).table(),
                new EndpointOperations(entities).table(),
                new WebhookOperations(entities).table(),
                new DisputeOperations(entities).table(),
                new DisputeReport(entities).table(),
                new PrivacyOperations(ports).table(),
                new CallOperations(entities).table(),
                new RecordingOperations(entities).table(),
                new EdgeOperations(entities).table(),
                new SecurityOperations(ports).table(),
                new TrunkOperations(entities).table())
            .flatMap(List::stream)
            .toList();
    return Stream.concat(all.stream(), new ExportOperations(entities, all).table().stream())
        .toList();
  }
}

package io.tandem.node.system;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node with one agent, whose phone answers. */
abstract class OneLine {
  @TempDir Path directory;

  Exchange exchange;

  @BeforeEach
  final void openLine() {
    exchange = Exchange.open(directory);
    exchange.market().agent("anna", 100);
    exchange.phones().phone("anna");
  }

  @AfterEach
  final void closeLine() {
    exchange.close();
  }
}

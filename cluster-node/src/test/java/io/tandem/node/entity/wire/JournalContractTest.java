package io.tandem.node.entity.wire;

import org.junit.jupiter.api.Nested;

/** The contract on every way that the journal is written. */
class JournalContractTest {

  @Nested
  class ShippedOnH2 extends JournalContract {
    ShippedOnH2() {
      super(Journals.SHIPPED_ON_H2);
    }
  }

  @Nested
  class ShippedOnPostgresql extends JournalContract {
    ShippedOnPostgresql() {
      super(Journals.SHIPPED_ON_POSTGRESQL);
    }
  }

  @Nested
  class ArraysOnPostgresql extends JournalContract {
    ArraysOnPostgresql() {
      super(Journals.ARRAYS_ON_POSTGRESQL);
    }
  }

  @Nested
  class ArraysByAkkasProtocol extends JournalContract {
    ArraysByAkkasProtocol() {
      super(Journals.ARRAYS_BY_AKKAS_PROTOCOL);
    }
  }
}

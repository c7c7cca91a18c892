package io.tandem.persistence.journal.keys;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import java.util.Optional;

/** For one who was not given the keys: whatever is sealed reads as if it were erased. */
public final class ShutKeyStore implements KeyStore {

  @Override
  public Optional<DataKey> find(KeyId id) {
    return Optional.empty();
  }

  @Override
  public DataKey keyFor(String subject, DataClass dataClass, String period) {
    throw notGiven();
  }

  @Override
  public void adopt(KeyId id, String subject, DataClass dataClass, String period) {
    // there is nothing to note it in
  }

  @Override
  public int destroy(String subject, DataClass dataClass) {
    throw notGiven();
  }

  @Override
  public int destroy(String subject, DataClass dataClass, String period) {
    throw notGiven();
  }

  private static JournalException notGiven() {
    return new JournalException(Fault.UNWRITABLE, "no key store was given");
  }

  @Override
  public void close() {}
}

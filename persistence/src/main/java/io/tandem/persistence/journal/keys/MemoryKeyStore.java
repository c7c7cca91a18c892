package io.tandem.persistence.journal.keys;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Keys that live as long as the process: for tests, and for replays in which nothing may last. */
public final class MemoryKeyStore implements KeyStore {

  private record Assignment(String subject, DataClass dataClass, String period) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<Assignment, DataKey> current = new HashMap<>();
  private final Map<KeyId, DataKey> keys = new HashMap<>();
  private final Map<KeyId, Assignment> assignments = new HashMap<>();
  private final Set<KeyId> destroyed = new HashSet<>();

  @Override
  public synchronized DataKey keyFor(String subject, DataClass dataClass, String period) {
    return current.computeIfAbsent(new Assignment(subject, dataClass, period), this::make);
  }

  @Override
  public synchronized Optional<DataKey> find(KeyId id) {
    DataKey key = keys.get(id);
    if (key == null && !destroyed.contains(id)) {
      throw new JournalException(Fault.UNKNOWN_KEY, "no key " + id);
    }
    return Optional.ofNullable(key);
  }

  @Override
  public synchronized void adopt(KeyId id, String subject, DataClass dataClass, String period) {
    assignments.putIfAbsent(id, new Assignment(subject, dataClass, period));
  }

  @Override
  public synchronized int destroy(String subject, DataClass dataClass) {
    return destroyWhere(a -> a.subject.equals(subject) && a.dataClass == dataClass);
  }

  @Override
  public synchronized int destroy(String subject, DataClass dataClass, String period) {
    return destroyWhere(new Assignment(subject, dataClass, period)::equals);
  }

  @Override
  public void close() {}

  private DataKey make(Assignment assignment) {
    byte[] secret = new byte[DataKey.BYTES];
    random.nextBytes(secret);
    DataKey key = DataKey.of(KeyId.random(), secret);
    keys.put(key.id(), key);
    assignments.put(key.id(), assignment);
    return key;
  }

  private int destroyWhere(Predicate<Assignment> matches) {
    int count = 0;
    for (Map.Entry<KeyId, Assignment> each : assignments.entrySet()) {
      if (matches.test(each.getValue()) && keys.remove(each.getKey()) != null) {
        destroyed.add(each.getKey());
        count++;
      }
    }
    current.keySet().removeIf(matches);
    return count;
  }
}

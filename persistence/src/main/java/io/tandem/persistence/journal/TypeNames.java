package io.tandem.persistence.journal;

import io.tandem.persistence.journal.JournalException.Fault;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The closed list of records that may be stored or sent: class ↔ stable {@link WireName}.
 *
 * <p>Events, commands, replies and snapshot states are all on it. No class name ever reaches the
 * bytes, so a class can be moved or renamed; what is not on the list can neither be written nor
 * read. Built once at start; a name or class listed twice, a record without a name, or a nested
 * sealed type without stable names of its own is refused there and then.
 */
public final class TypeNames {

  private final Map<Class<?>, WireName> names;
  private final Map<WireName, Class<? extends Record>> classes;

  private TypeNames(Map<Class<?>, WireName> names, Map<WireName, Class<? extends Record>> classes) {
    this.names = names;
    this.classes = classes;
  }

  /** Starts an empty list. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The name of a record's class.
   *
   * @throws JournalException UNWRITABLE where it is not on the list
   */
  public WireName nameOf(Class<?> type) {
    WireName name = names.get(type);
    if (name == null) {
      throw new JournalException(
          Fault.UNWRITABLE, "no wire name is registered for " + type.getName());
    }
    return name;
  }

  /** The class of a name; empty where this build does not know it. */
  public Optional<Class<? extends Record>> classOf(WireName name) {
    return Optional.ofNullable(classes.get(name));
  }

  /** Every name with its class, in the order of registration. */
  public Map<WireName, Class<? extends Record>> all() {
    return classes;
  }

  /** Collects the list. */
  public static final class Builder {
    private final Map<Class<?>, WireName> names = new HashMap<>();
    private final Map<WireName, Class<? extends Record>> classes = new LinkedHashMap<>();

    private Builder() {}

    /** Adds a record under the name its {@link Wire} annotation gives. */
    public Builder add(Class<? extends Record> type) {
      Wire wire = type.getAnnotation(Wire.class);
      if (wire == null) {
        throw new IllegalArgumentException(type.getName() + " has no @Wire name");
      }
      return add(type, WireName.parse(wire.value()));
    }

    /** Adds a record under a given name. */
    public Builder add(Class<? extends Record> type, WireName name) {
      Class<?> other = classes.putIfAbsent(name, type);
      if (other != null) {
        throw new IllegalArgumentException(
            name + " names both " + other.getName() + " and " + type.getName());
      }
      WireName earlier = names.putIfAbsent(type, name);
      if (earlier != null) {
        throw new IllegalArgumentException(
            type.getName() + " is named both " + earlier + " and " + name);
      }
      return this;
    }

    /**
     * Adds every record of a sealed family, such as {@code WalletEvent}, each by its {@link Wire}.
     */
    public Builder addAll(Class<?> sealedFamily) {
      if (!sealedFamily.isSealed()) {
        throw new IllegalArgumentException(sealedFamily.getName() + " is not sealed");
      }
      for (Class<?> each : sealedFamily.getPermittedSubclasses()) {
        if (each.isRecord()) {
          if (!names.containsKey(each)) { // a record may belong to two families
            add(each.asSubclass(Record.class));
          }
        } else {
          addAll(each);
        }
      }
      return this;
    }

    /** Adds what another list holds. */
    public Builder addAll(Collection<Class<? extends Record>> types) {
      types.forEach(this::add);
      return this;
    }

    /** The finished list. */
    public TypeNames build() {
      WireShape.check(classes.values());
      return new TypeNames(
          Map.copyOf(names), Collections.unmodifiableMap(new LinkedHashMap<>(classes)));
    }
  }
}

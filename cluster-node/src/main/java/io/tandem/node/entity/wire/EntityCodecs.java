package io.tandem.node.entity.wire;

import io.tandem.node.entity.EntityType;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.PersonalSealer;
import io.tandem.persistence.journal.Supersessions;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Upcaster;
import java.util.Collection;
import java.util.List;

/**
 * The closed list of all nouns' records, with the codecs over it.
 *
 * @param types the nouns that this node knows
 * @param sealed for what is stored: personal values are encrypted
 * @param clear for what travels between nodes
 * @param digests of remembered commands
 */
public record EntityCodecs(
    List<EntityType<?, ?, ?, ?>> types,
    EventCodec sealed,
    EventCodec clear,
    CommandDigest.Of digests) {

  public EntityCodecs {
    types = List.copyOf(types);
  }

  /**
   * The codecs of some nouns.
   *
   * @param upcasters of stored events, from older versions
   * @throws IllegalArgumentException where two records have one name, or one has no stable form
   */
  public static EntityCodecs of(
      List<EntityType<?, ?, ?, ?>> types,
      Collection<? extends Upcaster> upcasters,
      PersonalSealer sealer) {
    return of(types, upcasters, sealer, Supersessions.NONE);
  }

  /**
   * The same.
   *
   * @param supersessions what is read in the place of stored events that cannot be read
   */
  public static EntityCodecs of(
      List<EntityType<?, ?, ?, ?>> types,
      Collection<? extends Upcaster> upcasters,
      PersonalSealer sealer,
      Supersessions supersessions) {
    TypeNames.Builder names = TypeNames.builder();
    for (EntityType<?, ?, ?, ?> type : types) {
      type.types().all().forEach((name, record) -> names.add(record, name));
    }
    names.add(MessageForm.Delivery.class);
    names.add(MessageForm.Answer.class);
    names.add(MessageForm.Refusal.class);
    names.add(SnapshotForm.class);
    TypeNames all = names.build();
    return new EntityCodecs(
        types,
        EventCodec.sealed(all, upcasters, sealer).consulting(supersessions),
        EventCodec.clear(all, upcasters),
        new CommandDigest.Of(all));
  }
}

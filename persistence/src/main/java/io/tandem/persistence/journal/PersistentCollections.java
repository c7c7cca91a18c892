package io.tandem.persistence.journal;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.ConsPStack;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.OrderedPSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.PStack;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * Reads the persistent collections that states are made of; writing them needs nothing, as they are
 * maps, sets and lists already.
 */
final class PersistentCollections extends SimpleModule {

  private static final Map<Class<?>, Function<Collection<Object>, Object>> COLLECTIONS =
      Map.of(
          PVector.class, TreePVector::from,
          TreePVector.class, TreePVector::from,
          PStack.class, ConsPStack::from,
          PSet.class, HashTreePSet::from,
          OrderedPSet.class, OrderedPSet::from,
          PSortedSet.class, PersistentCollections::sortedSet);

  private static final Map<Class<?>, Function<Map<Object, Object>, Object>> MAPS =
      Map.of(PMap.class, HashTreePMap::from, PSortedMap.class, PersistentCollections::sortedMap);

  PersistentCollections() {
    super("tandem-pcollections");
  }

  @Override
  public void setupModule(SetupContext context) {
    context.addDeserializers(new Readers());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // sorted collections hold what can be compared
  private static Object sortedSet(Collection<Object> read) {
    return TreePSet.from((Collection) read);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Object sortedMap(Map<Object, Object> read) {
    return TreePMap.from((Map) read);
  }

  private static final class Readers extends Deserializers.Base {
    @Override
    public @Nullable JsonDeserializer<?> findCollectionDeserializer(
        CollectionType type,
        DeserializationConfig config,
        BeanDescription bean,
        @Nullable TypeDeserializer elementTypes,
        @Nullable JsonDeserializer<?> elements) {
      Function<Collection<Object>, Object> make = COLLECTIONS.get(type.getRawClass());
      if (make == null) {
        return null;
      }
      JavaType plain =
          config.getTypeFactory().constructCollectionType(ArrayList.class, type.getContentType());
      return new StdDelegatingDeserializer<>(new Made<>(plain, type, make));
    }

    @Override
    public @Nullable JsonDeserializer<?> findMapDeserializer(
        MapType type,
        DeserializationConfig config,
        BeanDescription bean,
        @Nullable KeyDeserializer keys,
        @Nullable TypeDeserializer elementTypes,
        @Nullable JsonDeserializer<?> elements) {
      Function<Map<Object, Object>, Object> make = MAPS.get(type.getRawClass());
      if (make == null) {
        return null;
      }
      JavaType plain =
          config
              .getTypeFactory()
              .constructMapType(LinkedHashMap.class, type.getKeyType(), type.getContentType());
      return new StdDelegatingDeserializer<>(new Made<>(plain, type, make));
    }
  }

  /** From the plain collection that was read to the persistent one. */
  private static final class Made<P> extends StdConverter<P, Object> {
    private final JavaType plain;
    private final JavaType made;
    private final Function<P, Object> make;

    Made(JavaType plain, JavaType made, Function<P, Object> make) {
      this.plain = plain;
      this.made = made;
      this.make = make;
    }

    @Override
    public Object convert(P read) {
      return make.apply(read);
    }

    @Override
    public JavaType getInputType(TypeFactory types) {
      return plain;
    }

    @Override
    public JavaType getOutputType(TypeFactory types) {
      return made;
    }
  }
}

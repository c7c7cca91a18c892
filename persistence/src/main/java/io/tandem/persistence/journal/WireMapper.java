package io.tandem.persistence.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AccessorNamingStrategy;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.DefaultAccessorNamingStrategy;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.blackbird.BlackbirdModule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one set-up of Jackson that everything stored or sent goes through. */
final class WireMapper {

  private WireMapper() {}

  static ObjectMapper cbor(PersonalForm form) {
    // names of fields are not kept for the next reader: keys of maps are ids, each seen once, and
    // each new name copied the whole table
    CBORFactory factory =
        CBORFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();
    ObjectMapper mapper = configure(CBORMapper.builder(factory), form).build();
    form.bind(mapper);
    return mapper;
  }

  /** For people: JSON, instants as text, personal values masked. */
  static ObjectMapper json() {
    return configure(JsonMapper.builder(), new PersonalForm.Masked())
        .addModule(new JavaTimeModule())
        .build();
  }

  /** For comparing in memory: personal values by class, subject and what is left of them. */
  static ObjectMapper compared() {
    return configure(JsonMapper.builder(), new PersonalForm.Compared()).build();
  }

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B configure(
      B builder, PersonalForm form) {
    builder
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(new PersistentCollections())
        .addModule(new BlackbirdModule())
        .annotationIntrospector(new SealedNames())
        .defaultPropertyInclusion(JsonInclude.Value.ALL_ALWAYS)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(
            SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
            SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
            SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .accessorNaming(new ComponentsOnly());
    SimpleModule values = new SimpleModule("tandem-values");
    if (!(form instanceof PersonalForm.Masked)) {
      values.addSerializer(Instant.class, new TimeForms.InstantWriter());
      values.addDeserializer(Instant.class, new TimeForms.InstantReader());
      values.addSerializer(Duration.class, new TimeForms.DurationWriter());
      values.addDeserializer(Duration.class, new TimeForms.DurationReader());
    }
    values.addSerializer(Personal.class, new PersonalForm.Writer(form));
    values.addDeserializer(Personal.class, new PersonalForm.Reader(form, null));
    return builder.addModule(values);
  }

  /** Where in the record it went wrong, without the values Jackson likes to quote. */
  static String describe(Throwable failure) {
    if (failure instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      StringBuilder path = new StringBuilder(failure.getClass().getSimpleName()).append(" at ");
      for (JsonMappingException.Reference step : mapping.getPath()) {
        path.append('/')
            .append(step.getFieldName() != null ? step.getFieldName() : step.getIndex());
      }
      return path.toString();
    }
    return failure.getClass().getSimpleName();
  }

  /** A record's components and nothing else: what it derives ({@code isOpen()}) is not stored. */
  private static final class ComponentsOnly extends DefaultAccessorNamingStrategy.Provider {
    @Override
    public AccessorNamingStrategy forRecord(MapperConfig<?> config, AnnotatedClass record) {
      return new DefaultAccessorNamingStrategy.RecordNaming(config, record) {
        @Override
        public @Nullable String findNameForRegularGetter(AnnotatedMethod method, String name) {
          return _fieldNames.contains(name) ? name : null;
        }

        @Override
        public @Nullable String findNameForIsGetter(AnnotatedMethod method, String name) {
          return findNameForRegularGetter(method, name);
        }
      };
    }
  }

  /**
   * The permitted records of a sealed type by their {@link JsonTypeName}: no second list to keep.
   */
  private static final class SealedNames extends JacksonAnnotationIntrospector {
    @Override
    public List<NamedType> findSubtypes(Annotated type) {
      List<NamedType> named = new ArrayList<>();
      collect(type.getRawType(), named);
      return named.isEmpty() ? super.findSubtypes(type) : named;
    }

    private static void collect(Class<?> type, List<NamedType> into) {
      if (!type.isSealed()) {
        return;
      }
      for (Class<?> each : type.getPermittedSubclasses()) {
        JsonTypeName name = each.getAnnotation(JsonTypeName.class);
        if (name != null) {
          into.add(new NamedType(each, name.value()));
        }
        collect(each, into);
      }
    }
  }
}

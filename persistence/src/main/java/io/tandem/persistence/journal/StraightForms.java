package io.tandem.persistence.journal;

import io.tandem.persistence.journal.cbor.RecordReading;
import io.tandem.persistence.journal.cbor.RecordWriting;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the values that have a form of their own here are read straight from stored bytes and written
 * straight to them: instants and durations as integers, personal values as the codec's form has
 * them.
 */
record StraightForms(PersonalForm form) implements RecordReading.Leaves, RecordWriting.Leaves {

  @Override
  public RecordReading.@Nullable Reading of(Class<?> raw, Type type) {
    if (raw == Instant.class) {
      return in -> TimeForms.ofMicros(in.number());
    }
    if (raw == Duration.class) {
      return in -> Duration.ofNanos(in.number());
    }
    return raw == Personal.class && type instanceof ParameterizedType personal
        ? form.straight(personal.getActualTypeArguments()[0])
        : null;
  }

  @Override
  public RecordWriting.@Nullable Writing written(Class<?> raw, Type type) {
    if (raw == Instant.class) {
      return (out, value) -> TimeForms.write(out, (Instant) value);
    }
    if (raw == Duration.class) {
      return (out, value) -> TimeForms.write(out, (Duration) value);
    }
    return raw == Personal.class
            && type instanceof ParameterizedType personal
            && personal.getActualTypeArguments()[0] == String.class
        ? (out, value) -> form.write((Personal<?>) value, out)
        : null;
  }
}

package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import io.tandem.persistence.journal.cbor.CborPen;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Instants as whole microseconds since 1970 and durations as nanoseconds, both as integers; what
 * does not fit such an integer exactly is written as ISO text, so that nothing is ever rounded on
 * the way to disk and a replay sees what the decision saw.
 */
final class TimeForms {

  private static final long MICROS_A_SECOND = 1_000_000;
  private static final long MAX_SECONDS = Long.MAX_VALUE / MICROS_A_SECOND - 1;
  private static final long MAX_DURATION_SECONDS = Long.MAX_VALUE / 1_000_000_000 - 1;

  private TimeForms() {}

  /** Whole microseconds since 1970, rounded down. */
  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_A_SECOND), instant.getNano() / 1_000);
  }

  static Instant ofMicros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_A_SECOND), Math.floorMod(micros, MICROS_A_SECOND) * 1_000);
  }

  /** Whether so many microseconds are an instant that comes out the same again. */
  static boolean isMicros(long micros) {
    return micros / MICROS_A_SECOND < MAX_SECONDS && micros / MICROS_A_SECOND > -MAX_SECONDS;
  }

  /**
   * The same instant to the microsecond.
   *
   * @throws ArithmeticException where it is so far away that a long does not hold its microseconds
   */
  static Instant toMicros(Instant instant) {
    long micros = micros(instant);
    return instant.getNano() % 1_000 == 0 ? instant : ofMicros(micros);
  }

  /** As {@link InstantWriter} writes it. */
  static void write(CborPen out, Instant value) {
    if (fits(value)) {
      out.number(micros(value));
    } else {
      out.text(value.toString());
    }
  }

  /** As {@link DurationWriter} writes it. */
  static void write(CborPen out, Duration value) {
    if (fits(value)) {
      out.number(value.toNanos());
    } else {
      out.text(value.toString());
    }
  }

  private static boolean fits(Instant value) {
    return value.getNano() % 1_000 == 0 && Math.abs(value.getEpochSecond()) < MAX_SECONDS;
  }

  private static boolean fits(Duration value) {
    return Math.abs(value.getSeconds()) < MAX_DURATION_SECONDS;
  }

  static final class InstantWriter extends StdScalarSerializer<Instant> {
    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      if (fits(value)) {
        out.writeNumber(micros(value));
      } else {
        out.writeString(value.toString());
      }
    }
  }

  static final class InstantReader extends StdScalarDeserializer<Instant> {
    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.currentToken() == JsonToken.VALUE_NUMBER_INT
          ? ofMicros(in.getLongValue())
          : Instant.parse(in.getText());
    }
  }

  static final class DurationWriter extends StdScalarSerializer<Duration> {
    DurationWriter() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      if (fits(value)) {
        out.writeNumber(value.toNanos());
      } else {
        out.writeString(value.toString());
      }
    }
  }

  static final class DurationReader extends StdScalarDeserializer<Duration> {
    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.currentToken() == JsonToken.VALUE_NUMBER_INT
          ? Duration.ofNanos(in.getLongValue())
          : Duration.parse(in.getText());
    }
  }
}

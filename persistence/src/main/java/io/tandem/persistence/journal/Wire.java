package io.tandem.persistence.journal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The wire name of a record, {@code @Wire("wallet.held/1")}; read by {@link TypeNames}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Wire {
  /** {@code name/version} as {@link WireName#parse} reads it. */
  String value();
}

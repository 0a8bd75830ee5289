package io.continuo.scenarios.language;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the figure of seed 003 that a scenario plays; it heads the ladder that is written.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Figure {
  String value();
}

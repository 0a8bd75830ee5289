package io.continuo.scenarios.language;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Settings of the server under test that differ from the scenario defaults, as in
/// `@Configured("session.group-bye=ends-session")`. A method's are added to its class's.
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Configured {
  /// `key=value`.
  String[] value();
}

package io.continuo.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the section of a specification that a test shows, as in `@Spec("RFC 4975 §7.3.1")`. The
/// conformance table in `server/docs/conformance.md` is made of these.
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Spec.All.class)
public @interface Spec {
  /// The document and section: `RFC nnnn §x.y`, `OMA CPM 2.2 §x`, `TS 24.229 §x`, or `wire: topic`
  /// of our own profile.
  String value();

  /// Holds repeated annotations.
  @Target({ElementType.METHOD, ElementType.TYPE})
  @Retention(RetentionPolicy.RUNTIME)
  @interface All {
    Spec[] value();
  }
}

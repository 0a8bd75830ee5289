package io.continuo.sip.jain;

import java.text.ParseException;

/// A mandatory field that cannot be read. Its message is the field's name and nothing of the peer's
/// text, so that it may stand in a reason phrase.
final class MalformedField extends ParseException {
  private static final long serialVersionUID = 1;

  MalformedField(String field) {
    super(field, 0);
  }
}

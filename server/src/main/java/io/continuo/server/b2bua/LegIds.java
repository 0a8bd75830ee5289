package io.continuo.server.b2bua;

import io.continuo.server.identity.LegId;

/// Where new leg ids come from: 128 random bits each, from outside, so that the session itself
/// stays predictable.
@FunctionalInterface
public interface LegIds {
  LegId next();
}

package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.SipStackImpl;
import io.continuo.sip.SipEndpoint;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// What an endpoint holds: our own tables by what they say of themselves, and by reflection every
/// map and collection that JAIN-SIP's stack has a field for, and its timer. Some of those hold
/// configuration, so they are compared with what they held at rest.
final class Tables {
  private static final Duration STEP = Duration.ofMillis(100);

  private final SipEndpoint endpoint;
  private final Map<String, Integer> atRest;

  private Tables(SipEndpoint endpoint) {
    this.endpoint = endpoint;
    this.atRest = sizes();
  }

  /// Before anything came.
  static Tables atRest(SipEndpoint endpoint) {
    return new Tables(endpoint);
  }

  /// Names with sizes, of those that hold more than at rest.
  Map<String, Integer> more() {
    Map<String, Integer> more = sizes();
    more.entrySet().removeIf(now -> now.getValue() <= atRest.getOrDefault(now.getKey(), 0));
    return more;
  }

  /// Looks as often as the limit has steps, with a step between two looks: where the machine stalls
  /// that takes longer, as do the timers that it waits for.
  void awaitRest(Duration limit) throws InterruptedException {
    for (long looks = limit.dividedBy(STEP); looks > 0 && !more().isEmpty(); looks--) {
      Thread.sleep(STEP);
    }
    assertThat(more()).as("more than at rest").isEmpty();
  }

  private Map<String, Integer> sizes() {
    JainSipEndpoint ours = (JainSipEndpoint) endpoint;
    Map<String, Integer> sizes = new TreeMap<>(ours.held());
    collections("stack", ours.stack(), sizes);
    collections("provider", ours.stack().getSipProviders().next(), sizes);
    sizes.put("stack timers", timers(ours.stack()));
    return sizes;
  }

  private static void collections(String owner, Object holder, Map<String, Integer> sizes) {
    for (Class<?> type = holder.getClass(); type != Object.class; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        int size =
            switch (value(field, holder)) {
              case Map<?, ?> map -> map.size();
              case Collection<?> collection -> collection.size();
              case null, default -> 0;
            };
        sizes.put(owner + " " + field.getName(), size);
      }
    }
  }

  /// Of `java.util.Timer`, which cannot be looked into, only that there is no second thread; of an
  /// executor its queue.
  private static int timers(SipStackImpl stack) {
    Object timer = stack.getTimer();
    for (Field field : timer.getClass().getDeclaredFields()) {
      if (value(field, timer) instanceof ScheduledThreadPoolExecutor executor) {
        return executor.getQueue().size();
      }
    }
    return 0;
  }

  private static Object value(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException closed) {
      throw new AssertionError(closed);
    }
  }
}

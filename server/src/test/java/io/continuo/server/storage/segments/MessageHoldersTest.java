package io.continuo.server.storage.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.identity.ConversationId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageHoldersTest {
  private static final ConversationId ONE = new ConversationId("g-one");
  private static final ConversationId TWO = new ConversationId("g-two");

  @Test
  void everyHolderOfAKeyIsFoundOnce() {
    MessageHolders holders = new MessageHolders(100);
    holders.add(7, ONE);
    holders.add(7, TWO);
    holders.add(7, ONE);

    assertThat(holders.of(7)).containsExactlyInAnyOrder(ONE, TWO);
    assertThat(holders.of(8)).isEmpty();
  }

  @Test
  void theNewestHalfIsRememberedAtLeastAndTheLimitAtMost() {
    int limit = 1000;
    MessageHolders holders = new MessageHolders(limit);
    for (long key = 0; key < 10_000; key++) {
      holders.add(key, ONE);
      assertThat(holders.of(Math.max(0, key - limit / 2 + 1))).containsExactly(ONE);
      assertThat(holders.of(key - limit)).isEmpty();
    }
  }

  @Test
  void keysThatFallIntoOneSlotDoNotMix() {
    Random random = new Random(5);
    MessageHolders holders = new MessageHolders(1 << 20);
    Map<Long, Set<ConversationId>> model = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      long key = (long) random.nextInt(2000) << random.nextInt(40);
      ConversationId holder = new ConversationId("g-" + random.nextInt(5));
      holders.add(key, holder);
      model.computeIfAbsent(key, _ -> new HashSet<>()).add(holder);
    }

    model.forEach((key, expected) -> assertThat(holders.of(key)).isEqualTo(expected));
  }
}

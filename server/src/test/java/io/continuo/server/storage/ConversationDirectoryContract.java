package io.continuo.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.ConversationDirectory.Known;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What every [ConversationDirectory] does.
public interface ConversationDirectoryContract {
  AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");
  AddressOfRecord CAROL = AddressOfRecord.of("sip:carol@continuo.test");
  ConversationId PAIR = ConversationId.between(ALICE, BOB);
  ConversationId GROUP = ConversationId.group(new UUID(0, 1));

  ConversationDirectory conversations() throws StoreUnavailable;

  @Test
  default void aKeptConversationIsFound() throws StoreUnavailable {
    conversations().keep(PAIR, false, List.of(BOB, ALICE));

    assertThat(conversations().find(PAIR)).contains(new Known(PAIR, false, List.of(BOB, ALICE)));
    assertThat(conversations().find(GROUP)).isEmpty();
  }

  @Test
  default void keepingAgainAddsParticipants() throws StoreUnavailable {
    conversations().keep(GROUP, true, List.of(ALICE, BOB));

    conversations().keep(GROUP, true, List.of(BOB, CAROL));

    assertThat(conversations().find(GROUP))
        .contains(new Known(GROUP, true, List.of(ALICE, BOB, CAROL)));
  }

  @Test
  default void conversationsOfASubscriberComeLatestKeptFirst() throws StoreUnavailable {
    conversations().keep(PAIR, false, List.of(ALICE, BOB));
    conversations().keep(GROUP, true, List.of(ALICE, CAROL));
    assertThat(conversations().of(ALICE)).containsExactly(GROUP, PAIR);

    conversations().keep(PAIR, false, List.of());

    assertThat(conversations().of(ALICE)).containsExactly(PAIR, GROUP);
    assertThat(conversations().of(BOB)).containsExactly(PAIR);
  }

  @Test
  default void manyAreKeptAtOnce() throws StoreUnavailable {
    conversations().keep(GROUP, true, List.of(BOB));

    conversations()
        .keep(
            List.of(
                new Known(PAIR, false, List.of(ALICE, BOB)),
                new Known(GROUP, true, List.of(ALICE, BOB))));

    assertThat(conversations().find(PAIR)).contains(new Known(PAIR, false, List.of(ALICE, BOB)));
    assertThat(conversations().find(GROUP)).contains(new Known(GROUP, true, List.of(BOB, ALICE)));
  }

  @Test
  default void whatIsNotKeptIsUnknown() throws StoreUnavailable {
    ConversationId never = ConversationId.group(new UUID(0, 2));
    conversations().keep(GROUP, true, List.of(ALICE, BOB));

    assertThat(conversations().unknown(List.of(PAIR, GROUP, never))).containsExactly(PAIR, never);
    assertThat(conversations().unknown(List.of())).isEmpty();
  }

  @Test
  default void namesAreKeptInOrderAndOnce() throws StoreUnavailable {
    conversations().alias(PAIR, "contribution-2");
    conversations().alias(PAIR, "contribution-1");
    conversations().alias(PAIR, "contribution-2");
    conversations().alias(GROUP, "contribution-1");

    assertThat(conversations().aliases(PAIR)).containsExactly("contribution-2", "contribution-1");
    assertThat(conversations().aliases(GROUP)).containsExactly("contribution-1");
  }

  @Test
  default void aForgottenConversationLeavesNothing() throws StoreUnavailable {
    conversations().keep(PAIR, false, List.of(ALICE, BOB));
    conversations().alias(PAIR, "contribution-1");

    conversations().forget(PAIR);

    assertThat(conversations().find(PAIR)).isEmpty();
    assertThat(conversations().of(ALICE)).isEmpty();
    assertThat(conversations().aliases(PAIR)).isEmpty();
  }
}

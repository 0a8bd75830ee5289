package io.continuo.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.configuration.SessionSettings.Retention;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.runtime.ChatOnFakes.Said;
import io.continuo.server.runtime.MemoryStore.Failing;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Conversations at work on a store that is slow, or fails, at the worst moment.
class ConversationsTest {
  private final MemoryStore store = new MemoryStore();
  private ChatOnFakes chat = new ChatOnFakes(Retention.DISCARD, store);

  @AfterEach
  void stop() {
    store.releaseCommits();
    store.releaseKeeping();
    chat.close();
    store.log().close();
  }

  private void restart(Retention retention) {
    chat.close();
    chat = new ChatOnFakes(retention, store);
  }

  @Test
  void whatWasSaidIsDiscardedWhenTheSessionEnds() {
    LegId alice = chat.established();
    assertThat(chat.send(alice, "hi").join()).isEqualTo(new SubmitResult.Accepted());

    chat.bye(alice, ByeReason.USER_LEAVES);
    chat.hears(Said.Ended.class);

    assertThat(chat.send(chat.established(), "hi").join())
        .as("the same message is new: the one before is forgotten")
        .isEqualTo(new SubmitResult.Accepted());
  }

  @Test
  void aDeviceThatAllLeaveAloneIsInvitedForAMessageWhenThatIsOver() {
    LegId alice = chat.established();
    chat.bye(chat.bob, ByeReason.NONE);
    chat.awaitGone(chat.bob);
    chat.bobIsLeftAlone = true;

    assertThat(chat.send(alice, "hi").join()).isEqualTo(new SubmitResult.Accepted());
    chat.barrier(alice);
    assertThat(chat.unheard()).doesNotHaveAnyElementsOfTypes(Said.Invited.class);

    chat.bobIsLeftAlone = false;
    assertThat(chat.hears(Said.Invited.class).invitation().device()).isEqualTo(chat.bobPhone);
  }

  @Test
  void whatIsSaidBetweenTheEndAndTheErasureIsKept() {
    LegId alice = chat.established();
    store.holdCommits();
    CompletableFuture<SubmitResult> first = chat.send(alice, "said before the end");
    chat.bye(alice, ByeReason.USER_LEAVES);
    LegId again = chat.invite(ConversationHeaders.NONE);
    chat.hears(Said.Invited.class);
    CompletableFuture<SubmitResult> second = chat.send(again, "said after the end");

    store.releaseCommits();

    assertThat(first.join()).isEqualTo(new SubmitResult.Accepted());
    assertThat(second.join()).isEqualTo(new SubmitResult.Accepted());
    chat.barrier(again);
    assertThat(store.conversations()).as("not erased under who came back").hasSize(1);
  }

  @Test
  void nobodyIsToldOfAMessageBeforeItIsStored() {
    LegId alice = chat.established();
    store.holdCommits();

    CompletableFuture<SubmitResult> answer = chat.send(alice, "hi");
    // Two turns of the conversation's loop: what the message's own turn left to do is done.
    for (int turn = 1; turn <= 2; turn++) {
      chat.invite(ConversationHeaders.NONE);
      chat.hears(Said.Answered.class);
    }
    assertThat(answer).as("the sender's answer").isNotDone();

    store.releaseCommits();
    assertThat(answer.join()).isEqualTo(new SubmitResult.Accepted());
    assertThat(chat.hears(Said.Sent.class).body()).endsWith("hi");
  }

  @Test
  @Spec("RFC 3264 §8.4")
  void aDeviceOnHoldGetsWhatWasSaidOnceItTakesMessagesAgain() {
    LegId alice = chat.established();
    chat.directs(chat.bob, false);
    chat.send(alice, "one").join();
    chat.drops(chat.bob);
    chat.binds(chat.bob); // The hold is the leg's, not the connection's.
    chat.send(alice, "two").join();
    chat.barrier(alice);
    assertThat(chat.unheard()).noneMatch(Said.Sent.class::isInstance);

    chat.directs(chat.bob, true);

    assertThat(chat.hears(Said.Sent.class).body()).endsWith("one");
    assertThat(chat.hears(Said.Sent.class).body()).endsWith("two");
  }

  @Test
  @Spec("RFC 7332 §4")
  void aCopyOfAMessageMayGoOnceLessFarAndOneThatWasKeptAsFarAsAny() {
    restart(Retention.KEEP);
    chat.bobsChannel = ChannelKind.PAGER;
    chat.maxForwards = 9;
    chat.pagesAnonymously("one").join();
    Said.Paged copy = chat.hears(Said.Paged.class);
    assertThat(copy.maxForwards()).isEqualTo(8);

    restart(Retention.KEEP);
    chat.bobsChannel = ChannelKind.PAGER;
    chat.bobIsReachable();
    Said.Paged kept = chat.hears(Said.Paged.class);
    assertThat(kept.sequence()).isEqualTo(copy.sequence());
    assertThat(kept.maxForwards()).isEqualTo(70);
  }

  @Test
  @Spec("RFC 3323 §4.2")
  void whoAskedForPrivacyInAMessageIsNotNamedByInvitesEither() {
    restart(Retention.KEEP);
    chat.pagesAnonymously("guess who").join();
    assertThat(chat.hears(Said.Invited.class).invitation().anonymous()).isTrue();

    restart(Retention.KEEP);
    chat.bobIsReachable();
    assertThat(chat.hears(Said.Invited.class).invitation().anonymous())
        .as("after a restart")
        .isTrue();
  }

  @Test
  void aConversationThatCannotBeReadTakesNothingAndIsReadAnew() {
    restart(Retention.KEEP);
    LegId alice = chat.established();
    chat.send(alice, "hi").join();
    restart(Retention.KEEP);
    store.failing(Failing.READING);

    LegId refused = chat.invite(ConversationHeaders.NONE);
    assertThat(chat.hears(Said.Refused.class)).isEqualTo(new Said.Refused(refused, 503));

    store.failing();
    chat.invite(ConversationHeaders.NONE);
    LegId bob = chat.accept();
    Said.Sent sent = chat.hears(Said.Sent.class);
    assertThat(sent.leg()).isEqualTo(bob);
    assertThat(sent.sequence()).isEqualTo(2);
    assertThat(sent.body()).endsWith("hi");
  }

  @Test
  void anInviteIsRefusedWhenItsConversationCannotBeKept() {
    store.holdKeeping();
    LegId alice = chat.invite(ConversationHeaders.NONE);
    store.failing(Failing.KEEPING);
    store.releaseKeeping();

    assertThat(chat.hears(Said.Refused.class)).isEqualTo(new Said.Refused(alice, 503));
  }

  @Test
  void stepsWaitForASlowStoreInTheirOrder() {
    store.holdKeeping();
    LegId alice = chat.invite(ConversationHeaders.NONE);
    LegId anew = chat.invite(ConversationHeaders.NONE);

    store.releaseKeeping();

    assertThat(chat.hears(Said.Invited.class)).isNotNull();
    assertThat(chat.hears(Said.Refused.class).leg()).as("replaced by the later").isEqualTo(alice);
    chat.barrier(anew);
  }

  @Test
  @Spec("wire: BYE scopes")
  void aMessageThatCrossesADevicesByeBringsTheDeviceBackOnce() {
    LegId alice = chat.established();
    chat.drops(chat.bob);
    chat.send(alice, "are you there").join();
    chat.bye(chat.bob, ByeReason.NONE);

    LegId again = chat.accept();
    Said.Sent sent = chat.hears(Said.Sent.class);
    assertThat(sent.leg()).isEqualTo(again);
    assertThat(sent.body()).endsWith("are you there");

    chat.bye(again, ByeReason.NONE);
    chat.awaitGone(again);
    chat.barrier(alice);
    assertThat(chat.unheard()).as("not invited for ever").noneMatch(Said.Invited.class::isInstance);
  }

  @Test
  void anAnswerThatItsByeOvertookIsStillTaken() {
    LegId alice = chat.established();
    chat.send(alice, "good night").join();
    Said.Sent copy = chat.hears(Said.Sent.class);

    chat.bye(chat.bob, ByeReason.NONE);
    chat.takes(copy);

    chat.awaitGone(chat.bob);
    chat.barrier(alice);
    assertThat(chat.unheard()).noneMatch(Said.Invited.class::isInstance);
  }

  @Test
  @Spec("OMA CPM 2.2 §7.2")
  void theIdsThatAClientGaveTheChatGoToEveryDeviceAndBack() {
    ConversationHeaders given =
        new ConversationHeaders(Optional.of("c-1"), Optional.of("s-1"), Optional.of("s-0"));

    chat.invite(given);

    assertThat(chat.hears(Said.Invited.class).invitation().headers()).isEqualTo(given);
  }

  @Test
  @Spec("OMA CPM 2.2 §7.2")
  void aChatWithoutIdsGetsItsOwnAndKeepsItsConversationIdOverARestart() {
    restart(Retention.KEEP);
    LegId alice = chat.invite(ConversationHeaders.NONE);
    ConversationHeaders first = chat.hears(Said.Invited.class).invitation().headers();
    assertThat(first.conversationId().map(UUID::fromString)).isPresent();
    assertThat(first.contributionId().map(UUID::fromString)).isPresent();
    chat.barrier(alice);
    restart(Retention.KEEP);

    chat.invite(ConversationHeaders.NONE);

    ConversationHeaders second = chat.hears(Said.Invited.class).invitation().headers();
    assertThat(second.conversationId()).isEqualTo(first.conversationId());
    assertThat(second.contributionId()).isNotEqualTo(first.contributionId());
  }
}

package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two users invite each other at the same time: it becomes one conversation.
@ExtendWith(Scenario.class)
class GlareIT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("wire: glare")
  void invitationsThatCrossBecomeOneConversation() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.isInvited();

    bob.phone.invites(alice);

    bob.phone.isCancelled();
    alice.phone.isInTheChat();
    bob.phone.isInTheChat();
    theyTalkOnce();
  }

  @Test
  @Spec("wire: glare")
  void invitationsOfTheSameMomentBecomeOneConversation() {
    alice.phone.registers();
    bob.phone.registers();

    CompletableFuture<Void> one = CompletableFuture.runAsync(() -> alice.phone.invites(bob));
    CompletableFuture<Void> two = CompletableFuture.runAsync(() -> bob.phone.invites(alice));
    CompletableFuture.allOf(one, two).join();

    alice.phone.isInTheChat();
    bob.phone.isInTheChat();
    theyTalkOnce();
    alice.phone.forgetsCrossedInvitations();
    bob.phone.forgetsCrossedInvitations();
  }

  private void theyTalkOnce() {
    alice.phone.sends("from alice");
    bob.phone.receives("from alice").from(alice).once();
    bob.phone.sends("from bob");
    alice.phone.receives("from bob").from(bob).once();
  }
}

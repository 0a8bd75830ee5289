package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Session timers (RFC 4028) of six seconds on the leg of an invited device, played by SIPp: the
/// server refreshes after three seconds, and gives up after four.
class SippSessionTimerIT {
  @RegisterExtension final SippTest sipp = new SippTest();

  private SippChat chat() throws IOException {
    return sipp.starts(
        setup -> setup.with("session.expires", "6s").with("session.min-expires", "3s"));
  }

  private static SippDevice alice(SippChat chat) throws IOException {
    SippDevice alice = chat.device(SippChat.ALICE);
    alice.invites(SippChat.BOB).isAnswered();
    return alice;
  }

  @Test
  @Spec("RFC 4028 §7.4")
  @Spec("RFC 3311 §5.1")
  void aDeviceThatAllowsUpdateIsRefreshedByIt() throws IOException {
    SippChat chat = chat();
    SippRun device = chat.registered(SippChat.BOB, 1).getFirst().isRefreshedByUpdate();
    alice(chat);

    device.succeeds();
  }

  @Test
  @Spec("wire: signalling")
  @Spec("RFC 4028 §7.4")
  void aDeviceThatAnswers405IsThereAndRefreshedAgain() throws IOException {
    SippChat chat = chat();
    SippRun device = chat.registered(SippChat.BOB, 1).getFirst().refusesItsRefresh();
    alice(chat);

    device.succeeds();
  }

  @Test
  @Spec("RFC 4028 §10")
  void aDeviceThatKnowsNoDialogIsInvitedForTheNextMessage() throws IOException {
    SippChat chat = chat();
    SippDevice bob = chat.registered(SippChat.BOB, 1).getFirst();
    SippRun forgot = bob.forgotItsDialog();
    SippDevice alice = alice(chat);
    forgot.succeeds();

    SippRun again = bob.accepts();
    assertThat(alice.says("are you back?")).isEqualTo(200);
    again.received("INVITE", 1);
  }

  @Test
  @Spec("wire: signalling")
  @Spec("RFC 4028 §10")
  void aDeviceThatDoesNotAnswerIsHungUpAndInvitedForTheNextMessage() throws IOException {
    SippChat chat = chat();
    SippDevice bob = chat.registered(SippChat.BOB, 1).getFirst();
    SippRun silent = bob.ignoresItsRefresh();
    SippDevice alice = alice(chat);
    silent.succeeds();

    SippRun again = bob.accepts();
    assertThat(alice.says("are you back?")).isEqualTo(200);
    again.received("INVITE", 1);
  }
}
